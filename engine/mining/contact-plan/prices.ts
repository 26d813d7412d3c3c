/**
 * Prices of what is scarce (Lagrange multipliers): budget, channels, floors. At given prices each customer is decided by himself, so the bound they
 * prove costs one pass. Each price in turn is set to where demand meets supply, found by selection among the customers' thresholds.
 */
import { allowanceOf, floorsOf, type ContactProblem } from "./problem.ts";
import { nthLargest } from "./nth-largest.ts";

export interface Prices {
  budget: number;
  readonly capacity: Float64Array;
  readonly floors: Float64Array;
}

/** Customers that a first round looks at; the prices of a sample are near those of all. */
const SAMPLE = 20_000;
const ROUNDS = 40;
const LAST_ROUNDS = 3;

export function findPrices(problem: ContactProblem): Prices {
  const prices: Prices = {
    budget: 0,
    capacity: new Float64Array(problem.capacity.length),
    floors: new Float64Array(floorsOf(problem).length),
  };
  if (problem.customers > 2 * SAMPLE) descend(sampleOf(problem, SAMPLE), prices, ROUNDS, 24);
  descend(
    problem,
    prices,
    problem.customers > 2 * SAMPLE ? LAST_ROUNDS : ROUNDS,
    problem.customers > 2 * SAMPLE ? 8 : 40,
  );
  return prices;
}

/** Every nth customer, with a like part of everything scarce. */
function sampleOf(problem: ContactProblem, size: number): ContactProblem {
  const step = Math.floor(problem.customers / size),
    n = Math.ceil(problem.customers / step),
    part = n / problem.customers;
  const thin = <T extends Float64Array | Int32Array | Uint8Array>(all: T, out: T): T => {
    for (let k = 0; k < n; k++) out[k] = all[k * step]!;
    return out;
  };
  return {
    customers: n,
    budget: problem.budget * part,
    capacity: problem.capacity.map((k) => k * part),
    options: problem.options.map((o) => ({ ...o, value: thin(o.value, new Float64Array(n)) })),
    ...(problem.allowance && { allowance: thin(problem.allowance, new Uint8Array(n)) }),
    ...(problem.segment && { segment: thin(problem.segment, new Int32Array(n)) }),
    ...(problem.floors && { floors: problem.floors.map((f) => f * part) }),
  };
}

function descend(problem: ContactProblem, prices: Prices, rounds: number, steps: number): void {
  const { customers, options, capacity } = problem;
  const floors = floorsOf(problem);
  const channels = capacity.length;
  const best = new Float64Array(channels);
  const found = new Float64Array(customers * Math.max(1, problem.allowance?.reduce((a, b) => Math.max(a, b), 0) ?? 1));
  let before = Number.POSITIVE_INFINITY;

  const values = options.map((o) => o.value),
    channelOf = Int32Array.from(options, (o) => o.channel),
    less = new Float64Array(options.length);
  /** sets what a contact costs at the prices as they stand, without the price of `free` (a channel, or none) */
  const priceAll = (free: number): void => {
    options.forEach((o, j) => {
      less[j] = prices.budget * o.cost + (o.channel === free ? 0 : prices.capacity[o.channel]!);
    });
  };
  /** best reduced value a channel */
  const look = (i: number, withFloor: boolean): void => {
    for (let c = 0; c < channels; c++) best[c] = Number.NEGATIVE_INFINITY;
    const s = problem.segment?.[i] ?? -1;
    const bonus = withFloor && s >= 0 ? prices.floors[s]! : 0;
    for (let j = 0; j < less.length; j++) {
      const r = values[j]![i]! - less[j]! + bonus,
        channel = channelOf[j]!;
      if (r > best[channel]!) best[channel] = r;
    }
  };

  const spendAt = (price: number): number => {
    const old = prices.budget;
    prices.budget = price;
    let spent = 0;
    const costs = lessOf(problem, prices);
    for (let i = 0; i < customers; i++) spent += chosenAt(problem, prices, costs, i).spend;
    prices.budget = old;
    return spent;
  };

  for (let round = 0; round < rounds; round++) {
    if (Number.isFinite(problem.budget)) {
      if (spendAt(0) <= problem.budget) prices.budget = 0;
      else {
        let low = 0,
          high = prices.budget > 0 ? prices.budget * 1.1 : 1;
        if (prices.budget > 0 && spendAt(prices.budget * 0.9) > problem.budget) low = prices.budget * 0.9;
        while (spendAt(high) > problem.budget && high < 1e9) {
          low = high;
          high *= 2;
        }
        for (let k = 0; k < steps && high - low > 1e-12 * high; k++) {
          const middle = (low + high) / 2;
          if (spendAt(middle) > problem.budget) low = middle;
          else high = middle;
        }
        prices.budget = high;
      }
    }
    for (let c = 0; c < channels; c++) {
      if (!Number.isFinite(capacity[c]!)) continue;
      let n = 0;
      priceAll(c);
      for (let i = 0; i < customers; i++) {
        const allowance = allowanceOf(problem, i);
        if (allowance === 0) continue;
        look(i, true);
        const own = best[c]!;
        if (own === Number.NEGATIVE_INFINITY) continue;
        best[c] = Number.NEGATIVE_INFINITY;
        const threshold = own - Math.max(0, allowance === 1 ? largest(best) : nthLargest(best.slice(), allowance));
        if (threshold > 0) found[n++] = threshold;
      }
      const room = Math.floor(capacity[c]!);
      prices.capacity[c] = n <= room ? 0 : nthLargest(found.subarray(0, n), room + 1);
    }
    priceAll(-1);
    for (let s = 0; s < floors.length; s++) {
      const needed = Math.ceil(floors[s]!);
      if (needed === 0) {
        prices.floors[s] = 0;
        continue;
      }
      let n = 0;
      for (let i = 0; i < customers; i++) {
        if (problem.segment![i] !== s) continue;
        const allowance = allowanceOf(problem, i);
        if (allowance === 0) continue;
        look(i, false);
        if (allowance === 1) {
          const top = largest(best);
          if (top > Number.NEGATIVE_INFINITY) found[n++] = top;
        } else
          for (const top of best.slice().sort().reverse().slice(0, allowance))
            if (top > Number.NEGATIVE_INFINITY) found[n++] = top;
      }
      // the bound must not run away where a floor can just be met
      prices.floors[s] =
        needed === 0 || n === 0 ? 0 : Math.max(0, -nthLargest(found.subarray(0, n), Math.min(needed, n)));
    }
    const bound = boundOf(problem, prices);
    if (before - bound <= 1e-7 * Math.abs(bound)) break;
    before = bound;
  }
}

function largest(values: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) if (values[k]! > most) most = values[k]!;
  return most;
}

const shown = { spend: 0, value: 0 };
const tops = new Float64Array(64),
  costs = new Float64Array(64);

/** What a contact of each option costs at these prices. */
const lessOf = (problem: ContactProblem, prices: Prices): Float64Array =>
  Float64Array.from(problem.options, (o) => prices.budget * o.cost + prices.capacity[o.channel]!);

/** What a customer gets at these prices. The object is one and the same at each call. */
function chosenAt(
  problem: ContactProblem,
  prices: Prices,
  less: Float64Array,
  i: number,
): { readonly spend: number; readonly value: number } {
  const { options } = problem;
  const s = problem.segment?.[i] ?? -1;
  const bonus = s >= 0 && prices.floors.length > 0 ? prices.floors[s]! : 0;
  shown.spend = 0;
  shown.value = 0;
  let allowance = allowanceOf(problem, i);
  if (allowance === 1) {
    let most = 0,
      cost = 0;
    for (let j = 0; j < options.length; j++) {
      const o = options[j]!;
      const r = o.value[i]! - less[j]! + bonus;
      if (r > most) {
        most = r;
        cost = o.cost;
      }
    }
    shown.spend = cost;
    shown.value = most;
    return shown;
  }
  const channels = prices.capacity.length;
  for (let c = 0; c < channels; c++) {
    tops[c] = 0;
    costs[c] = 0;
  }
  for (let j = 0; j < options.length; j++) {
    const o = options[j]!;
    const r = o.value[i]! - less[j]! + bonus;
    if (r > tops[o.channel]!) {
      tops[o.channel] = r;
      costs[o.channel] = o.cost;
    }
  }
  for (; allowance > 0; allowance--) {
    let at = -1;
    for (let c = 0; c < channels; c++) if (tops[c]! > 0 && (at < 0 || tops[c]! > tops[at]!)) at = c;
    if (at < 0) break;
    shown.value += tops[at]!;
    shown.spend += costs[at]!;
    tops[at] = 0;
  }
  return shown;
}

/** No plan is worth more than this, whatever the prices; least where they are right. */
export function boundOf(problem: ContactProblem, prices: Prices): number {
  let bound = prices.budget === 0 ? 0 : prices.budget * problem.budget;
  for (let c = 0; c < problem.capacity.length; c++)
    if (prices.capacity[c]! > 0) bound += prices.capacity[c]! * Math.floor(problem.capacity[c]!);
  floorsOf(problem).forEach((floor, s) => {
    bound -= prices.floors[s]! * Math.ceil(floor);
  });
  const less = lessOf(problem, prices);
  for (let i = 0; i < problem.customers; i++) bound += chosenAt(problem, prices, less, i).value;
  return bound;
}
