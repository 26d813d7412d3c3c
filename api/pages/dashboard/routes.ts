/** `/` and `/dashboards/{name}`. */
import { TesseraError, didYouMean, phrase } from "../../../engine/errors/index.ts";
import type { App } from "../../routes/environment.ts";
import { readerFor } from "../../routes/environment.ts";
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
    const found = all.find((d) => d.name === name);
    if (!found)
      throw new TesseraError(
        "not-found",
        phrase`there is no dashboard ${name.slice(0, 80)}${didYouMean(
          name,
          all.map((d) => d.name),
        )}`,
        { remedy: "the navigation lists the dashboards there are" },
      );
    const path = found === all[0] ? "/" : `/dashboards/${encodeURIComponent(name)}`;
    return c.html(
      await dashboardPage(found, path, new URL(c.req.url).searchParams, readerFor(c), services, found === all[0]),
    );
  });
};
