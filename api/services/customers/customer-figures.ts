/** Key figures worth showing for one customer. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import { ownerOf } from "../catalog-index.ts";
import type { CustomerModel } from "./customer-model.ts";

/** Measures over a moving window say nothing about a customer's whole time. */
const TIMED: ReadonlySet<string> = new Set(["running", "rolling", "to_date", "shift", "share", "rank"]);
const MOST = 14;

/** Measures that count customers: always 1 for one of them. */
const customerCounts = (spec: ProjectSpec, role: string): ReadonlySet<string> => {
  const keys = new Set(
    spec.cubes.flatMap((cube) => {
      const joined = cube.dimensions[role];
      return joined && "on" in joined ? [joined.on] : [];
    }),
  );
  return new Set(
    spec.cubes.flatMap((cube) =>
      Object.entries(cube.measures).flatMap(([name, measure]) => {
        const counts = measure.kind === "aggregate" && measure.aggregate === "count_distinct";
        return counts && typeof measure.of === "string" && keys.has(measure.of) ? [`${cube.name}.${name}`] : [];
      }),
    ),
  );
};

/** The dashboards' measures that the customer role can filter, without those that count customers. */
export const figureMeasures = (spec: ProjectSpec, catalog: CatalogView, model: CustomerModel): string[] => {
  const counts = customerCounts(spec, model.role.name);
  const countNames = [...counts].map((member) => member.slice(member.indexOf(".") + 1));
  const fits = (member: string): boolean => {
    const cube = catalog.cubes.find((each) => each.name === ownerOf(member));
    const measure = cube?.measures.find((each) => each.member === member);
    if (!cube?.roles.includes(model.role.name) || !measure) return false;
    const countsCustomers = counts.has(member) || countNames.some((name) => measure.formula.includes(name));
    return !TIMED.has(measure.kind) && !countsCustomers;
  };
  const shown = (spec.dashboards ?? []).flatMap((dashboard) =>
    dashboard.tiles.flatMap((tile) => (tile.kind === "kpi" ? [tile.measure] : [])),
  );
  return [...new Set(shown.filter(fits))].slice(0, MOST);
};
