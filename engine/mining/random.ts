/** Seeded random numbers: the same seed gives the same numbers on every machine. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers. */
export interface Random {
  /** from 0 to below 1 */
  uniform(): number;
  /** a whole number from 0 to n - 1 */
  below(n: number): number;
  /** mean 0, standard deviation 1 (Box and Muller 1958) */
  normal(): number;
}

/** A stream that depends on its seed alone (xoroshiro128+). */
export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(generator);
  return {
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
