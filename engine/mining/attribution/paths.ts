/**
 * Paths of touchpoints, walked through once: credit by rules, and the counts that Markov chains and the bootstrap need. What
 * is counted is kept apart by block of units, so that resampling blocks costs no second walk.
 */
import { f64, i32, num, add } from "../numeric/index.ts";

/** Paths in compressed rows; channels from 0. A path may stand for many units: it converts `conversions` times and ends `nulls` times without. */
export interface Paths {
  readonly offsets: Int32Array;
  readonly channels: Int32Array;
  /** days from a touch to the path's end; for time decay alone */
  readonly age?: Float64Array;
  readonly conversions: Float64Array;
  readonly value: Float64Array;
  readonly nulls: Float64Array;
  /** block of the path's unit, below `blocks`; all in one without it */
  readonly block?: Int32Array;
  readonly channelCount: number;
}

export const RULES = ["first", "last", "linear", "position", "decay", "shapley"] as const;
export type RuleName = (typeof RULES)[number];

export interface Walked {
  readonly channelCount: number;
  readonly blocks: number;
  readonly order: number;
  readonly states: number;
  /** rule -> block x channel: conversions, and value */
  readonly credit: {
    readonly [rule in RuleName]: { readonly conversions: Float64Array; readonly value: Float64Array };
  };
  /** block x state x (channels, conversion, null) */
  readonly moves: Float64Array;
  readonly conversions: Float64Array;
  readonly value: Float64Array;
  readonly nulls: Float64Array;
  readonly paths: number;
}

/** The first and the last touch get this share each, those between them the rest (40 / 20 / 40). */
const ENDS = 0.4;
const MOST_STATES = 1_000_000;

/** States of a chain of some order: the last touches, oldest first, with an empty place before the first. */
export const stateCount = (channels: number, order: number): number => (channels + 1) ** order;

/** @param halfLife days in which a touch loses half its weight under time decay */
export function walk(
  paths: Paths,
  {
    order = 1,
    blocks = 1,
    halfLife = 7,
  }: { readonly order?: number; readonly blocks?: number; readonly halfLife?: number } = {},
): Walked {
  const { offsets, channels, age, block, channelCount: n } = paths;
  const states = stateCount(n, order);
  const width = n + 2;
  if (states * width * blocks > MOST_STATES * 40 || states > MOST_STATES)
    throw new RangeError(`a chain of order ${order} over ${n} channels has ${states} states`);
  const credit = Object.fromEntries(
    RULES.map((rule) => [rule, { conversions: new Float64Array(blocks * n), value: new Float64Array(blocks * n) }]),
  ) as Walked["credit"];
  const moves = new Float64Array(blocks * states * width);
  const totals = {
    conversions: new Float64Array(blocks),
    value: new Float64Array(blocks),
    nulls: new Float64Array(blocks),
  };
  const seen = new Int32Array(n).fill(-1);
  const distinct = new Int32Array(n);
  const drop = (n + 1) ** (order - 1);
  const { first, last, linear, position, decay, shapley } = credit;
  for (let p = 0; p + 1 < offsets.length; p++) {
    const from = i32(offsets, p),
      until = i32(offsets, p + 1),
      length = until - from;
    if (length === 0) continue;
    const b = block ? i32(block, p) : 0;
    const conversions = f64(paths.conversions, p),
      value = f64(paths.value, p),
      nulls = f64(paths.nulls, p);
    add(totals.conversions, b, conversions);
    add(totals.value, b, value);
    add(totals.nulls, b, nulls);
    const weight = conversions + nulls;
    let state = 0;
    const base = b * states;
    for (let k = from; k < until; k++) {
      const c = i32(channels, k);
      add(moves, (base + state) * width + c, weight);
      state = order === 1 ? c + 1 : (state % drop) * (n + 1) + c + 1;
    }
    add(moves, (base + state) * width + n, conversions);
    add(moves, (base + state) * width + n + 1, nulls);
    if (conversions === 0 && value === 0) continue;
    const at = b * n;
    const give = (
      to: { readonly conversions: Float64Array; readonly value: Float64Array },
      c: number,
      share: number,
    ): void => {
      add(to.conversions, at + c, conversions * share);
      add(to.value, at + c, value * share);
    };
    give(first, i32(channels, from), 1);
    give(last, i32(channels, until - 1), 1);
    let parts = 0;
    if (age) for (let k = from; k < until; k++) parts += 2 ** (-f64(age, k) / halfLife);
    let count = 0;
    for (let k = from; k < until; k++) {
      const c = i32(channels, k);
      give(linear, c, 1 / length);
      give(
        position,
        c,
        length === 1 ? 1 : length === 2 ? 0.5 : k === from || k === until - 1 ? ENDS : (1 - 2 * ENDS) / (length - 2),
      );
      give(decay, c, age && parts > 0 ? 2 ** (-f64(age, k) / halfLife) / parts : 1 / length);
      if (seen[c] !== p) {
        seen[c] = p;
        distinct[count++] = c;
      }
    }
    // Shapley's value where a path is worth its conversions as soon as all its channels are there: equal parts (Zhao et al. 2018)
    for (let i = 0; i < count; i++) give(shapley, i32(distinct, i), 1 / count);
  }
  return { channelCount: n, blocks, order, states, credit, moves, ...totals, paths: offsets.length - 1 };
}

/** Sums of blocks, each as often as `weights` says. */
export function summed(values: Float64Array, width: number, weights: ArrayLike<number>): Float64Array {
  const out = new Float64Array(width);
  for (let b = 0; b < weights.length; b++) {
    const w = num(weights, b);
    if (w === 0) continue;
    for (let i = 0; i < width; i++) add(out, i, w * f64(values, b * width + i));
  }
  return out;
}
