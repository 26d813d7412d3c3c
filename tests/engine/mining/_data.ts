/** Public data beside the package, and random numbers that are the same everywhere. */
import { existsSync } from "node:fs";
import { DuckDBInstance } from "duckdb";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const DATA = new URL("../../../../shared/data/", import.meta.url);
export const hasData = existsSync(DATA);
export const dataPath = (name: string): string => new URL(name, DATA).pathname;

export const randomOf = (seed: number): (() => number) => {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
};
export const normalOf =
  (uniform: () => number): (() => number) =>
  () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
export const connect = async () => (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
/** Gamma variables of scale one (Marsaglia and Tsang 2000). */
export const gammaOf = (uniform: () => number): ((k: number) => number) => {
  const normal = normalOf(uniform);
  const gamma = (k: number): number => {
    if (k < 1) return gamma(k + 1) * uniform() ** (1 / k);
    const d = k - 1 / 3,
      c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const n = normal();
      const w = (1 + c * n) ** 3;
      if (w > 0 && Math.log(uniform()) < 0.5 * n * n + d - d * w + d * Math.log(w)) return d * w;
    }
  };
  return gamma;
};
