/**
 * Grouping sets: the dimensions that a row is split by. A set is a list of key positions; its number has one bit for
 * each key that is rolled up.
 */
import { first } from "../../lookup.ts";
import { binary, integer, type Expr } from "../../sql/tree.ts";

/** Positions of the keys that a row is split by, in ascending order. */
export type GroupingSet = readonly number[];

/** The bits of SQL's GROUPING(k0, …): 1 where the key is rolled up, the first key highest. */
export const groupingNumber = (set: GroupingSet, keys: number): number =>
  Array.from({ length: keys }, (_, i) => (set.includes(i) ? 0 : 2 ** (keys - 1 - i))).reduce((a, b) => a + b, 0);

/** The identity of a set, for maps. */
export const setKey = (set: GroupingSet): string => set.join(",");

/** The sets, each once. */
export function uniqueSets(sets: readonly GroupingSet[]): GroupingSet[] {
  return [...new Map(sets.map((set) => [setKey(set), set])).values()];
}

/** The grouping number as an expression over a GROUP BY of `columns` (by key position) in `sets`. */
export function groupingExpr(columns: ReadonlyMap<number, Expr>, sets: readonly GroupingSet[], keys: number): Expr {
  if (sets.length === 1) return integer(groupingNumber(first(sets), keys));
  let constant = 0;
  let sum: Expr | null = null;
  for (let i = 0; i < keys; i++) {
    const weight = 2 ** (keys - 1 - i);
    const column = columns.get(i);
    if (!column) {
      constant += weight;
      continue;
    }
    if (sets.every((s) => s.includes(i))) continue;
    const part = binary("*", { t: "grouping", keys: [column] }, integer(weight));
    sum = sum ? binary("+", sum, part) : part;
  }
  return sum ? binary("+", sum, integer(constant)) : integer(constant);
}
