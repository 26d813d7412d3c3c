/** Draws the control group: a random share of each option, spread evenly over the strata. */
import { at } from "../../lookup.ts";
import { f64, num } from "../numeric/vector.ts";
import type { Random } from "../random.ts";

/**
 * Systematic sampling: the contacts of an option are sorted by stratum and randomly within, and every 1/share-th is
 * taken from a random start. Each has the same probability; in each stratum the number held out is within one of the
 * share. Rounded up, so that limits hold for the others.
 * @returns 1 for the held out
 */
export function holdOut(
  option: ArrayLike<number>,
  stratum: readonly string[],
  share: number,
  random: Random,
): Uint8Array {
  const held = new Uint8Array(option.length);
  const tickets = Float64Array.from({ length: option.length }, () => random.uniform());
  const groups = new Map<number, number[]>();
  for (let k = 0; k < option.length; k++) {
    const own = groups.get(num(option, k)) ?? [];
    own.push(k);
    groups.set(num(option, k), own);
  }
  const byStratum = (a: number, b: number): number => {
    const [one, other] = [at(stratum, a), at(stratum, b)];
    if (one === other) return f64(tickets, a) - f64(tickets, b);
    return one < other ? -1 : 1;
  };
  for (const [, own] of [...groups].sort(([a], [b]) => a - b)) {
    own.sort(byStratum);
    // shares such as 0.1 are not exact: 30 x 0.1 is a little above 3
    const wanted = Math.ceil(own.length * share - 1e-9);
    const start = random.uniform();
    for (let t = 0; t < wanted; t++)
      held[num(own, Math.min(own.length - 1, Math.floor(((t + start) * own.length) / wanted)))] = 1;
  }
  return held;
}
