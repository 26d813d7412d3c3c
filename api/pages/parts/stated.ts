/** Period and filters in words, for the line that every printed page has. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import { formatRange } from "../../charts/index.ts";
import type { Catalogue } from "../../i18n/index.ts";
import { conditionValues, dimensionTitle, memberTitle, operatorWords } from "../explore/member-words.ts";
import type { Condition } from "../explore/state.ts";
import { periodWords } from "./period.ts";

/** `Last 90 days (3 Oct – 31 Dec 2025)` */
export const statedPeriod = (
  period: string | null,
  range: readonly [string, string] | null | undefined,
  { shared }: Catalogue,
): string => {
  const title = periodWords(period, shared.period);
  const exact = range ? formatRange(...range) : title;
  return exact === title ? title : `${title} (${exact})`;
};

/** `Customer · Country is Germany, France`, for each condition. */
export const statedConditions = (
  conditions: readonly Condition[],
  catalog: CatalogView,
  { explore }: Catalogue,
): string[] =>
  conditions.map((condition) => {
    const attribute = dimensionTitle(condition.member, catalog);
    const title = attribute === condition.member ? memberTitle(condition.member, catalog) : attribute;
    return `${title} ${operatorWords(condition.operator, explore)} ${conditionValues(condition, catalog)}`.trim();
  });
