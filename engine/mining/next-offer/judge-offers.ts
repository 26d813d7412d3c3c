/** Judges recommenders on the last basket of each member, which they have not seen. */
import { at, required } from "../../lookup.ts";
import {
  basketAt,
  learnOffers,
  recommend,
  RECOMMENDERS,
  timesBought,
  type Histories,
  type Learnt,
  type Recommender,
} from "./recommend.ts";

/** How one recommender did. */
export interface OfferTest {
  readonly how: Recommender;
  /** share of members with a hit */
  readonly hits: number;
  readonly members: number;
  /** 1 or 0 by member */
  readonly byMember: Uint8Array;
  /** share of first guesses that were bought, by how often the member had bought the item: never, once, twice, more */
  readonly first: readonly (number | null)[];
  /** the same for the guess at each place: `ranked[place][times]`; null for fewer than 50 guesses */
  readonly ranked: readonly (readonly (number | null)[])[];
}

/** Times an item was bought before: never, once, twice, more. */
const BUCKETS = 4;
/** A share of fewer guesses says little. */
const FEWEST_TRIED = 50;

interface Tally {
  tried: number;
  bought: number;
}

interface Ledger {
  readonly hits: number[];
  /** by place, then by times bought before */
  readonly places: readonly (readonly Tally[])[];
}

const emptyRecord = (most: number): Ledger => ({
  hits: [],
  places: Array.from({ length: most }, () => Array.from({ length: BUCKETS }, () => ({ tried: 0, bought: 0 }))),
});

/** The bucket of a number of times. */
export const bucketOf = (times: number): number => Math.min(BUCKETS - 1, times);

/**
 * Hides the last basket of every member with two or more; a hit is one of `most` guesses in it.
 * @returns a test of each recommender, the baseline first, and what was learnt without the hidden baskets
 */
export function judgeOffers(
  histories: Histories,
  most = 10,
): { readonly tests: readonly OfferTest[]; readonly learnt: Learnt } {
  const { member } = histories;
  const isLast = (b: number): boolean => b + 1 === member.length || member[b + 1] !== member[b];
  const isFirst = (b: number): boolean => b === 0 || member[b - 1] !== member[b];
  const learnt = learnOffers(histories, (b) => !isLast(b));
  const records = new Map(RECOMMENDERS.map((how) => [how, emptyRecord(most)] as const));
  let past: Int32Array[] = [];
  for (const b of member.keys()) {
    if (isFirst(b)) past = [];
    const basket = basketAt(histories, b);
    if (isLast(b) && past.length > 0) {
      const next = new Set(basket);
      for (const [how, record] of records) tally(record, recommend(how, learnt, past, most), past, next);
    }
    past.push(basket);
  }
  return { learnt, tests: RECOMMENDERS.map((how) => testOf(how, required(records, how))) };
}

function tally({ hits, places }: Ledger, guesses: readonly number[], past: Int32Array[], next: Set<number>): void {
  hits.push(guesses.some((item) => next.has(item)) ? 1 : 0);
  for (const [place, item] of guesses.entries()) {
    const cell = at(at(places, place), bucketOf(timesBought(past, item)));
    cell.tried++;
    if (next.has(item)) cell.bought++;
  }
}

const testOf = (how: Recommender, { hits, places }: Ledger): OfferTest => ({
  how,
  byMember: Uint8Array.from(hits),
  members: hits.length,
  hits: hits.reduce((a, h) => a + h, 0) / hits.length,
  first: (places[0] ?? []).map(({ tried, bought }) => (tried === 0 ? null : bought / tried)),
  ranked: places.map((times) => times.map(({ tried, bought }) => (tried < FEWEST_TRIED ? null : bought / tried))),
});
