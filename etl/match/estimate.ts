/**
 * The weights of Fellegi and Sunter (A Theory for Record Linkage, 1969), estimated from the data by
 * expectation-maximisation (Winkler, 1988).
 */
import { at } from "../../engine/lookup.ts";

/** Pairs with the same result in every comparison. */
export interface Pattern {
  /** level of each field: -1 missing, 0 different, higher levels agree better */
  readonly levels: readonly number[];
  readonly count: number;
}

/** The pairs of one block. */
export interface BlockPatterns {
  /** fields that the pairs agree on because of the block; they carry no information in it */
  readonly held: ReadonlySet<number>;
  readonly patterns: readonly Pattern[];
}

/** The estimated weights. */
export interface Weights {
  /** field -> level -> probability among pairs that are one person */
  readonly m: Probabilities;
  /** field -> level -> probability among any two entries */
  readonly u: Probabilities;
  /** expected number of pairs in the blocks that are one person */
  readonly matches: number;
  readonly rounds: number;
}

/** field -> level -> probability */
type Probabilities = readonly (readonly number[])[];

const ROUNDS = 50;
const FLOOR = 1e-4;
/** Largest change of a probability that ends the estimation. */
const CONVERGED = 1e-5;
const ENOUGH_PAIRS = 10;

/** Begin of the estimation, and its result without data: two entries of one person mostly agree. */
const begin = (levels: number): number[] =>
  levels === 2 ? [0.1, 0.9] : [0.06, ...Array.from({ length: levels - 2 }, () => 0.14 / (levels - 2)), 0.8];

/** Estimates `m`. @param u from random pairs, which are hardly ever one person; it is not estimated again */
export function estimate(u: Probabilities, blocks: readonly BlockPatterns[]): Weights {
  let m: Probabilities = u.map((levels) => begin(levels.length));
  let shares = blocks.map(() => 0.3);
  let rounds = 0;
  let matches = 0;
  for (; rounds < ROUNDS; rounds++) {
    const sums = m.map((levels) => levels.map(() => 0));
    const found = blocks.map((block, i) => expectation(block, m, u, at(shares, i), sums));
    shares = found.map(({ found, all }) => Math.min(0.999, Math.max(1e-6, all === 0 ? 0 : found / all)));
    matches = found.reduce((sum, block) => sum + block.found, 0);
    const next = maximisation(sums, m);
    const moved = Math.max(
      ...next.flatMap((levels, f) => levels.map((value, level) => Math.abs(value - at(at(m, f), level)))),
    );
    m = next;
    if (moved < CONVERGED) break;
  }
  return { m, u, matches, rounds };
}

/** Adds the block's expected matches by field and level to `sums`. */
function expectation(
  { held, patterns }: BlockPatterns,
  m: Probabilities,
  u: Probabilities,
  share: number,
  sums: readonly number[][],
): { readonly found: number; readonly all: number } {
  let found = 0;
  let all = 0;
  for (const { levels, count } of patterns) {
    const p = posterior(levels, m, u, Math.log(share / (1 - share)), held);
    found += p * count;
    all += count;
    for (const [f, level] of levels.entries()) {
      if (level < 0 || held.has(f)) continue;
      const sum = at(sums, f);
      sum[level] = (sum[level] ?? 0) + p * count;
    }
  }
  return { found, all };
}

/** The new `m`; a field with too few pairs keeps its probabilities. */
const maximisation = (sums: readonly number[][], m: Probabilities): Probabilities =>
  sums.map((levels, f) => {
    const total = levels.reduce((sum, n) => sum + n, 0);
    return total < ENOUGH_PAIRS ? at(m, f) : levels.map((n) => Math.max(FLOOR, n / total));
  });

function posterior(
  levels: readonly number[],
  m: Probabilities,
  u: Probabilities,
  prior: number,
  held: ReadonlySet<number>,
): number {
  let logit = prior;
  for (const [f, level] of levels.entries())
    if (level >= 0 && !held.has(f)) logit += Math.log(at(at(m, f), level) / at(at(u, f), level));
  return 1 / (1 + Math.exp(-logit));
}
