/**
 * Paths of touchpoints in one walk: credit by rules, and the counts that Markov chains and the bootstrap need. Counts
 * are kept by block of units, so that resampling blocks needs no second walk.
 */
import { add, f64, i32, num } from "../numeric/vector.ts";

/** Paths in compressed rows; a path may represent many units. */
export interface Paths {
  readonly offsets: Int32Array;
  /** numbered from 0 */
  readonly channels: Int32Array;
  /** days from a touch to the path's end; needed for time decay alone */
  readonly age?: Float64Array;
  /** how often each path converted */
  readonly conversions: Float64Array;
  readonly value: Float64Array;
  /** how often each path ended without a conversion */
  readonly nulls: Float64Array;
  /** block of the path's unit; without it all are in one */
  readonly block?: Int32Array;
  readonly channelCount: number;
}

/** Rules that divide each path's conversions among its touches. */
export const RULES = ["first", "last", "linear", "position", "decay", "shapley"] as const;
/** The name of a rule. */
export type RuleName = (typeof RULES)[number];

/** Credit by block x channel. */
interface Credit {
  readonly conversions: Float64Array;
  readonly value: Float64Array;
}

/** What a walk counted. */
export interface Walked {
  readonly channelCount: number;
  readonly blocks: number;
  readonly order: number;
  readonly states: number;
  readonly credit: Readonly<Record<RuleName, Credit>>;
  /** block x state x (channels, conversion, null) */
  readonly moves: Float64Array;
  /** totals by block */
  readonly conversions: Float64Array;
  readonly value: Float64Array;
  readonly nulls: Float64Array;
  readonly paths: number;
}

/** How to walk. */
export interface WalkOptions {
  /** order of the chain, 1 by default */
  readonly order?: number;
  /** 1 by default */
  readonly blocks?: number;
  /** days in which a touch loses half its weight under time decay, 7 by default */
  readonly halfLife?: number;
}

/** Position rule: the first and the last touch get this share each, those between them the rest (40 / 20 / 40). */
const ENDS = 0.4;
const MOST_STATES = 1_000_000;
const MOST_COUNTS = 40_000_000;

/** States of a chain: the last touches, oldest first, with an empty place before the first. */
export const stateCount = (channels: number, order: number): number => (channels + 1) ** order;

/** Walks all paths. @throws RangeError for a chain with too many states */
export function walk(paths: Paths, { order = 1, blocks = 1, halfLife = 7 }: WalkOptions = {}): Walked {
  const { offsets, block, channelCount: n } = paths;
  const states = stateCount(n, order);
  const width = n + 2;
  if (states * width * blocks > MOST_COUNTS || states > MOST_STATES)
    throw new RangeError(`a chain of order ${order} over ${n} channels has ${states} states`);
  const moves = new Float64Array(blocks * states * width);
  const totals = {
    conversions: new Float64Array(blocks),
    value: new Float64Array(blocks),
    nulls: new Float64Array(blocks),
  };
  const { credit, giveCredit } = crediting(paths, blocks, halfLife);
  for (let path = 0; path + 1 < offsets.length; path++) {
    if (i32(offsets, path + 1) === i32(offsets, path)) continue;
    const own = block ? i32(block, path) : 0;
    const conversions = f64(paths.conversions, path);
    const value = f64(paths.value, path);
    const nulls = f64(paths.nulls, path);
    add(totals.conversions, own, conversions);
    add(totals.value, own, value);
    add(totals.nulls, own, nulls);
    countMoves(moves, paths, path, own * states, order, conversions, nulls);
    if (conversions !== 0 || value !== 0) giveCredit(path, own);
  }
  return { channelCount: n, blocks, order, states, credit, moves, ...totals, paths: offsets.length - 1 };
}

/** @param base first state of the block */
function countMoves(
  moves: Float64Array,
  { offsets, channels, channelCount: n }: Paths,
  path: number,
  base: number,
  order: number,
  conversions: number,
  nulls: number,
): void {
  const width = n + 2;
  const drop = (n + 1) ** (order - 1);
  const weight = conversions + nulls;
  let state = 0;
  const until = i32(offsets, path + 1);
  for (let k = i32(offsets, path); k < until; k++) {
    const c = i32(channels, k);
    add(moves, (base + state) * width + c, weight);
    state = order === 1 ? c + 1 : (state % drop) * (n + 1) + c + 1;
  }
  add(moves, (base + state) * width + n, conversions);
  add(moves, (base + state) * width + n + 1, nulls);
}

/** The accounts of all rules, and how a path is credited. */
function crediting(
  paths: Paths,
  blocks: number,
  halfLife: number,
): { readonly credit: Walked["credit"]; readonly giveCredit: (path: number, block: number) => void } {
  const { offsets, channels, age, channelCount: n } = paths;
  const account = (): Credit => ({
    conversions: new Float64Array(blocks * n),
    value: new Float64Array(blocks * n),
  });
  const credit = {
    first: account(),
    last: account(),
    linear: account(),
    position: account(),
    decay: account(),
    shapley: account(),
  };
  const { first, last, linear, position, decay, shapley } = credit;
  const seen = new Int32Array(n).fill(-1);
  const distinct = new Int32Array(n);
  const giveCredit = (path: number, block: number): void => {
    const from = i32(offsets, path);
    const until = i32(offsets, path + 1);
    const length = until - from;
    const conversions = f64(paths.conversions, path);
    const value = f64(paths.value, path);
    const give = (to: Credit, c: number, share: number): void => {
      add(to.conversions, block * n + c, conversions * share);
      add(to.value, block * n + c, value * share);
    };
    give(first, i32(channels, from), 1);
    give(last, i32(channels, until - 1), 1);
    let weights = 0;
    if (age) for (let k = from; k < until; k++) weights += 2 ** (-f64(age, k) / halfLife);
    let different = 0;
    for (let k = from; k < until; k++) {
      const c = i32(channels, k);
      give(linear, c, 1 / length);
      give(position, c, positionShare(k === from || k === until - 1, length));
      give(decay, c, age && weights > 0 ? 2 ** (-f64(age, k) / halfLife) / weights : 1 / length);
      if (i32(seen, c) === path) continue;
      seen[c] = path;
      distinct[different++] = c;
    }
    // Shapley's value where a path is worth its conversions once all its channels are there (Zhao et al. 2018): equal
    // parts
    for (let i = 0; i < different; i++) give(shapley, i32(distinct, i), 1 / different);
  };
  return { credit, giveCredit };
}

function positionShare(isEnd: boolean, length: number): number {
  if (length <= 2) return 1 / length;
  return isEnd ? ENDS : (1 - 2 * ENDS) / (length - 2);
}

/** The sum of blocks, each weighted. @param width values of a block */
export function summed(values: Float64Array, width: number, weights: ArrayLike<number>): Float64Array {
  const out = new Float64Array(width);
  for (let b = 0; b < weights.length; b++) {
    const w = num(weights, b);
    if (w === 0) continue;
    for (let i = 0; i < width; i++) add(out, i, w * f64(values, b * width + i));
  }
  return out;
}
