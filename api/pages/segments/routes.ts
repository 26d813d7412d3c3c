/** `/segments` and the models' reports. */
import { readerFor, type App } from "../../routes/environment.ts";
import { reportPage } from "./report-page.tsx";
import { segmentsPage } from "./segments-page.tsx";

export const segmentPageRoutes = (app: App): void => {
  app.get("/segments", async (c) => c.html(await segmentsPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services)));
  app.get("/segments/models/:name", async (c) => c.html(await reportPage(c.req.param("name"), readerFor(c), c.var.services)));
};
