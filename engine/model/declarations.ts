/** What a project declares in addition to its cubes: segments, goals, dashboards, experiments, allocations. */
import { declared } from "./declared-at.ts";
import type { Filter } from "./filter.ts";
import type { Query } from "./query.ts";

/** A stored rule: the members of `over` that pass it. Filters on measures are taken for each member. */
export interface SegmentSpec {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly over: string;
  readonly filters: readonly Filter[];
  /** a frozen list: only these keys, which `filters` still restrict */
  readonly members?: readonly (string | number)[];
  /** the day and the data version that a list was drawn from */
  readonly asOf?: string;
  readonly version?: number;
}
export type Segment<S extends SegmentSpec = SegmentSpec> = S & { readonly kind: "segment" };
export const defineSegment = <const S extends SegmentSpec>(spec: S): Segment<S> =>
  declared({ ...spec, kind: "segment" as const });

/** A goal: from a baseline, to a target, by a date. */
export interface GoalSpec {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly measure: string;
  readonly filters?: readonly Filter[];
  /** the period that counts, as a date range phrase or pair, for example `"2025"` */
  readonly period: string | readonly [string, string];
  readonly baseline: { readonly value: number; readonly period: string };
  readonly target: number;
  /** ISO date by which the target should be reached */
  readonly by: string;
  readonly owner?: string;
}
export type Goal<S extends GoalSpec = GoalSpec> = S & { readonly kind: "goal" };
export const defineGoal = <const S extends GoalSpec>(spec: S): Goal<S> => declared({ ...spec, kind: "goal" as const });

export type ChartKind = "line" | "bar" | "stacked_bar" | "area" | "heatmap" | "scatter";

export type Tile =
  | {
      readonly kind: "kpi";
      readonly title: string;
      readonly measure: string;
      /** a measure (a quota) or a fixed number for the dashboard's period */
      readonly target?: string | number;
      readonly compare?: "previous_period" | "previous_year";
      /** a date level: the sparkline's grain */
      readonly trend?: string;
      readonly filters?: readonly Filter[];
    }
  | {
      readonly kind: "chart";
      readonly title: string;
      readonly chart: ChartKind;
      readonly query: Query;
      readonly wide?: boolean;
      readonly note?: string;
    }
  | { readonly kind: "table"; readonly title: string; readonly query: Query; readonly wide?: boolean };

export interface DashboardSpec {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** the date range that every tile is filtered by unless its own query names one */
  readonly period: string;
  /** the date role the period applies to */
  readonly date: string;
  /** members a reader can filter the whole page by */
  readonly filters?: readonly string[];
  readonly tiles: readonly Tile[];
}
export type Dashboard<S extends DashboardSpec = DashboardSpec> = S & { readonly kind: "dashboard" };
export const defineDashboard = <const S extends DashboardSpec>(spec: S): Dashboard<S> =>
  declared({ ...spec, kind: "dashboard" as const });

/** How p-values of many comparisons at once are corrected. */
export type Correction = "none" | "bonferroni" | "holm" | "benjamini_hochberg";

export interface ExperimentRequest {
  /** the cube with one row an assignment; its rows are the units that were drawn */
  readonly cube: string;
  /** the boolean attribute of the cube that marks treated members */
  readonly treated: string;
  /** sum measures of the cube, compared per unit */
  readonly outcomes: readonly string[];
  /** a sum measure from before the draw, to narrow the intervals (CUPED) */
  readonly covariate?: string;
  /** a sum measure of cost, for the profit of the treated */
  readonly cost?: string;
  /** the money outcome that pays for the cost; by default the last outcome */
  readonly profit?: string;
  /** one verdict for each member, for example `campaign.name` */
  readonly by?: string;
  readonly filters?: readonly Filter[];
  readonly correction?: Correction;
  /** planned share of the treated, for the sample-ratio check; by default it is not checked against a plan */
  readonly treatedShare?: number;
  /**
   * an attribute with each row's own planned share of the held out, for example `campaign.holdout_share`: each group is
   * checked against its own plan
   */
  readonly heldOutShare?: string;
}

/**
 * Campaigns with a random hold-out, as a cube of assignments holds them: what the verdict pages and `/v1/experiments`
 * work on.
 */
export interface ExperimentSpec extends ExperimentRequest {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** one verdict for each of its members */
  readonly by: string;
  /**
   * the date attribute with the last day that counts for a member, for example `campaign.ended_on`: until it is over,
   * the member is followed but not judged
   */
  readonly windowEnds?: string;
  /**
   * measures of any cube with the same dimension and date, followed day by day while a campaign runs: contacts sent,
   * answers, what was spent
   */
  readonly follow?: { readonly sent?: string; readonly answered?: string; readonly spent?: string };
}
export type Experiment<S extends ExperimentSpec = ExperimentSpec> = S & { readonly kind: "experiment" };
export const defineExperiment = <const S extends ExperimentSpec>(spec: S): Experiment<S> =>
  declared({ ...spec, kind: "experiment" as const });

export interface AllocationRequest {
  /** what is spent, for example `spend.actual` */
  readonly spend: string;
  /** what should come of it, for example `touches.visits` */
  readonly outcome: string;
  /** the dimension that the budget is split over, for example `channel.name` */
  readonly channel: string;
  /** the period of a data point, for example `date.month` */
  readonly period: string;
  readonly filters?: readonly Filter[];
  /** money a period; by default the mean of what was spent */
  readonly budget?: number;
  /**
   * least and most spend a period by channel; by default half the least and one and a half times the most that was seen
   */
  readonly bounds?: { readonly [channel: string]: readonly [number, number] };
  readonly seed?: number;
}

/** A budget over channels, its split learnt from what was spent and what came of it: `/v1/allocation`. */
export interface AllocationSpec extends AllocationRequest {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
}
export type ChannelAllocation<S extends AllocationSpec = AllocationSpec> = S & { readonly kind: "allocation" };
export const defineAllocation = <const S extends AllocationSpec>(spec: S): ChannelAllocation<S> =>
  declared({ ...spec, kind: "allocation" as const });

/**
 * Credit of conversions to the channels that were touched before them: `/v1/attribution`, and the technique
 * `attribution`.
 */
export interface AttributionRequest {
  /** the cube with one row a touch */
  readonly touches: string;
  /** the role of the touches whose members get the credit */
  readonly channel: string;
  /** the role whose members touch and convert; both cubes have it */
  readonly unit: string;
  /** the touches' attribute with the time; by default the day alone */
  readonly time?: string;
  /** the cube of conversions */
  readonly conversions: string;
  /** the attribute that rows of one conversion share, for example `sales.order` */
  readonly conversion: string;
  /** what conversions are worth: a plain sum of their cube */
  readonly value: string;
  /** what was spent on the channel, for cost per conversion */
  readonly cost?: string;
  /** days that a touch counts for; default 30 */
  readonly lookback?: number;
  /** touches that the chain remembers; default 1 */
  readonly order?: number;
  /** days in which a touch loses half its weight under time decay; default 7 */
  readonly halfLife?: number;
  /** bounds on the conversions' days, both included */
  readonly from?: string;
  readonly until?: string;
  /** which touches count */
  readonly filters?: readonly Filter[];
  readonly conversionFilters?: readonly Filter[];
  readonly seed?: number;
}
