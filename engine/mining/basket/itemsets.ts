/**
 * Frequent itemsets by Eclat (Zaki 2000): each itemset keeps the list of its baskets, and a longer one is the
 * intersection of two lists. Pairs are counted first, basket by basket, so that only promising lists are intersected.
 */
import { at } from "../../lookup.ts";
import { count, i32, num } from "../numeric/vector.ts";

/** Baskets in compressed rows: basket b holds items[offsets[b]] … items[offsets[b + 1] - 1], each item once. */
export interface Baskets {
  readonly offsets: Int32Array;
  /** numbered from 0 */
  readonly items: Int32Array;
  readonly itemCount: number;
}

/** Items that are bought together. */
export interface Itemset {
  /** ascending */
  readonly items: readonly number[];
  /** baskets that hold them all */
  readonly count: number;
}

/** Pairs of more items are counted by lists alone: the square of counts would not fit. */
const MOST_IN_SQUARE = 6000;

/** The number of baskets. */
export const basketCount = ({ offsets }: Baskets): number => offsets.length - 1;

/**
 * Finds all frequent itemsets.
 * @param least baskets that an itemset must be in
 * @param most items of an itemset
 * @returns in the order of their items
 */
export function frequentItemsets(baskets: Baskets, least: number, most = 10): Itemset[] {
  const counts = new Int32Array(baskets.itemCount);
  for (const item of baskets.items) count(counts, item);
  // rare items first: their lists are short, and longer itemsets are cut from the shortest list
  const frequent = [...counts.keys()]
    .filter((item) => i32(counts, item) >= least)
    .sort((a, b) => i32(counts, a) - i32(counts, b) || a - b);
  const { lists, together } = listBaskets(baskets, frequent, counts);
  const found: Itemset[] = [];
  const stamp = new Int32Array(basketCount(baskets)).fill(-1);
  const intersect = intersection(stamp, least);
  let mark = 0;
  const prefix: number[] = [];
  /** extends the prefix by each rank, whose list is that of the prefix and the rank's item */
  const extend = (ranks: readonly number[], own: readonly Int32Array[]): void => {
    for (const [i, rank] of ranks.entries()) {
      const list = at(own, i);
      prefix.push(rank);
      found.push({ items: prefix.map((r) => num(frequent, r)).sort((a, b) => a - b), count: list.length });
      if (prefix.length < most && i + 1 < ranks.length) {
        mark++;
        for (const basket of list) stamp[basket] = mark;
        const nextRanks: number[] = [];
        const nextLists: Int32Array[] = [];
        for (let j = i + 1; j < ranks.length; j++) {
          const other = num(ranks, j);
          if (together !== null && together(rank, other) < least) continue;
          const cut = intersect(at(own, j), mark);
          if (cut === null) continue;
          nextRanks.push(other);
          nextLists.push(cut);
        }
        if (nextRanks.length > 0) extend(nextRanks, nextLists);
      }
      prefix.pop();
    }
  };
  extend([...frequent.keys()], lists);
  return found.sort(byItems);
}

interface Lists {
  /** baskets of each frequent item, by rank */
  readonly lists: Int32Array[];
  /** baskets with two items of ascending rank; null where there are too many items to count */
  readonly together: ((rank: number, other: number) => number) | null;
}

/** One pass over the baskets: lists of frequent items, and counts of their pairs. */
function listBaskets({ offsets, items, itemCount }: Baskets, frequent: readonly number[], counts: Int32Array): Lists {
  const n = frequent.length;
  const rankOf = new Int32Array(itemCount).fill(-1);
  for (const [rank, item] of frequent.entries()) rankOf[item] = rank;
  const lists = frequent.map((item) => new Int32Array(i32(counts, item)));
  const filled = new Int32Array(n);
  const square = n <= MOST_IN_SQUARE ? new Int32Array(n * n) : null;
  const own = new Int32Array(itemCount);
  for (let basket = 0; basket + 1 < offsets.length; basket++) {
    let size = 0;
    for (let k = i32(offsets, basket); k < i32(offsets, basket + 1); k++) {
      const rank = i32(rankOf, i32(items, k));
      const list = rank < 0 ? undefined : lists[rank];
      if (list === undefined) continue;
      list[i32(filled, rank)] = basket;
      count(filled, rank);
      own[size++] = rank;
    }
    if (square) countPairs(square, n, own, size);
  }
  return { lists, together: square && ((rank, other) => i32(square, rank * n + other)) };
}

/** Counts the pairs of one basket, the smaller rank first. */
function countPairs(square: Int32Array, n: number, ranks: Int32Array, size: number): void {
  for (let i = 1; i < size; i++) {
    const a = i32(ranks, i);
    for (let j = 0; j < i; j++) {
      const b = i32(ranks, j);
      count(square, a > b ? b * n + a : a * n + b);
    }
  }
}

/** Cuts lists to the baskets with a mark. @returns null below `least` baskets */
function intersection(stamp: Int32Array, least: number): (list: Int32Array, mark: number) => Int32Array | null {
  let scratch = new Int32Array(1024);
  return (list, mark) => {
    if (scratch.length < list.length) scratch = new Int32Array(list.length * 2);
    const into = scratch;
    let size = 0;
    for (let t = 0; t < list.length; t++) {
      const basket = i32(list, t);
      if (i32(stamp, basket) === mark) into[size++] = basket;
      else if (size + list.length - t - 1 < least) return null;
    }
    return size < least ? null : into.slice(0, size);
  };
}

function byItems(a: Itemset, b: Itemset): number {
  const shared = Math.min(a.items.length, b.items.length);
  for (let i = 0; i < shared; i++) {
    const gap = num(a.items, i) - num(b.items, i);
    if (gap !== 0) return gap;
  }
  return a.items.length - b.items.length;
}
