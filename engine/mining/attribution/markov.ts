/**
 * Markov attribution of any order (Anderl et al. 2016), paths without a conversion kept. Chances to convert solve the linear
 * equations of an absorbing chain; nothing is simulated. A channel's removal effect is the part of all conversions that is
 * lost when every move into it ends without one.
 */
import { f64, i32, num, add } from "../numeric/index.ts";

export interface Markov {
  /** chance that a path converts; conversions over all paths, for every order */
  readonly chance: number;
  /** by channel: share of conversions lost without it */
  readonly removal: Float64Array;
  /** removal effects as parts of one */
  readonly share: Float64Array;
}

const EXACT = 1e-15;
const MOST_ROUNDS = 100_000;

/** @param moves state x (channels, conversion, null), as `walk` counts them, summed over blocks */
export function markov(moves: Float64Array, channels: number, order: number): Markov {
  const width = channels + 2;
  const all = moves.length / width;
  const drop = (channels + 1) ** (order - 1);
  // only states that were seen; for each the moves as chances, those to itself taken out by division
  const seen: number[] = [];
  const place = new Int32Array(all).fill(-1);
  const totals = new Float64Array(all);
  for (let s = 0; s < all; s++) {
    let total = 0;
    for (let k = 0; k < width; k++) total += f64(moves, s * width + k);
    totals[s] = total;
    if (total > 0) {
      place[s] = seen.length;
      seen.push(s);
    }
  }
  const n = seen.length;
  const starts = new Int32Array(n + 1);
  const targets: number[] = [];
  const chances: number[] = [];
  const entered: number[] = [];
  const wins = new Float64Array(n);
  const selfs = new Float64Array(n);
  seen.forEach((s, i) => {
    for (let c = 0; c < channels; c++) {
      const weight = f64(moves, s * width + c);
      if (weight === 0) continue;
      const to = i32(place, order === 1 ? c + 1 : (s % drop) * (channels + 1) + c + 1);
      if (to === i) {
        add(selfs, i, weight / f64(totals, s));
        continue;
      }
      targets.push(to);
      entered.push(c);
      chances.push(weight / f64(totals, s));
    }
    wins[i] = f64(moves, s * width + channels) / f64(totals, s);
    starts[i + 1] = targets.length;
  });
  const x = new Float64Array(n);
  /** @param without channel that leads nowhere, or -1 */
  const solve = (without: number): number => {
    if (without >= 0) for (let i = 0; i < n; i++) if (lastOf(num(seen, i)) === without) x[i] = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      let change = 0;
      // states are numbered roughly as paths go, so backwards carries the end's chances to the start
      for (let i = n - 1; i >= 0; i--) {
        if (without >= 0 && lastOf(num(seen, i)) === without) continue;
        let sum = f64(wins, i);
        for (let k = i32(starts, i); k < i32(starts, i + 1); k++)
          if (entered[k] !== without) sum += num(chances, k) * f64(x, num(targets, k));
        const next = sum / (1 - f64(selfs, i));
        change = Math.max(change, Math.abs(next - f64(x, i)));
        x[i] = next;
      }
      if (change < EXACT) break;
    }
    return n === 0 || place[0] === -1 ? 0 : f64(x, i32(place, 0));
  };
  const lastOf = (state: number): number => (state % (channels + 1)) - 1;
  const chance = solve(-1);
  const removal = new Float64Array(channels);
  const whole = x.slice();
  for (let c = 0; c < channels; c++) {
    x.set(whole);
    removal[c] = chance === 0 ? 0 : Math.max(0, 1 - solve(c) / chance);
  }
  const total = removal.reduce((a, b) => a + b, 0);
  return { chance, removal, share: removal.map((r) => (total === 0 ? 0 : r / total)) };
}
