/** What attribution returns. */
import { RULES, type RuleName } from "./paths.ts";

/** A way to divide the credit for conversions. */
export type AttributionRule = RuleName | "markov";
/** All rules, the Markov chain last. */
export const ATTRIBUTION_RULES: readonly AttributionRule[] = [...RULES, "markov"];

/** A figure by rule. */
export type ByRule = Readonly<Record<AttributionRule, number>>;

/** The credit of one channel. */
export interface ChannelCredit {
  readonly key: string;
  readonly channel: string;
  readonly conversions: ByRule;
  readonly value: ByRule;
  /** removal effect: share of all conversions that the chain loses without the channel */
  readonly removal: number;
  /** 95 % interval of the removal effect, over resampled units */
  readonly removalInterval: readonly [number, number];
  /** 95 % interval of the chain's conversions */
  readonly interval: readonly [number, number];
  readonly touches: number;
  readonly cost: number | null;
  /** cost per conversion of the chain; null without cost or credit */
  readonly cpa: number | null;
  /** value of the chain per cost; null without cost */
  readonly roas: number | null;
}

/** The credit of all channels. */
export interface Attribution {
  /** the most conversions first */
  readonly channels: readonly ChannelCredit[];
  readonly conversions: number;
  readonly value: number;
  /** conversions without a touch within the lookback: credited to no channel */
  readonly untouched: { readonly conversions: number; readonly value: number };
  /** paths that ended without a conversion */
  readonly nulls: number;
  /** probability that a path converts */
  readonly chance: number;
  readonly order: number;
  readonly lookback: number;
  /** log loss a path on unseen units, compared with always predicting the mean */
  readonly judged: { readonly loss: number; readonly rival: number; readonly lead: readonly [number, number] };
  readonly asOf: string;
  readonly notes: readonly string[];
}
