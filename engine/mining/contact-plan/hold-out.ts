/** Who is held out: a random share of each option, spread evenly over the strata. */
import type { Random } from "../random.ts";
import { at } from "../../lookup.ts";
import { f64, num } from "../numeric/index.ts";

/**
 * Systematic sampling: those of an option are put in order by stratum, by chance within, and every 1/share-th is taken from a random start. Each has
 * the same chance; of each stratum of an option the part held out is within one of the share. Rounded up, so that limits hold for the others.
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
    const own = groups.get(num(option, k));
    if (own) own.push(k);
    else groups.set(num(option, k), [k]);
  }
  for (const [, own] of [...groups].sort(([a], [b]) => a - b)) {
    own.sort((a, b) =>
      at(stratum, a) < at(stratum, b) ? -1 : at(stratum, a) > at(stratum, b) ? 1 : f64(tickets, a) - f64(tickets, b),
    );
    // shares such as .1 are not exact: 30 x .1 is a little above 3
    const wanted = Math.ceil(own.length * share - 1e-9);
    const start = random.uniform();
    for (let t = 0; t < wanted; t++)
      held[num(own, Math.min(own.length - 1, Math.floor(((t + start) * own.length) / wanted)))] = 1;
  }
  return held;
}
