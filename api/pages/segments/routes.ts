/** `/segments` and the models' reports. */
import { readerFor, type App } from "../../routes/environment.ts";
import { reportPage } from "./report-page.tsx";
import { segmentsPage } from "./segments-page.tsx";

export const segmentPageRoutes = (app: App): void => {
  app.get("/segments", async (c) => {
    // a page of a model at work looks again by itself, without script too
    if (c.var.services.mining.running()) c.header("Refresh", "3");
    return c.html(await segmentsPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services));
  });
  app.post("/segments/models/:name/mine", (c) => {
    c.var.services.mining.start(c.req.param("name"));
    return c.redirect(`/segments#model-${encodeURIComponent(c.req.param("name"))}`, 303);
  });
  app.get("/segments/models/:name", async (c) => c.html(await reportPage(c.req.param("name"), readerFor(c), c.var.services)));
};
