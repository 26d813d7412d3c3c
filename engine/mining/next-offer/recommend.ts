/** What a member buys next: the most bought, what he bought before, and what goes with that; judged by his next basket. */

/** Baskets of members in the order of time; items from 0. Basket b of the rows belongs to member member[b]; members ascend. */
export interface Histories {
  readonly member: Int32Array;
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  readonly itemCount: number;
}

export interface Learnt {
  /** items from the most bought on, and each item's place there */
  readonly popularity: readonly number[];
  readonly place: Int32Array;
  /** for each item those that go with it most: cosine of their buyers */
  readonly neighbours: readonly (readonly { readonly item: number; readonly weight: number }[])[];
}

export const RECOMMENDERS = ["popularity", "again", "together", "blend"] as const;
export type Recommender = (typeof RECOMMENDERS)[number];

const NEIGHBOURS = 30;
/** Up to so many items pairs are counted in a square. */
const MOST_IN_SQUARE = 5000;
/** Members with more different items than this teach little of what goes together, and cost the square of them. */
const MOST_OWNED = 400;

const nearer = (
  a: { readonly item: number; readonly weight: number },
  b: { readonly item: number; readonly weight: number },
): boolean => a.weight > b.weight || (a.weight === b.weight && a.item < b.item);

/** Keeps the best few of many in order, without sorting the many. */
function keep<T>(best: T[], one: T, most: number, before: (a: T, b: T) => boolean): void {
  let at = best.length;
  if (at === most) {
    if (!before(one, best[at - 1]!)) return;
    best.pop();
    at--;
  }
  while (at > 0 && before(one, best[at - 1]!)) at--;
  best.splice(at, 0, one);
}

/** @param known whether basket b may be learnt from */
export function learnOffers({ member, offsets, items, itemCount }: Histories, known: (b: number) => boolean): Learnt {
  const counts = new Float64Array(itemCount);
  const buyers = new Float64Array(itemCount);
  const square = itemCount <= MOST_IN_SQUARE ? new Uint16Array(itemCount * itemCount) : null;
  const pairs = new Map<number, number>();
  const flush = (owned: readonly number[]): void => {
    for (const item of owned) buyers[item]!++;
    if (owned.length > MOST_OWNED) return;
    for (let i = 0; i < owned.length; i++)
      for (let j = 0; j < i; j++) {
        const [a, b] = owned[i]! < owned[j]! ? [owned[i]!, owned[j]!] : [owned[j]!, owned[i]!];
        const key = a * itemCount + b;
        if (square) square[key]!++;
        else pairs.set(key, (pairs.get(key) ?? 0) + 1);
      }
  };
  let own = new Set<number>();
  for (let b = 0; b < member.length; b++) {
    if (b > 0 && member[b] !== member[b - 1]) {
      flush([...own]);
      own = new Set();
    }
    if (!known(b)) continue;
    for (let k = offsets[b]!; k < offsets[b + 1]!; k++) {
      counts[items[k]!]!++;
      own.add(items[k]!);
    }
  }
  flush([...own]);
  const lists: { item: number; weight: number }[][] = Array.from({ length: itemCount }, () => []);
  const add = (key: number, n: number): void => {
    const [a, b] = [Math.floor(key / itemCount), key % itemCount];
    const weight = n / Math.sqrt(buyers[a]! * buyers[b]!);
    keep(lists[a]!, { item: b, weight }, NEIGHBOURS, nearer);
    keep(lists[b]!, { item: a, weight }, NEIGHBOURS, nearer);
  };
  // a pair that one member alone bought is chance
  if (square) {
    for (let key = 0; key < square.length; key++) if (square[key]! > 1) add(key, square[key]!);
  } else for (const [key, n] of pairs) if (n > 1) add(key, n);
  const popularity = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const place = new Int32Array(itemCount);
  popularity.forEach((item, at) => {
    place[item] = at;
  });
  return {
    popularity,
    place,
    neighbours: lists,
  };
}

/**
 * @param past baskets of one member, oldest first
 * @returns `most` items with the best first; where a recommender runs out, the most bought fill up
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
    const scale = how === "blend" ? 0.5 : 1;
    for (const [item, n] of times)
      for (const { item: other, weight } of learnt.neighbours[item]!)
        score.set(other, (score.get(other) ?? 0) + scale * weight * Math.min(n, 3));
  }
  const top: (readonly [number, number])[] = [];
  for (const entry of score)
    if (!fresh || !times.has(entry[0]))
      keep(top, entry, most, (a, b) => a[1] > b[1] || (a[1] === b[1] && learnt.place[a[0]]! < learnt.place[b[0]]!));
  const ranked = top.map(([item]) => item);
  for (const item of learnt.popularity) {
    if (ranked.length >= most) break;
    if (!ranked.includes(item) && !(fresh && times.has(item))) ranked.push(item);
  }
  return ranked;
}

export interface OfferTest {
  readonly how: Recommender;
  /** share of members with a hit */
  readonly hits: number;
  readonly members: number;
  /** 1 or 0 by member */
  readonly byMember: Uint8Array;
  /** share of first guesses that came, by how often the member had bought the item: never, once, twice, oftener */
  readonly first: readonly (number | null)[];
  /** the same of the guess at each place: `ranked[place][times]`; null where fewer than `FEWEST_TRIED` were tried */
  readonly ranked: readonly (readonly (number | null)[])[];
}

/** A share of fewer guesses says little. */
const FEWEST_TRIED = 50;

export const timesBought = (past: readonly Int32Array[], item: number): number =>
  past.reduce((n, basket) => n + (basket.includes(item) ? 1 : 0), 0);

/** The last basket of every member with two or more is hidden from all; a hit is one of `most` items in it. */
export function judgeOffers(
  histories: Histories,
  most = 10,
): { readonly tests: readonly OfferTest[]; readonly learnt: Learnt } {
  const { member, offsets, items } = histories;
  const isLast = (b: number): boolean => b + 1 === member.length || member[b + 1] !== member[b];
  const isFirst = (b: number): boolean => b === 0 || member[b - 1] !== member[b];
  const learnt = learnOffers(histories, (b) => !isLast(b));
  const hits: Record<Recommender, number[]> = { popularity: [], again: [], together: [], blend: [] };
  const firsts = Object.fromEntries(
    RECOMMENDERS.map((how) => [how, [0, 1, 2, 3].map(() => ({ n: 0, came: 0 }))]),
  ) as Record<Recommender, { n: number; came: number }[]>;
  const places = Object.fromEntries(
    RECOMMENDERS.map((how) => [how, Array.from({ length: most }, () => [0, 1, 2, 3].map(() => ({ n: 0, came: 0 })))]),
  ) as Record<Recommender, { n: number; came: number }[][]>;
  let past: Int32Array[] = [];
  for (let b = 0; b < member.length; b++) {
    if (isFirst(b)) past = [];
    const basket = items.subarray(offsets[b]!, offsets[b + 1]!);
    if (isLast(b) && past.length > 0) {
      const next = new Set(basket);
      for (const how of RECOMMENDERS) {
        const named = recommend(how, learnt, past, most);
        hits[how].push(named.some((item) => next.has(item)) ? 1 : 0);
        for (const [at, item] of named.entries()) {
          const tried = places[how][at]![Math.min(3, timesBought(past, item))]!;
          tried.n++;
          if (next.has(item)) tried.came++;
        }
        const bucket = firsts[how][Math.min(3, timesBought(past, named[0]!))]!;
        bucket.n++;
        if (next.has(named[0]!)) bucket.came++;
      }
    }
    past.push(basket);
  }
  return {
    learnt,
    tests: RECOMMENDERS.map((how) => ({
      how,
      byMember: Uint8Array.from(hits[how]),
      members: hits[how].length,
      hits: hits[how].reduce((a, h) => a + h, 0) / hits[how].length,
      first: firsts[how].map(({ n, came }) => (n === 0 ? null : came / n)),
      ranked: places[how].map((times) => times.map(({ n, came }) => (n < FEWEST_TRIED ? null : came / n))),
    })),
  };
}
