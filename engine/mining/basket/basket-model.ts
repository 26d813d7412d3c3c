/** What basket analysis is declared with, and what it finds. */
import type { ModelSpec } from "../technique.ts";
import type { Judged } from "./judge.ts";
import type { Rule } from "./rules.ts";

/** Finds what is bought together. */
export interface BasketModel extends ModelSpec {
  readonly technique: "basket";
  /** cube of the purchases */
  readonly events: string;
  /** the attribute that rows of one basket share */
  readonly basket: string;
  /** share of all baskets that a rule's items are in; 0.001 by default */
  readonly support?: number;
  /** share of the baskets with the left side that also hold the right side; 0.1 by default */
  readonly confidence?: number;
  /** items of a rule at most; 4 by default */
  readonly longest?: number;
  /** the role whose members a rule may be offered to */
  readonly audience?: string;
}

/** What fitting found. */
export interface BasketFit {
  readonly baskets: number;
  readonly itemsets: number;
  /** significant, not redundant, lift above 1; the strongest first */
  readonly rules: readonly Rule[];
  /** rules with enough support and confidence */
  readonly tried: number;
  /** names and keys of the items */
  readonly names: readonly string[];
  readonly keys: readonly string[];
  readonly judged: Judged;
  /** size of the audience of the shown rules */
  readonly audiences: ReadonlyMap<Rule, number>;
  /** baskets of each item */
  readonly counts: Int32Array;
  /** baskets a rule's items must be in */
  readonly least: number;
}

/** Defaults of the declaration. */
export const SUPPORT = 0.001;
export const CONFIDENCE = 0.1;
export const LONGEST = 4;
/** Expected share of false rules that is accepted. */
export const FALSE_DISCOVERIES = 0.05;
/** Rules of the report. */
export const SHOWN = 60;
