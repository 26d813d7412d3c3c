/**
 * What a member buys next, by four recommenders: the most bought, what they bought before, what goes with it
 * (item-based collaborative filtering by cosine; Sarwar et al. 2001), and both together.
 */
import { at } from "../../lookup.ts";
import { add, count, f64, i32, num } from "../numeric/vector.ts";

/** Baskets of members in the order of time: basket b belongs to member[b] and holds items[offsets[b]] … */
export interface Histories {
  /** ascending */
  readonly member: Int32Array;
  readonly offsets: Int32Array;
  /** numbered from 0 */
  readonly items: Int32Array;
  readonly itemCount: number;
}

/** An item that goes with another. */
export interface Neighbour {
  readonly item: number;
  /** cosine of their buyers, 0 to 1 */
  readonly weight: number;
}

/** What was learnt from baskets. */
export interface Learnt {
  /** items from the most bought on */
  readonly popularity: readonly number[];
  /** each item's position there */
  readonly place: Int32Array;
  /** for each item those that go with it most */
  readonly neighbours: readonly (readonly Neighbour[])[];
}

/** The recommenders; the first is the baseline. */
export const RECOMMENDERS = ["popularity", "again", "together", "blend"] as const;
/** The name of a recommender. */
export type Recommender = (typeof RECOMMENDERS)[number];

const NEIGHBOURS = 30;
/** Up to this many items, pairs are counted in a square. */
const MOST_IN_SQUARE = 5000;
/** Members with more different items teach little about pairs, and cost the square of their number. */
const MOST_OWNED = 400;
/** Purchases of one item count up to this many times for its neighbours. */
const MOST_TIMES = 3;
/** Weight of neighbours next to the member's own purchases. */
const BLEND = 0.5;

const isNearer = (a: Neighbour, b: Neighbour): boolean =>
  a.weight > b.weight || (a.weight === b.weight && a.item < b.item);

/** Inserts into a sorted list of the best few, without sorting the many. */
function keepBest<T>(best: T[], one: T, most: number, isBefore: (a: T, b: T) => boolean): void {
  let position = best.length;
  if (position === most) {
    if (!isBefore(one, at(best, -1))) return;
    best.pop();
    position--;
  }
  while (position > 0 && isBefore(one, at(best, position - 1))) position--;
  best.splice(position, 0, one);
}

/** The basket of a number. */
export const basketAt = ({ items, offsets }: Histories, basket: number): Int32Array =>
  items.subarray(i32(offsets, basket), i32(offsets, basket + 1));

/** Learns popularity and neighbours. @param isKnown whether basket b may be learnt from */
export function learnOffers(histories: Histories, isKnown: (basket: number) => boolean): Learnt {
  const { member, itemCount } = histories;
  const counts = new Int32Array(itemCount);
  const buyers = new Float64Array(itemCount);
  const pairs = pairCounter(itemCount);
  let owned = new Set<number>();
  const closeMember = (): void => {
    for (const item of owned) add(buyers, item, 1);
    if (owned.size <= MOST_OWNED) pairs.addAll([...owned]);
    owned = new Set();
  };
  for (const [basket, who] of member.entries()) {
    if (basket > 0 && who !== member[basket - 1]) closeMember();
    if (!isKnown(basket)) continue;
    for (const item of basketAt(histories, basket)) {
      count(counts, item);
      owned.add(item);
    }
  }
  closeMember();
  const neighbours = Array.from({ length: itemCount }, (): Neighbour[] => []);
  pairs.forEach((a, b, n) => {
    if (n < 2) return; // a pair bought by one member is chance
    const weight = n / Math.sqrt(f64(buyers, a) * f64(buyers, b));
    keepBest(at(neighbours, a), { item: b, weight }, NEIGHBOURS, isNearer);
    keepBest(at(neighbours, b), { item: a, weight }, NEIGHBOURS, isNearer);
  });
  const popularity = [...counts.keys()].sort((a, b) => i32(counts, b) - i32(counts, a) || a - b);
  const place = new Int32Array(itemCount);
  for (const [position, item] of popularity.entries()) place[item] = position;
  return { popularity, place, neighbours };
}

interface PairCounter {
  /** counts every pair of the items once */
  addAll(items: readonly number[]): void;
  forEach(visit: (a: number, b: number, n: number) => void): void;
}

/** Counts pairs of items, in a square where it fits and in a map otherwise. */
function pairCounter(itemCount: number): PairCounter {
  const square = itemCount <= MOST_IN_SQUARE ? new Uint16Array(itemCount * itemCount) : null;
  const sparse = new Map<number, number>();
  return {
    addAll(items) {
      for (const [i, one] of items.entries())
        for (let j = 0; j < i; j++) {
          const other = at(items, j);
          const key = Math.min(one, other) * itemCount + Math.max(one, other);
          if (square) square[key] = num(square, key) + 1;
          else sparse.set(key, (sparse.get(key) ?? 0) + 1);
        }
    },
    forEach(visit) {
      const visitKey = (n: number, key: number): void => {
        if (n > 0) visit(Math.floor(key / itemCount), key % itemCount, n);
      };
      if (square) square.forEach(visitKey);
      else sparse.forEach(visitKey);
    },
  };
}

/**
 * Recommends items to one member.
 * @param past the member's baskets, oldest first
 * @param most how many items
 * @param fresh leaves out items the member has bought
 * @returns the best first; where a recommender runs out, the most bought fill up
 */
export function recommend(
  how: Recommender,
  learnt: Learnt,
  past: readonly Int32Array[],
  most: number,
  fresh = false,
): number[] {
  const times = new Map<number, number>();
  for (const basket of past) for (const item of basket) times.set(item, (times.get(item) ?? 0) + 1);
  const score = new Map<number, number>();
  if (how === "again" || how === "blend") for (const [item, n] of times) score.set(item, n);
  if (how === "together" || how === "blend") {
    const scale = how === "blend" ? BLEND : 1;
    for (const [item, n] of times)
      for (const { item: other, weight } of at(learnt.neighbours, item))
        score.set(other, (score.get(other) ?? 0) + scale * weight * Math.min(n, MOST_TIMES));
  }
  const isBetter = (a: readonly [number, number], b: readonly [number, number]): boolean =>
    a[1] > b[1] || (a[1] === b[1] && i32(learnt.place, a[0]) < i32(learnt.place, b[0]));
  const top: (readonly [number, number])[] = [];
  for (const entry of score) if (!fresh || !times.has(entry[0])) keepBest(top, entry, most, isBetter);
  const ranked = top.map(([item]) => item);
  for (const item of learnt.popularity) {
    if (ranked.length >= most) break;
    if (!ranked.includes(item) && !(fresh && times.has(item))) ranked.push(item);
  }
  return ranked;
}

/** Baskets of a member that hold an item. */
export const timesBought = (past: readonly Int32Array[], item: number): number =>
  past.reduce((n, basket) => n + (basket.includes(item) ? 1 : 0), 0);
