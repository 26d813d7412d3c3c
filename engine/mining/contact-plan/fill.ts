/** A plan that keeps every limit: contacts are taken in the order of what they are worth at given prices. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { at } from "../../lookup.ts";
import { add, count, f64, i32, num, u32, u8 } from "../numeric/vector.ts";
import type { Prices } from "./choice.ts";
import { allowanceOf, floorsOf, largestAllowance, segmentOf, type ContactProblem } from "./problem.ts";

/** Contacts are sorted by counting in so many buckets: eight million pairs in a third of a second. */
const BUCKETS = 1 << 17;

/** A filled plan: pairs of customer and option, in the order of customers, then options. */
export interface Filled {
  readonly customer: Int32Array;
  readonly option: Int32Array;
  readonly value: number;
  readonly spend: number;
}

/** @throws TesseraError `mining-invalid` where a floor is not met */
export function fillPlan(problem: ContactProblem, prices: Prices): Filled {
  const ranked = rank(problem, prices);
  const width = problem.options.length;
  const taken = taker(problem);
  const { missing } = taken;
  const takeIf = (wanted: (customer: number, option: number) => boolean): void => {
    for (let k = 0; k < ranked.length; k++) {
      const pair = i32(ranked, k);
      const [i, j] = [Math.floor(pair / width), pair % width];
      if (wanted(i, j)) taken.take(i, j);
    }
  };
  if (missing.length > 0)
    takeIf((i) => {
      const segment = segmentOf(problem, i);
      return segment >= 0 && f64(missing, segment) > 0;
    });
  const short = missing.findIndex((m) => m > 0);
  if (short >= 0)
    throw new TesseraError(
      "mining-invalid",
      phrase`segment ${short} is ${f64(missing, short)} contacts short of its floor: budget and channels have no room`,
      { place: "contact plan", remedy: "lower the floor, or raise the budget or a capacity" },
    );
  takeIf((i, j) => f64(at(problem.options, j).value, i) > 0);
  return taken.result();
}

/**
 * Pairs that could be taken, by their value at the prices, the most valuable first and equal ones by customer.
 * A pair is customer x options + option.
 */
function rank(problem: ContactProblem, prices: Prices): Int32Array {
  const { pairs, reduced } = candidates(problem, prices);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < pairs.length; k++) {
    low = Math.min(low, f64(reduced, k));
    high = Math.max(high, f64(reduced, k));
  }
  const scale = high > low ? (BUCKETS - 1) / (high - low) : 0;
  const starts = new Int32Array(BUCKETS + 1);
  for (let k = 0; k < pairs.length; k++) count(starts, Math.floor((high - f64(reduced, k)) * scale) + 1);
  for (let b = 0; b < BUCKETS; b++) starts[b + 1] = i32(starts, b + 1) + i32(starts, b);
  const sorted = new Int32Array(pairs.length);
  for (let k = 0; k < pairs.length; k++) {
    const bucket = Math.floor((high - f64(reduced, k)) * scale);
    sorted[i32(starts, bucket)] = i32(pairs, k);
    count(starts, bucket);
  }
  return sorted;
}

/** Pairs of positive value, and every pair of a customer in a segment with a floor, with their value at the prices. */
function candidates(
  problem: ContactProblem,
  prices: Prices,
): { readonly pairs: Int32Array; readonly reduced: Float64Array } {
  const { customers, options } = problem;
  const floors = floorsOf(problem);
  const pairs = new Int32Array(customers * options.length);
  const reduced = new Float64Array(pairs.length);
  let n = 0;
  for (let i = 0; i < customers; i++) {
    const segment = floors.length > 0 ? segmentOf(problem, i) : -1;
    const hasFloor = segment >= 0 && num(floors, segment) > 0;
    const bonus = segment >= 0 ? f64(prices.floors, segment) : 0;
    for (let j = 0; j < options.length; j++) {
      const option = options[j];
      if (option === undefined) continue;
      const value = f64(option.value, i);
      if (value > 0 || (hasFloor && value <= 0)) {
        pairs[n] = i * options.length + j;
        reduced[n++] = value - prices.budget * option.cost - f64(prices.capacity, option.channel) + bonus;
      }
    }
  }
  return { pairs: pairs.subarray(0, n), reduced: reduced.subarray(0, n) };
}

interface Taker {
  /** takes a pair where all limits allow it */
  take(customer: number, option: number): void;
  /** contacts that each floor still lacks */
  readonly missing: Float64Array;
  result(): Filled;
}

function taker(problem: ContactProblem): Taker {
  const { customers, options } = problem;
  const left = Float64Array.from(problem.capacity, Math.floor);
  const missing = Float64Array.from(floorsOf(problem), Math.ceil);
  const most = Math.max(1, largestAllowance(problem));
  const taken = new Uint8Array(customers);
  /** channels of each customer, as bits */
  const used = new Uint32Array(customers);
  const given = new Int32Array(customers * most);
  let budget = problem.budget * (1 + 1e-12);
  let [value, spend, pairs] = [0, 0, 0];
  return {
    missing,
    take(i, j) {
      const option = options[j];
      if (option === undefined) throw new RangeError(`option ${j} of ${options.length}`);
      const own = u8(taken, i);
      const channels = u32(used, i);
      const { channel, cost } = option;
      if (own >= allowanceOf(problem, i) || f64(left, channel) < 1 || cost > budget) return;
      if ((channels >>> channel) & 1) return;
      given[i * most + own] = j;
      taken[i] = own + 1;
      used[i] = channels | (1 << channel);
      add(left, channel, -1);
      budget -= cost;
      spend += cost;
      value += f64(option.value, i);
      pairs++;
      const segment = segmentOf(problem, i);
      if (segment >= 0 && missing.length > 0) add(missing, segment, -1);
    },
    result() {
      const customer = new Int32Array(pairs);
      const option = new Int32Array(pairs);
      let position = 0;
      for (let i = 0; i < customers; i++) {
        const own = u8(taken, i);
        if (own === 0) continue;
        for (const j of given.slice(i * most, i * most + own).sort()) {
          customer[position] = i;
          option[position++] = j;
        }
      }
      return { customer, option, value, spend };
    },
  };
}
