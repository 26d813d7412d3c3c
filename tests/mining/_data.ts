/** Public data beside the package, and random numbers that are the same everywhere. */
import { existsSync } from "node:fs";
import { DuckDBInstance } from "duckdb";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const DATA = new URL("../../../shared/data/", import.meta.url);
export const hasData = existsSync(DATA);
export const dataPath = (name: string): string => new URL(name, DATA).pathname;

export const randomOf = (seed: number): (() => number) => { const generator = xoroshiro128plus(seed); return () => uniformFloat64(generator); };
export const normalOf = (uniform: () => number): (() => number) => () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
export const connect = async () => (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
