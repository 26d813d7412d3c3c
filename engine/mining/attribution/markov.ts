/**
 * Markov attribution of any order (Anderl et al. 2016), paths without a conversion kept. The probabilities of
 * converting solve the linear equations of an absorbing chain (Gauss-Seidel); nothing is simulated. A channel's removal
 * effect is the share of conversions that is lost when every move into it ends without one.
 */
import { add, f64, i32 } from "../numeric/vector.ts";
import { sum } from "../numeric/summary.ts";

/** The chain's credit. */
export interface Markov {
  /** probability that a path converts; conversions over all paths, for every order */
  readonly chance: number;
  /** by channel: share of conversions lost without it */
  readonly removal: Float64Array;
  /** removal effects scaled to a sum of one */
  readonly share: Float64Array;
}

const EXACT = 1e-15;
const MOST_ROUNDS = 100_000;

/** Moves between observed states as probabilities, in compressed rows; those to the state itself are kept apart. */
interface Chain {
  /** last channel of each state; -1 for the start */
  readonly last: Int32Array;
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly entered: Int32Array;
  readonly probability: Float64Array;
  /** probability of converting next */
  readonly wins: Float64Array;
  readonly self: Float64Array;
  /** the state before the first touch; -1 where no path was observed */
  readonly start: number;
}

/** @param moves state x (channels, conversion, null), as `walk` counts them, summed over blocks */
export function markov(moves: Float64Array, channels: number, order: number): Markov {
  const chain = chainOf(moves, channels, order);
  const x = new Float64Array(chain.wins.length);
  const chance = solve(chain, x, -1);
  const whole = x.slice();
  const removal = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    x.set(whole);
    removal[c] = chance === 0 ? 0 : Math.max(0, 1 - solve(chain, x, c) / chance);
  }
  const total = sum(removal);
  return { chance, removal, share: removal.map((r) => (total === 0 ? 0 : r / total)) };
}

function chainOf(moves: Float64Array, channels: number, order: number): Chain {
  const width = channels + 2;
  const states = moves.length / width;
  const drop = (channels + 1) ** (order - 1);
  const place = new Int32Array(states).fill(-1);
  const totals = new Float64Array(states);
  const seen: number[] = [];
  for (let s = 0; s < states; s++) {
    let total = 0;
    for (let k = 0; k < width; k++) total += f64(moves, s * width + k);
    totals[s] = total;
    if (total > 0) place[s] = seen.push(s) - 1;
  }
  const wins = new Float64Array(seen.length);
  const self = new Float64Array(seen.length);
  const starts = new Int32Array(seen.length + 1);
  const [targets, entered, probability]: [number[], number[], number[]] = [[], [], []];
  for (const [i, s] of seen.entries()) {
    const total = f64(totals, s);
    for (let c = 0; c < channels; c++) {
      const weight = f64(moves, s * width + c);
      if (weight === 0) continue;
      const to = i32(place, order === 1 ? c + 1 : (s % drop) * (channels + 1) + c + 1);
      if (to === i) {
        add(self, i, weight / total);
        continue;
      }
      targets.push(to);
      entered.push(c);
      probability.push(weight / total);
    }
    wins[i] = f64(moves, s * width + channels) / total;
    starts[i + 1] = targets.length;
  }
  return {
    last: Int32Array.from(seen, (s) => (s % (channels + 1)) - 1),
    starts,
    targets: Int32Array.from(targets),
    entered: Int32Array.from(entered),
    probability: Float64Array.from(probability),
    wins,
    self,
    start: place[0] ?? -1,
  };
}

/**
 * Solves for the probability of converting from each state into `x`.
 * @param without channel that leads nowhere, or -1
 * @returns the probability from the start
 */
function solve(chain: Chain, x: Float64Array, without: number): number {
  const { last, starts, targets, entered, probability, wins, self, start } = chain;
  const isRemoved = (state: number): boolean => without >= 0 && i32(last, state) === without;
  for (let i = 0; i < x.length; i++) if (isRemoved(i)) x[i] = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let change = 0;
    // states are numbered roughly in the order of paths: backwards carries the end's values to the start
    for (let i = x.length - 1; i >= 0; i--) {
      if (isRemoved(i)) continue;
      let total = f64(wins, i);
      const until = i32(starts, i + 1);
      for (let k = i32(starts, i); k < until; k++)
        if (i32(entered, k) !== without) total += f64(probability, k) * f64(x, i32(targets, k));
      const next = total / (1 - f64(self, i));
      change = Math.max(change, Math.abs(next - f64(x, i)));
      x[i] = next;
    }
    if (change < EXACT) break;
  }
  return start < 0 ? 0 : f64(x, start);
}
