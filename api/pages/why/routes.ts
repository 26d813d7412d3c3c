/** `/why`. */
import { first } from "../../../engine/lookup.ts";
import { readerFor, type App } from "../../http/environment.ts";
import { whyPage } from "./why-page.tsx";
import { parseWhyState } from "./why-state.ts";

export const whyRoutes = (app: App): void => {
  app.get("/why", async (c) => {
    const reader = readerFor(c);
    const kpi = c.var.services.project.spec.dashboards?.[0]?.tiles.find((t) => t.kind === "kpi");
    const fallback = kpi?.kind === "kpi" ? kpi.measure : first(first(reader.catalog.cubes).measures).member;
    return c.html(await whyPage(parseWhyState(new URL(c.req.url).searchParams, fallback), reader, c.var.services));
  });
};
