/** The interval of a customer's value: Gamma-Gamma sums over the distribution of future purchases. */
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import type { GammaGamma } from "./gamma-gamma.ts";
import { MOST_COUNTS } from "./process.ts";
import { at as item } from "../../lookup.ts";
import { f64 } from "../numeric/vector.ts";

/** Digamma and trigamma of positive numbers, by recurrence and asymptotic series (Abramowitz and Stegun 1964). */
function psi(x: number): readonly [number, number] {
  let [at, first, second] = [x, 0, 0];
  for (; at < 8; at++) {
    first -= 1 / at;
    second += 1 / at ** 2;
  }
  const i = 1 / at ** 2;
  return [
    first + Math.log(at) - 1 / (2 * at) - i * (1 / 12 - i * (1 / 120 - i / 252)),
    second + 1 / at + i / 2 + (i / at) * (1 / 6 - i * (1 / 30 - i / 42)),
  ];
}

/**
 * Bounds of a customer's value. The sum of y purchases given nu is Gamma(p y, nu), and nu after x purchases of mean m
 * is Gamma(q + p x, v + x m): a beta prime variable whose logarithm has known moments. Over all counts the logarithm is
 * taken as normal.
 * @returns a function of known purchases x, their mean, and the probabilities of 0, 1 … purchases: values at two shares
 */
export function worthBounds({
  p,
  q,
  v,
}: GammaGamma): (
  x: number,
  mean: number,
  chances: Float64Array,
  counts: number,
  shares: readonly [number, number],
) => readonly [number, number] {
  const sums = Array.from({ length: MOST_COUNTS }, (_, y) => (y === 0 ? ([0, 0] as const) : psi(p * y)));
  const known: (readonly [number, number])[] = [];
  return (x, mean, chances, counts, [low, high]) => {
    const none = f64(chances, 0);
    if (none >= high || counts < 2) return [0, 0];
    const [first, second] = (known[x] ??= psi(q + p * x));
    const scale = Math.log(v + x * mean) - first;
    let [sum, squares] = [0, 0];
    for (let y = 1; y < counts; y++) {
      const [m, s] = item(sums, y);
      const at = scale + m;
      sum += f64(chances, y) * at;
      squares += f64(chances, y) * (s + second + at * at);
    }
    const centre = sum / (1 - none);
    const spread = Math.sqrt(Math.max(0, squares / (1 - none) - centre ** 2));
    const at = (share: number): number =>
      share <= none ? 0 : Math.exp(centre + spread * normalQuantile((share - none) / (1 - none), 0, 1));
    return [at(low), at(high)];
  };
}
