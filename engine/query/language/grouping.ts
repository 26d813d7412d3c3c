/**
 * Grouping sets: which dimensions a row is spread out by. A set is a list of key positions; its number has a bit for
 * each key rolled up.
 */
import { binary, integer, type Expr } from "../../sql/tree.ts";

export type GroupingSet = readonly number[];

/** The bits of SQL's GROUPING(k0, …): 1 where the key is rolled up, the first key highest. */
export const groupingNumber = (set: GroupingSet, keys: number): number =>
  Array.from({ length: keys }, (_, i) => (set.includes(i) ? 0 : 2 ** (keys - 1 - i))).reduce((a, b) => a + b, 0);

export const setKey = (set: GroupingSet): string => set.join(",");

export function uniqueSets(sets: readonly GroupingSet[]): GroupingSet[] {
  return [...new Map(sets.map((set) => [setKey(set), set])).values()];
}

/** The grouping number as an expression over a GROUP BY of `columns` (by key position) in `sets`. */
export function groupingExpr(columns: ReadonlyMap<number, Expr>, sets: readonly GroupingSet[], keys: number): Expr {
  if (sets.length === 1) return integer(groupingNumber(sets[0]!, keys));
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
