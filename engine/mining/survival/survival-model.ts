/** What survival is declared with, and what it finds. */
import type { Cox } from "./cox.ts";
import type { ModelSpec } from "../technique.ts";
import type { LogRank, SurvivalStep } from "./kaplan-meier.ts";

/** How long members stay. */
export interface SurvivalModel extends ModelSpec {
  readonly technique: "survival";
  /** the cube of the events that show a member is still there */
  readonly events: string;
  /** a member has left who had no event for so many days */
  readonly inactive: { readonly days: number };
  /** an attribute: one curve for each of its members */
  readonly by?: string;
  /** attributes known from the start, numbers or groups, for hazard ratios */
  readonly features?: readonly string[];
}

/** Members with their observed times. */
export interface Members {
  /** days from the first event until the member left, or until the day of the labels */
  readonly times: Float64Array;
  /** 1 where the member left */
  readonly events: Uint8Array;
  /** one array an attribute */
  readonly attributes: readonly (readonly (string | number | boolean | null)[])[];
}

/** The curve of one group. */
export interface SurvivalGroup {
  readonly name: string;
  readonly n: number;
  readonly times: Float64Array;
  readonly steps: readonly SurvivalStep[];
}

/** What fitting found. */
export interface SurvivalFit {
  readonly members: Members;
  /** the curve of all members */
  readonly whole: readonly SurvivalStep[];
  readonly groups: readonly SurvivalGroup[];
  /** whether the groups differ; null with fewer than two */
  readonly test: LogRank | null;
  readonly cox: Hazards | null;
}

/** A fitted model and its quality. */
export interface Hazards {
  /** fitted to all members */
  readonly fitted: Cox;
  /** titles of its columns */
  readonly names: readonly string[];
  /** concordance on unseen members */
  readonly unseen: number;
  /** 95 % interval of that concordance */
  readonly interval: readonly [number, number];
}
