/** How certain the chain is: intervals by resampling units, and its predictions on unseen units. */
import { add, f64, num } from "../numeric/vector.ts";
import { mean, positions, squaresAround } from "../numeric/summary.ts";
import { seeded } from "../random.ts";
import type { Attribution } from "./attribution-types.ts";
import { markov } from "./markov.ts";
import { summed, type Walked } from "./paths.ts";
import { BLOCKS } from "./read-events.ts";

const REPETITIONS = 200;
/** A longer chain is resampled less often, within some three seconds. */
const LONG = 20_000;
const FEW_REPETITIONS = 20;

/** The interval that 95 % of draws lie in. */
export const between = (values: readonly number[]): readonly [number, number] => {
  const sorted = [...values].sort((a, b) => a - b);
  return [num(sorted, Math.floor(sorted.length * 0.025)), num(sorted, Math.ceil(sorted.length * 0.975) - 1)];
};

/** Draws blocks of units with replacement (bootstrap, Efron 1979): the chain of each draw. */
export function resample(
  { moves }: Pick<Walked, "moves">,
  size: number,
  channels: number,
  order: number,
  seed: number,
): { readonly removal: Float64Array; readonly share: Float64Array }[] {
  const random = seeded(seed);
  return Array.from({ length: size > LONG ? FEW_REPETITIONS : REPETITIONS }, () => {
    const weights = new Float64Array(BLOCKS);
    for (let b = 0; b < BLOCKS; b++) add(weights, random.below(BLOCKS), 1);
    return markov(summed(moves, size, weights), channels, order);
  });
}

/** Whether the last state of a path predicts conversion: learnt from half of the blocks, judged on the other half. */
export function judgeChain(
  { moves, states }: Pick<Walked, "moves" | "states">,
  channels: number,
): Attribution["judged"] {
  const width = channels + 2;
  const size = states * width;
  const even = positions(BLOCKS).map((b) => (b % 2 === 0 ? 1 : 0));
  const learnt = summed(moves, size, even);
  const wonAt = (of: Float64Array, from: number, state: number): number => f64(of, from + state * width + channels);
  const lostAt = (of: Float64Array, from: number, state: number): number =>
    f64(of, from + state * width + channels + 1);
  let [won, lost] = [0, 0];
  for (let s = 0; s < states; s++) {
    won += wonAt(learnt, 0, s);
    lost += lostAt(learnt, 0, s);
  }
  const base = won / (won + lost);
  const differences: number[] = [];
  let [loss, rival, paths] = [0, 0, 0];
  for (let b = 1; b < BLOCKS; b += 2) {
    let [own, other, n] = [0, 0, 0];
    for (let s = 0; s < states; s++) {
      const [w, l] = [wonAt(moves, b * size, s), lostAt(moves, b * size, s)];
      if (w + l === 0) continue;
      const p = (wonAt(learnt, 0, s) + base) / (wonAt(learnt, 0, s) + lostAt(learnt, 0, s) + 1);
      own -= w * Math.log(p) + l * Math.log(1 - p);
      other -= w * Math.log(base) + l * Math.log(1 - base);
      n += w + l;
    }
    if (n > 0) differences.push((other - own) / n);
    loss += own;
    rival += other;
    paths += n;
  }
  const centre = mean(differences);
  const spread = squaresAround(differences, centre) / (differences.length - 1) / differences.length;
  const reach = 1.96 * Math.sqrt(spread);
  return { loss: loss / paths, rival: rival / paths, lead: [centre - reach, centre + reach] };
}
