/** `/segments` and the models' reports. */
import { TesseraError } from "../../../engine/errors/index.ts";
import { exportList } from "../../../etl/index.ts";
import { audienceOfRule } from "../../services/rule-audience.ts";
import { readerFor, type App } from "../../http/environment.ts";
import { reportPage } from "./report-page.tsx";
import { segmentsPage } from "./segments-page.tsx";

export const segmentPageRoutes = (app: App): void => {
  app.get("/segments", async (c) => {
    // the page of a running model reloads by itself, without script too
    if (c.var.services.mining.running()) c.header("Refresh", "3");
    return c.html(await segmentsPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services));
  });
  app.post("/segments/models/:name/mine", (c) => {
    c.var.services.mining.start(c.req.param("name"));
    return c.redirect(`/segments#model-${encodeURIComponent(c.req.param("name"))}`, 303);
  });
  app.post("/segments/models/:name/rules", async (c) => {
    const { project, clock } = c.var.services;
    const { number, to } = await c.req.parseBody();
    if (typeof number !== "string" || !/^\d{1,5}$/.test(number) || typeof to !== "string")
      throw new TesseraError("bad-request", "the rule or the destination is missing", { remedy: "choose both" });
    const { rule, filter } = await audienceOfRule(c.req.param("name"), Number(number), readerFor(c), c.var.services);
    const list = await exportList(project, {
      audience: { measures: [], filters: [filter] },
      what: rule,
      to,
      by: "page",
      now: clock,
    });
    return c.redirect(`/lists/${encodeURIComponent(list.id)}`, 303);
  });
  app.get("/segments/models/:name/rules", (c) => {
    const number = c.req.query("number") ?? "";
    if (!/^\d{1,5}$/.test(number))
      throw new TesseraError("bad-request", "the rule is missing", { remedy: "choose a rule" });
    return c.redirect(`/v1/models/${encodeURIComponent(c.req.param("name"))}/rules/${number}/audience?format=csv`, 303);
  });
  app.get("/segments/models/:name", async (c) =>
    c.html(await reportPage(c.req.param("name"), readerFor(c), c.var.services)),
  );
};
