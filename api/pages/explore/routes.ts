/** `/explore` and `/explore/rows`. */
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { checked, parseJson } from "../../http/body.ts";
import { readerFor, type App } from "../../http/environment.ts";
import { querySchema } from "../../schemas/query.ts";
import { ownerOf } from "../../services/catalog-index.ts";
import { cellAddress, placeOf } from "./cell-address.ts";
import { explorePage } from "./explore-page.tsx";
import { cellOf, rowsCsv, rowsPage } from "./rows-page.tsx";
import { parseState, stateHref } from "./state.ts";
import { stateOfQuery } from "./state-query.ts";
import { firstState, transition } from "./transitions.ts";

/** The outermost level of the hierarchy that most cubes share. */
const firstDimension = (catalog: CatalogView, measure: string | undefined): string | undefined => {
  const cube = catalog.cubes.find((each) => each.name === ownerOf(measure ?? ""));
  const roles = catalog.roles.filter((r) => r.kind === "dimension" && cube?.roles.includes(r.name));
  for (const role of [...roles].sort((a, b) => b.cubes.length - a.cubes.length)) {
    const level = Object.values(role.hierarchies)[0]?.[0];
    if (level) return level;
  }
  return undefined;
};

export const exploreRoutes = (app: App): void => {
  app.get("/explore", async (c) => {
    const { services } = c.var;
    const parameters = new URL(c.req.url).searchParams;
    const q = parameters.get("q");
    if (q !== null) return c.redirect(stateHref(stateOfQuery(checked(querySchema, parseJson(q, "?q"), "?q"))), 302);
    const reader = readerFor(c);
    const next = transition(parameters, reader.catalog);
    if (next) return c.redirect(stateHref(next), 302);
    let state = parseState(parameters);
    if ([...parameters.keys()].length === 0) {
      const dashboard = services.project.spec.dashboards?.[0];
      const kpi = dashboard?.tiles.find((t) => t.kind === "kpi");
      const measure = kpi?.kind === "kpi" ? kpi.measure : reader.catalog.cubes[0]?.measures[0]?.member;
      state = firstState(state, measure, firstDimension(reader.catalog, measure), dashboard?.period ?? null);
    }
    const showsAll = parameters.get("rows") === "all";
    const place = placeOf(parameters.get("at"));
    if (place !== null) return c.redirect(await cellAddress(state, place, showsAll, reader, services), 302);
    return c.html(await explorePage(state, parameters.get("pick"), showsAll, reader, services));
  });
  app.get("/explore/rows", async (c) => {
    const address = new URL(c.req.url);
    const reader = readerFor(c);
    const state = parseState(address.searchParams);
    const cell = cellOf(address.searchParams);
    const format = address.searchParams.get("format");
    if (format === "csv")
      return c.body(await rowsCsv(state, cell, reader, c.var.services), 200, {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="rows.csv"',
      });
    if (format !== null)
      throw new TesseraError("bad-request", phrase`format "${format.slice(0, 40)}" is not supported`, {
        place: "?format",
        remedy: "use csv",
      });
    return c.html(await rowsPage(state, cell, address, reader, c.var.services));
  });
};
