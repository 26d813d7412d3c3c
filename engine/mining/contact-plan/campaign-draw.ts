/** What a draw returns: the chosen members, and the draw in numbers. */
import type { Value } from "../../model/query.ts";

/** One chosen member. */
export interface DrawnMember {
  readonly member: Value;
  readonly channel: string;
  readonly offer: string | null;
  readonly treated: boolean;
  readonly stratum: string;
  /** expected profit of the contact after its cost; for the held out, what it would have been */
  readonly expected: number;
  /** 0 for the held out */
  readonly cost: number;
}

/** One option. */
export interface OptionSummary {
  readonly channel: string;
  readonly offer: string | null;
  readonly eligible: number;
  readonly treated: number;
  readonly heldOut: number;
  readonly cost: number;
  readonly expected: number;
}

/** A limit and its price. */
export interface Scarce {
  readonly what: "budget" | "channel" | "floor";
  readonly name: string;
  readonly limit: number;
  readonly used: number;
  /** money that one more unit would bring; for a floor, that one less would save */
  readonly price: number;
}

/** The draw in numbers. */
export interface CampaignSummary {
  readonly audience: number;
  /** members with at least one eligible option */
  readonly reachable: number;
  /** members with unknown effect or worth, left out */
  readonly unknown: number;
  readonly treated: number;
  readonly heldOut: number;
  /** cost and expected profit of the treated */
  readonly cost: number;
  readonly expected: number;
  /** how much more any other plan could earn, relative to it */
  readonly gap: number;
  readonly method: "exact" | "prices";
  readonly options: readonly OptionSummary[];
  readonly scarce: readonly Scarce[];
}

/** A draw. */
export interface CampaignDraw {
  readonly summary: CampaignSummary;
  readonly members: readonly DrawnMember[];
}
