/**
 * What the page explains: a measure with the explorer's conditions, and two periods. Its address extends the
 * explorer's.
 */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import type { ForecastPeriod } from "../../../engine/mining/index.ts";
import { EMPTY_STATE, parseState, stateHref, type ExploreState } from "../explore/state.ts";
import { stateFilters } from "../explore/state-query.ts";

/** ISO days, both included. */
export type Days = readonly [string, string];

export interface WhyState {
  readonly measure: string;
  /** conditions, segments and filters; its period is the later one */
  readonly explore: ExploreState;
  readonly before: Days | null;
  /** the unit of the expected range */
  readonly per: ForecastPeriod;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PERS: readonly ForecastPeriod[] = ["day", "week", "month", "quarter"];

export const parseWhyState = (parameters: URLSearchParams, fallback: string): WhyState => {
  const explore = parseState(parameters);
  const [from, until] = [parameters.get("before_from") ?? "", parameters.get("before_until") ?? ""];
  return {
    measure: explore.measures[0] ?? fallback,
    explore,
    before: DAY.test(from) && DAY.test(until) ? [from, until] : null,
    per: PERS.find((p) => p === parameters.get("per")) ?? "month",
  };
};

/** Filters without the period. */
export const whyFilters = (state: WhyState, catalog: CatalogView): Filter[] =>
  stateFilters(
    {
      ...EMPTY_STATE,
      measures: [state.measure],
      where: state.explore.where,
      segments: state.explore.segments,
      filters: state.explore.filters,
    },
    catalog,
  );

export const whyHref = (
  state: WhyState,
  {
    after,
    before,
    per = state.per,
  }: { readonly after?: Days; readonly before?: Days; readonly per?: ForecastPeriod } = {},
): string => {
  const { where, segments, filters, period } = state.explore;
  const base = stateHref(
    {
      ...EMPTY_STATE,
      measures: [state.measure],
      where,
      segments,
      filters,
      period: after ? `${after[0]}..${after[1]}` : period,
    },
    "/why",
  );
  const old = before ?? state.before;
  return `${base}${old ? `&before_from=${old[0]}&before_until=${old[1]}` : ""}${per === "month" ? "" : `&per=${per}`}`;
};

const number = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** The same days one year earlier. */
export const yearBefore = ([from, until]: Days): Days => {
  const shift = (day: string): string => {
    const d = new Date(`${day}T00:00:00Z`);
    return new Date(
      Math.min(
        Date.UTC(d.getUTCFullYear() - 1, d.getUTCMonth(), d.getUTCDate()),
        Date.UTC(d.getUTCFullYear() - 1, d.getUTCMonth() + 1, 0),
      ),
    )
      .toISOString()
      .slice(0, 10);
  };
  return [shift(from), shift(until)];
};

/** As many days, or whole months, immediately before. */
export const rightBefore = ([from, until]: Days): Days => {
  const [a, b] = [new Date(`${from}T00:00:00Z`), new Date(`${iso(number(until) + 1)}T00:00:00Z`)];
  const months =
    a.getUTCDate() === 1 && b.getUTCDate() === 1
      ? (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
      : 0;
  const start =
    months > 0
      ? new Date(Date.UTC(a.getUTCFullYear(), a.getUTCMonth() - months, 1)).toISOString().slice(0, 10)
      : iso(number(from) - (number(until) - number(from) + 1));
  return [start, iso(number(from) - 1)];
};

/** First and last day of a period that begins on `day`. */
export const daysOfPeriod = (day: string, per: ForecastPeriod): Days => {
  const d = new Date(`${day}T00:00:00Z`);
  if (per === "day" || per === "week") return [day, iso(number(day) + (per === "day" ? 0 : 6))];
  return [
    day,
    new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + (per === "month" ? 1 : 3), 0)).toISOString().slice(0, 10),
  ];
};
