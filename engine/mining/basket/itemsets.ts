/**
 * Frequent itemsets by Eclat (Zaki 2000): each itemset keeps the list of its baskets, and a longer one is the intersection of
 * two lists. Pairs are counted first, basket by basket, so that lists are only cut where something can come of it.
 */
import { at } from "../../lookup.ts";
import { i32, num, count as tally } from "../numeric/index.ts";

/** Baskets in compressed rows: basket b holds items[offsets[b]] … items[offsets[b + 1] - 1], each once, items numbered from 0. */
export interface Baskets {
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  readonly itemCount: number;
}

export interface Itemset {
  /** ascending */ readonly items: readonly number[];
  readonly count: number;
}

/** Pairs of more items than this are counted by lists alone: the square of counts would not fit. */
const MOST_IN_SQUARE = 6000;

export const basketCount = ({ offsets }: Baskets): number => offsets.length - 1;

/**
 * @param least baskets that an itemset must be in
 * @param most items in an itemset
 * @returns the itemsets in the order of their items
 */
export function frequentItemsets(baskets: Baskets, least: number, most = 10): Itemset[] {
  const { offsets, items, itemCount } = baskets;
  const counts = new Int32Array(itemCount);
  for (let i = 0; i < items.length; i++) tally(counts, i32(items, i));
  // rare items first: their lists are short, and longer itemsets are cut from the shortest list
  const frequent = Array.from(counts.keys())
    .filter((item) => i32(counts, item) >= least)
    .sort((a, b) => i32(counts, a) - i32(counts, b) || a - b);
  const rank = new Int32Array(itemCount).fill(-1);
  frequent.forEach((item, r) => {
    rank[item] = r;
  });
  const n = frequent.length;
  const lists = frequent.map((item) => new Int32Array(i32(counts, item)));
  const filled = new Int32Array(n);
  const square = n <= MOST_IN_SQUARE ? new Int32Array(n * n) : null;
  const own = new Int32Array(itemCount);
  for (let b = 0; b + 1 < offsets.length; b++) {
    let size = 0;
    for (let k = i32(offsets, b); k < i32(offsets, b + 1); k++) {
      const r = i32(rank, i32(items, k));
      if (r >= 0) {
        at(lists, r)[filled[r]!++] = b;
        own[size++] = r;
      }
    }
    if (square)
      for (let i = 1; i < size; i++) {
        const a = i32(own, i);
        for (let j = 0; j < i; j++) {
          const c = i32(own, j);
          tally(square, a > c ? c * n + a : a * n + c);
        }
      }
  }
  const together = (a: number, c: number): boolean => square === null || i32(square, a * n + c) >= least;

  const found: Itemset[] = [];
  const stamp = new Int32Array(offsets.length - 1).fill(-1);
  let mark = 0;
  const prefix: number[] = [];
  /** extends the prefix by each of `ranks`, whose lists are those of prefix and item together */
  const extend = (ranks: readonly number[], own: readonly Int32Array[]): void => {
    for (let i = 0; i < ranks.length; i++) {
      prefix.push(num(ranks, i));
      found.push({ items: prefix.map((r) => num(frequent, r)).sort((a, b) => a - b), count: at(own, i).length });
      if (prefix.length < most && i + 1 < ranks.length) {
        const list = at(own, i);
        mark++;
        for (let t = 0; t < list.length; t++) stamp[i32(list, t)] = mark;
        const nextRanks: number[] = [];
        const nextLists: Int32Array[] = [];
        for (let j = i + 1; j < ranks.length; j++) {
          if (!together(num(ranks, i), num(ranks, j))) continue;
          const cut = intersect(at(own, j), stamp, mark, least);
          if (cut !== null) {
            nextRanks.push(num(ranks, j));
            nextLists.push(cut);
          }
        }
        if (nextRanks.length > 0) extend(nextRanks, nextLists);
      }
      prefix.pop();
    }
  };
  extend(
    frequent.map((_, r) => r),
    lists,
  );
  return found.sort(byItems);
}

const scratch = { list: new Int32Array(1024) };

function intersect(list: Int32Array, stamp: Int32Array, mark: number, least: number): Int32Array | null {
  if (scratch.list.length < list.length) scratch.list = new Int32Array(list.length * 2);
  const into = scratch.list;
  let size = 0;
  for (let t = 0; t < list.length; t++) {
    const b = i32(list, t);
    if (stamp[b] === mark) into[size++] = b;
    else if (size + list.length - t - 1 < least) return null;
  }
  return size < least ? null : into.slice(0, size);
}

function byItems(a: Itemset, b: Itemset): number {
  for (let i = 0; i < Math.min(a.items.length, b.items.length); i++)
    if (a.items[i] !== b.items[i]) return num(a.items, i) - num(b.items, i);
  return a.items.length - b.items.length;
}
