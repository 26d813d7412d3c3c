/** Every question that a model can answer, for checks of the whole model. */
import { at, required } from "../../engine/lookup.ts";
import type { Catalog, CubeNode } from "../../engine/model/catalog.ts";
import type { Dashboard, Goal } from "../../engine/model/declarations.ts";
import type { Query } from "../../engine/model/query.ts";

/** A question, and the part of the model that it is about. */
export interface Question {
  /** member, segment, dashboard tile or goal */
  readonly place: string;
  readonly query: Query;
}

/** One question for each member, segment, dashboard tile and goal, so that each problem has a place of its own. */
export const questions = (catalog: Catalog, dashboards: readonly Dashboard[], goals: readonly Goal[]): Question[] => [
  ...[...catalog.cubes.values()].flatMap((cube) => ofCube(catalog, cube)),
  ...ofSegments(catalog),
  ...dashboards.flatMap(ofDashboard),
  ...goals.map((goal) => ({
    place: `goal ${goal.name}`,
    query: { measures: [goal.measure], filters: goal.filters ?? [] },
  })),
];

const anyMeasure = (cube: CubeNode): string | undefined =>
  [...cube.measures.values()].find((measure) => measure.spec.kind === "aggregate")?.member;

function ofCube(catalog: Catalog, cube: CubeNode): Question[] {
  const found: Question[] = [];
  for (const { member } of cube.measures.values())
    found.push({ place: member, query: { measures: [member], limit: 1 } });
  const measure = anyMeasure(cube);
  if (measure === undefined) return found;
  const ask = (place: string, dimension: string): void => {
    found.push({ place, query: { measures: [measure], dimensions: [dimension], limit: 1 } });
  };
  for (const name of cube.attributes.keys()) ask(`${cube.name}.${name}`, `${cube.name}.${name}`);
  for (const [role, spec] of cube.roles) {
    const dimension = required(catalog.dimensions, spec.to.name, "dimension");
    if (dimension.calendar) ask(`${role}.day in ${cube.name}`, `${role}.day`);
    // a role that several cubes share is asked through the first of them
    else if (at(required(catalog.roles, role, "role").cubes, 0) === cube.name)
      for (const name of dimension.attributes.keys()) ask(`${role}.${name} in ${cube.name}`, `${role}.${name}`);
  }
  return found;
}

function ofSegments(catalog: Catalog): Question[] {
  const found: Question[] = [];
  for (const segment of catalog.project.segments ?? []) {
    const role = [...catalog.roles.values()].find((each) => each.dimension.name === segment.over);
    const cube = role && catalog.cubes.get(at(role.cubes, 0));
    const measure = cube && anyMeasure(cube);
    if (measure !== undefined)
      found.push({
        place: `segment ${segment.name}`,
        query: { measures: [measure], filters: [{ segment: segment.name }], limit: 1 },
      });
  }
  return found;
}

function ofDashboard(dashboard: Dashboard): Question[] {
  const period = { member: dashboard.date, operator: "in_range" as const, values: [dashboard.period] };
  const inPeriod = (query: Query): Query => {
    const filters = query.filters ?? [];
    const dated = filters.some((filter) => "member" in filter && filter.member.split(".")[0] === dashboard.date);
    return { ...query, filters: dated ? filters : [...filters, period] };
  };
  return dashboard.tiles.map((tile, i) => ({
    place: `dashboard ${dashboard.name} › ${tile.title || `tile ${i + 1}`}`,
    query: inPeriod(tile.kind === "kpi" ? kpiQuery(tile, dashboard.date) : tile.query),
  }));
}

function kpiQuery(tile: Extract<Dashboard["tiles"][number], { readonly kind: "kpi" }>, date: string): Query {
  const { measure, target, trend, filters = [] } = tile;
  return {
    measures: [measure, ...(typeof target === "string" ? [target] : [])],
    dimensions: trend === undefined ? [] : [trend.includes(".") ? trend : `${date}.${trend}`],
    filters,
  };
}
