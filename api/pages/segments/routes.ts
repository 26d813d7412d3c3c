/** `/segments` and the models' reports. */
import { TesseraError } from "../../../engine/errors/index.ts";
import { exportList } from "../../../etl/index.ts";
import { audienceOfRule } from "../../services/rule-audience.ts";
import { readerFor, type App } from "../../http/environment.ts";
import { destinationTitle } from "../lists/destination-title.ts";
import { irreversible } from "../parts/consent.tsx";
import { reportPage } from "./report-page.tsx";
import { segmentsPage } from "./segments-page.tsx";

/** @throws TesseraError `bad-request` unless both are chosen */
const chosenIn = (form: URLSearchParams): { readonly number: number; readonly to: string } => {
  const number = form.get("number") ?? "";
  const to = form.get("to");
  if (!/^\d{1,5}$/.test(number) || to === null)
    throw new TesseraError("bad-request", "the rule or the destination is missing", { remedy: "choose both" });
  return { number: Number(number), to };
};

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
  irreversible(app, {
    path: "/segments/models/:name/rules",
    active: "/segments",
    question: async (c, form) => {
      const { project, words } = c.var.services;
      const { number, to } = chosenIn(form);
      const name = c.req.param("name") ?? "";
      const { rule } = await audienceOfRule(name, number, readerFor(c), c.var.services);
      return {
        title: words.lists.createQuestion(rule, destinationTitle(project.spec, to)),
        effect: words.lists.createEffect,
        confirm: words.lists.create,
        back: `/segments/models/${encodeURIComponent(name)}`,
      };
    },
    change: async (c, form) => {
      const { project, clock } = c.var.services;
      const { number, to } = chosenIn(form);
      const { rule, filter } = await audienceOfRule(c.req.param("name") ?? "", number, readerFor(c), c.var.services);
      const list = await exportList(project, {
        audience: { measures: [], filters: [filter] },
        what: rule,
        to,
        by: "page",
        now: clock,
      });
      return `/lists/${encodeURIComponent(list.id)}`;
    },
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
