/** A declared next-offer model, and what a fit holds. */
import type { ModelSpec } from "../technique.ts";
import type { OfferTest } from "./judge-offers.ts";
import type { OfferRules } from "./worth.ts";

/** Recommends the next item to each member. */
export interface NextOfferModel extends ModelSpec, OfferRules {
  readonly technique: "next_offer";
  /** cube of the purchases */
  readonly events: string;
  /** the attribute that rows of one basket share */
  readonly basket: string;
  /** the role of what is bought */
  readonly item: string;
  /** guesses that are judged, 10 by default; with `margin` the one of them worth most is offered */
  readonly guesses?: number;
  /** offers only what the member has not bought yet */
  readonly fresh?: boolean;
}

/** What fitting found. */
export interface NextOfferFit {
  /** expected margin of all offers less their cost; null without `margin` */
  readonly worth: number | null;
  /** members without an offer, by reason */
  readonly left: { readonly ineligible: number; readonly tired: number; readonly unprofitable: number };
  readonly tests: readonly OfferTest[];
  readonly chosen: OfferTest;
  /** members with an offer */
  readonly members: number;
  /** the most offered items */
  readonly offered: readonly { readonly item: string; readonly members: number }[];
}

/** Guesses by default. */
export const GUESSES = 10;
