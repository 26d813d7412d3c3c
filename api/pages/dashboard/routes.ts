/** `/` and `/dashboards/{name}`. */
import { TesseraError, didYouMean, phrase } from "../../../engine/errors/index.ts";
import { readerFor, type App } from "../../http/environment.ts";
import { emptyPage } from "../empty-page.tsx";
import { dashboardPage } from "./dashboard-page.tsx";

export const dashboardRoutes = (app: App): void => {
  app.get("/", async (c) => {
    const { services } = c.var;
    const first = services.project.spec.dashboards?.[0];
    if (!first) return c.html(await emptyPage(services));
    return c.html(await dashboardPage(first, "/", new URL(c.req.url).searchParams, readerFor(c), services, true));
  });
  app.get("/dashboards/:name", async (c) => {
    const { services } = c.var;
    const all = services.project.spec.dashboards ?? [];
    const name = c.req.param("name");
    const found = all.find((each) => each.name === name);
    if (!found) {
      const names = all.map((each) => each.name);
      const message = phrase`dashboard "${name.slice(0, 80)}" not found${didYouMean(name, names)}`;
      throw new TesseraError("not-found", message, { remedy: "choose a dashboard in the navigation" });
    }
    const isFirst = found === all[0];
    const path = isFirst ? "/" : `/dashboards/${encodeURIComponent(name)}`;
    const { searchParams } = new URL(c.req.url);
    return c.html(await dashboardPage(found, path, searchParams, readerFor(c), services, isFirst));
  });
};
