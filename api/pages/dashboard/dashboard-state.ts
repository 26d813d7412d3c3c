/** What a reader may change on a dashboard, and its address: the period and the page's filters. */
import type { DashboardSpec } from "../../../engine/model/declarations.ts";
import type { Condition } from "../explore/state.ts";

export interface DashboardState {
  /** as declared, where the reader chose none */
  readonly period: string;
  readonly conditions: readonly Condition[];
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

export const parseDashboardState = (dashboard: DashboardSpec, parameters: URLSearchParams): DashboardState => {
  const from = parameters.get("from") ?? "",
    until = parameters.get("until") ?? "";
  const period = parameters.get("period")?.trim().slice(0, 80);
  return {
    period: ISO_DAY.test(from) && ISO_DAY.test(until) ? `${from}..${until}` : period || dashboard.period,
    conditions: (dashboard.filters ?? []).flatMap((member): Condition[] => {
      const values = parameters
        .getAll(member)
        .filter((v) => v !== "")
        .slice(0, 200);
      return values.length > 0
        ? [{ member, operator: "equals", values: values.map((v) => (v === "(unknown)" ? null : v)) }]
        : [];
    }),
  };
};

export const dashboardParameters = (dashboard: DashboardSpec, state: DashboardState): [string, string][] => [
  ...(state.period === dashboard.period ? [] : [["period", state.period] as [string, string]]),
  ...state.conditions.flatMap((c) => c.values.map((v) => [c.member, v ?? "(unknown)"] as [string, string])),
];

export const dashboardHref = (dashboard: DashboardSpec, path: string, state: DashboardState): string => {
  const text = dashboardParameters(dashboard, state)
    .map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(v).replace(/%20/g, "+").replace(/%2C/g, ",")}`)
    .join("&");
  return text === "" ? path : `${path}?${text}`;
};
