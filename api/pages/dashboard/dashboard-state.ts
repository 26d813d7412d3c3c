/** What a reader can change on a dashboard, and its address: the period and the page's filters. */
import type { DashboardSpec } from "../../../engine/model/declarations.ts";
import { UNKNOWN } from "../../charts/index.ts";
import type { Condition } from "../explore/state.ts";
import { periodOf } from "../parts/period.ts";

export interface DashboardState {
  /** the declared period, unless the reader chose another */
  readonly period: string;
  readonly conditions: readonly Condition[];
}

const MOST_VALUES = 200;

export const parseDashboardState = (dashboard: DashboardSpec, parameters: URLSearchParams): DashboardState => ({
  period: periodOf(parameters) ?? dashboard.period,
  conditions: (dashboard.filters ?? []).flatMap((member): Condition[] => {
    const texts = parameters.getAll(member).filter((text) => text !== "");
    const values = texts.slice(0, MOST_VALUES).map((text) => (text === UNKNOWN ? null : text));
    return values.length > 0 ? [{ member, operator: "equals", values }] : [];
  }),
});

/** The state as names and texts; what is as declared is left out. */
export const dashboardParameters = (dashboard: DashboardSpec, state: DashboardState): [string, string][] => {
  const period: [string, string][] = state.period === dashboard.period ? [] : [["period", state.period]];
  const conditions = state.conditions.flatMap(({ member, values }) =>
    values.map((value): [string, string] => [member, value ?? UNKNOWN]),
  );
  return [...period, ...conditions];
};

/** The state's address. */
export const dashboardHref = (dashboard: DashboardSpec, path: string, state: DashboardState): string => {
  const encode = (text: string): string => encodeURIComponent(text).replace(/%20/g, "+").replace(/%2C/g, ",");
  const text = dashboardParameters(dashboard, state)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encode(value)}`)
    .join("&");
  return text === "" ? path : `${path}?${text}`;
};
