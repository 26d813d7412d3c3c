/** What a project declares beside its cubes: segments, goals, dashboards, mining models. */
import type { AllocationRequest } from "../mining/allocation/allocate.ts";
import type { ExperimentRequest } from "../mining/experiment/evaluate.ts";
import type { Filter } from "./filter.ts";
import type { Query } from "../query/query.ts";

/** A stored rule: the members of `over` that pass it. Filters on measures are taken for each member. */
export interface SegmentSpec {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly over: string;
  readonly filters: readonly Filter[];
}
export type Segment<S extends SegmentSpec = SegmentSpec> = S & { readonly kind: "segment" };
export const defineSegment = <const S extends SegmentSpec>(spec: S): Segment<S> => Object.freeze({ ...spec, kind: "segment" as const });

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
export const defineGoal = <const S extends GoalSpec>(spec: S): Goal<S> => Object.freeze({ ...spec, kind: "goal" as const });

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
export const defineDashboard = <const S extends DashboardSpec>(spec: S): Dashboard<S> => Object.freeze({ ...spec, kind: "dashboard" as const });

/** Campaigns with a random hold-out, as a cube of assignments holds them: what the verdict pages and `/v1/experiments` work on. */
export interface ExperimentSpec extends ExperimentRequest {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** one verdict for each of its members */
  readonly by: string;
}
export type Experiment<S extends ExperimentSpec = ExperimentSpec> = S & { readonly kind: "experiment" };
export const defineExperiment = <const S extends ExperimentSpec>(spec: S): Experiment<S> => Object.freeze({ ...spec, kind: "experiment" as const });

/** A budget over channels, its split learnt from what was spent and what came of it: `/v1/allocation`. */
export interface AllocationSpec extends AllocationRequest {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
}
export type ChannelAllocation<S extends AllocationSpec = AllocationSpec> = S & { readonly kind: "allocation" };
export const defineAllocation = <const S extends AllocationSpec>(spec: S): ChannelAllocation<S> => Object.freeze({ ...spec, kind: "allocation" as const });

interface ModelCommon {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** the dimension whose members get the labels */
  readonly over: string;
  /** `latest` (the day of the newest fact) or an ISO date */
  readonly asOf?: string;
  readonly seed?: number;
  /** renames outputs; by default an attribute is named `<model>_<output>` */
  readonly as?: { readonly [output: string]: string };
}

/** A mining model; its outputs become attributes of the dimension it is `over`. */
export type MiningModelSpec =
  | (ModelCommon & { readonly technique: "rfm"; readonly events: string; readonly value: string })
  /** `horizon` in weeks (52), `discountRate` a year (0.1); repeat purchases and their value are learnt from the days of `events` with a positive value */
  | (ModelCommon & { readonly technique: "bg_nbd"; readonly events: string; readonly value: string; readonly horizon?: { readonly weeks: number }; readonly discountRate?: number })
  /** who was active and will not buy within `label.inactive.days`; recency and purchase days are always among the features */
  | (ModelCommon & { readonly technique: "logistic"; readonly events: string; readonly label: { readonly inactive: { readonly days: number } }; readonly features: readonly string[] })
  | (ModelCommon & { readonly technique: "kmeans"; readonly features: readonly string[]; readonly k: number | "auto" });
export type MiningModel<S extends MiningModelSpec = MiningModelSpec> = S & { readonly kind: "model" };
export const defineModel = <const S extends MiningModelSpec>(spec: S): MiningModel<S> => Object.freeze(Object.assign({ kind: "model" as const }, spec));
