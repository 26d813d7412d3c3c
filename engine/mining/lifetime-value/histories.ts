/** Purchase histories of customers. */
import { f64 } from "../numeric/vector.ts";
import { pick } from "../numeric/summary.ts";

/** One element a history; times in weeks. */
export interface Histories {
  /** repeat purchases */
  readonly x: Float64Array;
  /** from the first purchase to the last */
  readonly tx: Float64Array;
  /** from the first purchase until now */
  readonly T: Float64Array;
  /** customers with this history; 1 each without it */
  readonly weight?: Float64Array;
}

/** Histories with values and what came after. */
export interface Customers extends Histories {
  /** mean value of the repeat purchases; 0 without any */
  readonly mean: Float64Array;
  /** purchases in the weeks held out */
  readonly actual: Float64Array;
}

/** Equal histories are merged and weighted: a million customers have some hundred thousand histories. */
export function compressHistories({ x, tx, T, weight }: Histories): Histories & { readonly weight: Float64Array } {
  const merged = new Map<string, { readonly row: number; weight: number }>();
  for (let i = 0; i < x.length; i++) {
    const key = `${x[i]}|${tx[i]}|${T[i]}`;
    const own = weight ? f64(weight, i) : 1;
    const known = merged.get(key);
    if (known) known.weight += own;
    else merged.set(key, { row: i, weight: own });
  }
  const entries = [...merged.values()];
  const rows = entries.map((e) => e.row);
  return {
    x: pick(x, rows),
    tx: pick(tx, rows),
    T: pick(T, rows),
    weight: Float64Array.from(entries, (e) => e.weight),
  };
}
