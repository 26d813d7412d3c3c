/** Numbers that still grow when their period is over. */
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import { membersIn } from "./catalog-index.ts";
import { measuresNamedIn } from "./measure-cubes.ts";

const DAY_MS = 86_400_000;

/** Days after which a measure's period is finished: the longest of all that it is computed from. */
const ripensIn = (member: string, catalog: CatalogView, seen: Set<string>): number => {
  const measure = membersIn(catalog).measures.get(member);
  if (!measure || seen.has(member)) return 0;
  seen.add(member);
  const parts = measuresNamedIn(measure, catalog).map((each) => ripensIn(each, catalog, seen));
  return Math.max(measure.ripensDays ?? 0, ...parts, 0);
};

/**
 * The first day whose numbers are unfinished; null where all are finished.
 * @param until ISO day of the newest data
 * @param range the days of the question; null for all
 */
export const unfinishedFrom = (
  measures: readonly string[],
  until: string | null,
  range: readonly [string, string] | null | undefined,
  catalog: CatalogView,
): string | null => {
  const days = Math.max(0, ...measures.map((member) => ripensIn(member, catalog, new Set())));
  if (days === 0 || until === null) return null;
  const from = new Date(Date.parse(until) - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  return range && range[1] < from ? null : from;
};
