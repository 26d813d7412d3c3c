/** Declared models of lifetime value. */
import type { ModelSpec } from "../technique.ts";

/** Lifetime value by BG/NBD. */
export interface LifetimeModel extends ModelSpec, Lifetime {
  readonly technique: "bg_nbd";
}

/** Lifetime value by Pareto/NBD. */
export interface ParetoModel extends ModelSpec, Lifetime {
  readonly technique: "pareto_nbd";
}

/** What both techniques are declared with. Only days of `events` with a positive value count as purchases. */
export interface Lifetime {
  /** cube of the purchases */
  readonly events: string;
  /** measure of their value */
  readonly value: string;
  /** how far ahead to look; 52 weeks by default */
  readonly horizon?: { readonly weeks: number };
  /** discount rate a year; 0.1 by default */
  readonly discountRate?: number;
}
