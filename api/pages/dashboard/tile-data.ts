/** A tile's numbers: its query with the page's period and filters. Filters that do not apply are reported. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { DashboardSpec, Tile } from "../../../engine/model/declarations.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { Query, Result } from "../../../engine/model/query.ts";
import { membersIn, ownerOf } from "../../services/catalog-index.ts";
import { inMemberOrder } from "../../services/member-order.ts";
import type { Reader } from "../../services/reader.ts";
import { unfinishedFrom } from "../../services/ripening.ts";
import { ignoreErrors, settled } from "../../services/settled.ts";
import { conditionFilter, periodFilter } from "../explore/state-query.ts";
import type { Condition } from "../explore/state.ts";
import { periodDays } from "../parts/period.ts";
import type { DashboardState } from "./dashboard-state.ts";

export interface TileData {
  readonly tile: Tile;
  /** the query, for the explorer */
  readonly query: Query;
  readonly result: Result | null;
  /** the measure over time, for key figures */
  readonly trend: Result | null;
  /** titles of the page's filters that do not apply here */
  readonly unfiltered: readonly string[];
  /** the first day whose numbers still grow; null where all are finished */
  readonly unfinished: string | null;
  /** why there is no result */
  readonly error: TesseraError | null;
}

type KeyFigure = Extract<Tile, { readonly kind: "kpi" }>;

/** True where the tile sets a period of its own. */
const hasOwnPeriod = (filters: readonly Filter[] | undefined, dateRoles: ReadonlySet<string>): boolean =>
  (filters ?? []).some((filter) => {
    if ("member" in filter) return dateRoles.has(ownerOf(filter.member));
    return "and" in filter && hasOwnPeriod(filter.and, dateRoles);
  });

/** True when the facts of a cube can be filtered by the member. */
const reaches = (catalog: CatalogView, cube: string, member: string): boolean => {
  const owner = ownerOf(member);
  return owner === cube || (catalog.cubes.find((each) => each.name === cube)?.roles.includes(owner) ?? false);
};

const cubesOf = (query: Query): string[] => [
  ...new Set(query.measures.flatMap((measure) => (typeof measure === "string" ? [ownerOf(measure)] : []))),
];

interface Answer {
  readonly query: Query;
  readonly result: Result;
  readonly unfiltered: readonly Condition[];
}

/**
 * Answers with all conditions that the measures' cubes know. A formula may reach further than its own cube:
 * then without the first condition whose removal helps, else without any.
 */
const answer = async (
  reader: Reader,
  base: Query,
  date: readonly Filter[],
  conditions: readonly Condition[],
): Promise<Answer> => {
  const attempt = async (used: readonly Condition[]): Promise<Answer> => {
    const filters = [...(base.filters ?? []), ...date, ...used.map((each) => conditionFilter(each, reader.catalog))];
    const query = { ...base, filters };
    const unfiltered = conditions.filter((each) => !used.includes(each));
    return { query, result: inMemberOrder(await reader.query(query), query, reader.catalog), unfiltered };
  };
  const cubes = cubesOf(base);
  const reached = conditions.filter(({ member }) => cubes.every((cube) => reaches(reader.catalog, cube, member)));
  const attempts = [reached, ...reached.map((left) => reached.filter((each) => each !== left))];
  for (const used of attempts) {
    const found = await settled(attempt(used));
    if (!(found instanceof TesseraError)) return found;
    if (found.code !== "unrelated-dimension" || reached.length === 0) throw found;
  }
  return attempt([]);
};

const LEVEL_DAYS: { readonly [level: string]: number } = {
  year: 365,
  half: 182,
  quarter: 91,
  month: 30,
  week: 7,
  day: 1,
};
/** A trend with fewer points shows nothing. */
const LEAST_POINTS = 5;

/** The level of a trend: the declared one, or a finer one when the period has too few of it. */
export const trendLevel = (declared: string, period: string): string => {
  const days = periodDays(period);
  if (days === null) return declared;
  const lengthOf = (level: string): number => LEVEL_DAYS[level] ?? 30;
  const levels = [declared, "month", "week", "day"].filter((level) => lengthOf(level) <= lengthOf(declared));
  return levels.find((level) => days / lengthOf(level) >= LEAST_POINTS) ?? "day";
};

const baseQuery = (tile: Tile, date: string): Query =>
  tile.kind === "kpi"
    ? {
        measures: [tile.measure, ...(typeof tile.target === "string" ? [tile.target] : [])],
        ...(tile.filters && { filters: tile.filters }),
        ...(tile.compare && { compare: { dimension: date, to: tile.compare } }),
      }
    : tile.query;

const trendQuery = (tile: KeyFigure, date: string, period: string): Query | null => {
  if (!tile.trend) return null;
  const day = `${date}.${trendLevel(tile.trend, period)}`;
  return {
    measures: [tile.measure],
    dimensions: [day],
    ...(tile.filters && { filters: tile.filters }),
    order: [{ member: day }],
    limit: 500,
  };
};

/** An error of one tile leaves the others alone. @throws errors that no person can cause, and `cancelled` */
export const tileData = async (
  tile: Tile,
  dashboard: DashboardSpec,
  state: DashboardState,
  reader: Reader,
): Promise<TileData> => {
  const dateRoles = new Set(reader.catalog.roles.filter((role) => role.kind === "date").map((role) => role.name));
  const { attributes } = membersIn(reader.catalog);
  const base = baseQuery(tile, dashboard.date);
  const date = hasOwnPeriod(base.filters, dateRoles) ? [] : [periodFilter(state.period, dashboard.date)];
  const trend = tile.kind === "kpi" ? trendQuery(tile, dashboard.date, state.period) : null;
  const [found, line] = await Promise.all([
    settled(answer(reader, base, date, state.conditions)),
    trend ? ignoreErrors(answer(reader, trend, date, state.conditions)) : null,
  ]);
  if (found instanceof TesseraError) {
    const query = { ...base, filters: [...(base.filters ?? []), ...date] };
    return { tile, query, result: null, trend: null, unfiltered: [], unfinished: null, error: found };
  }
  return {
    tile,
    query: line?.query ?? found.query,
    result: found.result,
    trend: line?.result ?? null,
    unfiltered: found.unfiltered.map(({ member }) => attributes.get(member)?.title ?? member),
    unfinished: unfinishedFrom(
      found.query.measures.flatMap((each) => (typeof each === "string" ? [each] : [])),
      found.result.meta.now ?? null,
      found.result.meta.range,
      reader.catalog,
    ),
    error: null,
  };
};
