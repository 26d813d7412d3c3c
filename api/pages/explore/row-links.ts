/** Where the marks and members of a chart or table lead. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Row } from "../../../engine/model/query.ts";
import { drillDown } from "./drill.ts";
import { stateHref, type ExploreState } from "./state.ts";

/** Where a row's mark leads: its innermost member, with the outer ones as filters. */
export const rowLinks = (
  rows: readonly Row[],
  dimensions: readonly string[],
  state: ExploreState,
  catalog: CatalogView,
): string[] => {
  const inner = dimensions.at(-1);
  return rows.map((row) => {
    if (inner === undefined) return stateHref(state);
    let next = state;
    for (const outer of dimensions.slice(0, -1))
      next = {
        ...next,
        where: [
          ...next.where.filter((c) => c.member !== outer),
          {
            member: outer,
            operator: "equals",
            values: [row[outer] === null || row[outer] === undefined ? null : String(row[outer])],
          },
        ],
      };
    return stateHref(drillDown(next, inner, row[inner] ?? null, catalog));
  });
};
