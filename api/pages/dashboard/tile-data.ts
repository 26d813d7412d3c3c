/** A tile's numbers: its query with the page's period and filters; what a filter cannot reach is said, not hidden. */
import { TesseraError } from "../../../engine/errors/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { DashboardSpec, Tile } from "../../../engine/model/declarations.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { Query, Result } from "../../../engine/model/query.ts";
import type { Reader } from "../../http/reader.ts";
import type { Condition } from "../explore/state.ts";
import { conditionFilter, membersIn, periodFilter } from "../explore/state-query.ts";
import { periodDays } from "../parts/period-picker.tsx";
import type { DashboardState } from "./dashboard-state.ts";

export interface TileData {
  readonly tile: Tile;
  /** the query as asked, for the explorer */
  readonly query: Query;
  readonly result: Result | null;
  readonly trend: Result | null;
  /** titles of the page's filters that do not apply here */
  readonly unfiltered: readonly string[];
  readonly error: unknown;
}

const ownRange = (filters: readonly Filter[] | undefined, dates: ReadonlySet<string>): boolean =>
  (filters ?? []).some((f) =>
    "member" in f ? dates.has(f.member.split(".")[0]!) : "and" in f ? ownRange(f.and, dates) : false,
  );

/** Members that `cube`'s facts can be filtered by. */
const reaches = (catalog: CatalogView, cube: string, member: string): boolean => {
  const owner = member.split(".")[0]!;
  return owner === cube || (catalog.cubes.find((c) => c.name === cube)?.roles.includes(owner) ?? false);
};

const cubesOf = (query: Query): string[] => [
  ...new Set(query.measures.flatMap((m) => (typeof m === "string" ? [m.split(".")[0]!] : []))),
];

interface Asked {
  readonly query: Query;
  readonly result: Result;
  readonly unfiltered: readonly Condition[];
}

/** Asks with all filters that the measures' cubes know; where a formula reaches further than its name tells, without those it refuses. */
const ask = async (
  reader: Reader,
  base: Query,
  date: readonly Filter[],
  conditions: readonly Condition[],
): Promise<Asked> => {
  const reached = conditions.filter((c) => cubesOf(base).every((cube) => reaches(reader.catalog, cube, c.member)));
  const withFilters = (used: readonly Condition[]): Query => ({
    ...base,
    filters: [...(base.filters ?? []), ...date, ...used.map((c) => conditionFilter(c, reader.catalog))],
  });
  const missing = (used: readonly Condition[]): Condition[] => conditions.filter((c) => !used.includes(c));
  try {
    return {
      query: withFilters(reached),
      result: await reader.query(withFilters(reached)),
      unfiltered: missing(reached),
    };
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code !== "unrelated-dimension" || reached.length === 0) throw error;
    for (const left of reached) {
      const used = reached.filter((c) => c !== left);
      try {
        return { query: withFilters(used), result: await reader.query(withFilters(used)), unfiltered: missing(used) };
      } catch (again) {
        if (!(again instanceof TesseraError) || again.code !== "unrelated-dimension") throw again;
      }
    }
    return { query: withFilters([]), result: await reader.query(withFilters([])), unfiltered: conditions };
  }
};

/** The trend's grain: the declared one, or a finer one where the period has too few of it. */
export const trendLevel = (declared: string, period: string): string => {
  const days = periodDays(period);
  if (days === null) return declared;
  const lengths: { readonly [level: string]: number } = {
    year: 365,
    half: 182,
    quarter: 91,
    month: 30,
    week: 7,
    day: 1,
  };
  for (const level of [declared, "month", "week", "day"])
    if ((lengths[level] ?? 30) <= (lengths[declared] ?? 30) && days / (lengths[level] ?? 30) >= 5) return level;
  return "day";
};

export const tileData = async (
  tile: Tile,
  dashboard: DashboardSpec,
  state: DashboardState,
  reader: Reader,
): Promise<TileData> => {
  const dates = new Set(reader.catalog.roles.filter((r) => r.kind === "date").map((r) => r.name));
  const { attributes } = membersIn(reader.catalog);
  const titles = (conditions: readonly Condition[]): string[] =>
    conditions.map((c) => attributes.get(c.member)?.title ?? c.member);
  const period = [periodFilter(state.period, dashboard.date)];
  const base: Query =
    tile.kind === "kpi"
      ? {
          measures: [tile.measure, ...(typeof tile.target === "string" ? [tile.target] : [])],
          ...(tile.filters && { filters: tile.filters }),
          ...(tile.compare && { compare: { dimension: dashboard.date, to: tile.compare } }),
        }
      : tile.query;
  const date = ownRange(base.filters, dates) ? [] : period;
  try {
    if (tile.kind !== "kpi") {
      const asked = await ask(reader, base, date, state.conditions);
      return {
        tile,
        query: asked.query,
        result: asked.result,
        trend: null,
        unfiltered: titles(asked.unfiltered),
        error: null,
      };
    }
    const trend: Query | null = tile.trend
      ? {
          measures: [tile.measure],
          dimensions: [`${dashboard.date}.${trendLevel(tile.trend, state.period)}`],
          ...(tile.filters && { filters: tile.filters }),
          order: [{ member: `${dashboard.date}.${trendLevel(tile.trend, state.period)}` }],
          limit: 500,
        }
      : null;
    const [asked, line] = await Promise.all([
      ask(reader, base, date, state.conditions),
      trend
        ? ask(reader, trend, date, state.conditions).catch((error: unknown) => {
            if (error instanceof TesseraError) return null;
            throw error;
          })
        : null,
    ]);
    return {
      tile,
      query: line?.query ?? asked.query,
      result: asked.result,
      trend: line?.result ?? null,
      unfiltered: titles(asked.unfiltered),
      error: null,
    };
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code === "cancelled") throw error;
    return {
      tile,
      query: { ...base, filters: [...(base.filters ?? []), ...date] },
      result: null,
      trend: null,
      unfiltered: [],
      error,
    };
  }
};
