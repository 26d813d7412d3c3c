/** Everything that a model can be asked, question by question. */
import type { Catalog } from "../../engine/model/catalog.ts";
import type { Dashboard, Goal } from "../../engine/model/declarations.ts";
import type { Query } from "../../engine/model/query.ts";

/** One question for each member, so that each problem has its own place. */
export function questions(
  catalog: Catalog,
  dashboards: readonly Dashboard[],
  goals: readonly Goal[],
): { place: string; query: Query }[] {
  const all: { place: string; query: Query }[] = [];
  for (const cube of catalog.cubes.values()) {
    const any = [...cube.measures.values()].find((m) => m.spec.kind === "aggregate");
    for (const measure of cube.measures.values())
      all.push({ place: measure.member, query: { measures: [measure.member], limit: 1 } });
    if (!any) continue;
    for (const [name] of cube.attributes)
      all.push({
        place: `${cube.name}.${name}`,
        query: { measures: [any.member], dimensions: [`${cube.name}.${name}`], limit: 1 },
      });
    for (const [role, spec] of cube.roles) {
      const dimension = catalog.dimensions.get(spec.to.name)!;
      const names = dimension.calendar ? ["day"] : [...dimension.attributes.keys()];
      for (const name of names)
        if (dimension.calendar || catalog.roles.get(role)!.cubes[0] === cube.name)
          all.push({
            place: `${role}.${name} in ${cube.name}`,
            query: { measures: [any.member], dimensions: [`${role}.${name}`], limit: 1 },
          });
    }
  }
  for (const segment of catalog.project.segments ?? []) {
    const role = [...catalog.roles.values()].find((r) => r.dimension.name === segment.over);
    const cube = role && catalog.cubes.get(role.cubes[0]!);
    const any = cube && [...cube.measures.values()].find((m) => m.spec.kind === "aggregate");
    if (any)
      all.push({
        place: `segment ${segment.name}`,
        query: { measures: [any.member], filters: [{ segment: segment.name }], limit: 1 },
      });
  }
  for (const dashboard of dashboards) {
    const period = { member: dashboard.date, operator: "in_range" as const, values: [dashboard.period] };
    const within = (query: Query): Query => ({
      ...query,
      filters: [
        ...(query.filters ?? []),
        ...((query.filters ?? []).some((f) => "member" in f && f.member.split(".")[0] === dashboard.date)
          ? []
          : [period]),
      ],
    });
    for (const [i, tile] of dashboard.tiles.entries()) {
      const place = `dashboard ${dashboard.name} › ${tile.title || `tile ${i + 1}`}`;
      const trend =
        tile.kind === "kpi" && tile.trend !== undefined
          ? [tile.trend.includes(".") ? tile.trend : `${dashboard.date}.${tile.trend}`]
          : [];
      all.push({
        place,
        query: within(
          tile.kind === "kpi"
            ? {
                measures: [tile.measure, ...(typeof tile.target === "string" ? [tile.target] : [])],
                dimensions: trend,
                filters: tile.filters ?? [],
              }
            : tile.query,
        ),
      });
    }
  }
  for (const goal of goals)
    all.push({ place: `goal ${goal.name}`, query: { measures: [goal.measure], filters: goal.filters ?? [] } });
  return all;
}
