/** A declared journey model, and what a fit holds. */
import type { Filter } from "../../model/filter.ts";
import type { ModelSpec } from "../technique.ts";
import { type Flow, type Sequence } from "./sequences.ts";

/** Follows members through stages. */
export interface JourneyModel extends ModelSpec {
  readonly technique: "journey";
  /** cube of the events */
  readonly events: string;
  /** the attribute that names an event's stage; at most 40 members */
  readonly stage: string;
  /** the attribute with an event's time; its day by default */
  readonly time?: string;
  readonly filters?: readonly Filter[];
  /** stages to be reached within `days` of the first; in the order given unless `ordered` is false */
  readonly funnel: { readonly steps: readonly string[]; readonly days: number; readonly ordered?: boolean };
}

/** What fitting found. */
export interface JourneyFit {
  /** names of the stages */
  readonly names: readonly string[];
  /** members with events */
  readonly units: number;
  /** members who reached each step, in order and in any order */
  readonly ordered: readonly number[];
  readonly unordered: readonly number[];
  readonly flows: readonly Flow[];
  readonly sequences: readonly Sequence[];
}
