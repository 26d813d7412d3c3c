/**
 * Prices of what is scarce (Lagrange multipliers; Fisher 1981): budget, channels, floors. At given prices each customer
 * is decided independently, so the bound they prove costs one pass. Each price in turn is set to where demand meets
 * supply, found by selection among the customers' thresholds.
 */
import type { Prices } from "./choice.ts";
import { f64, num } from "../numeric/vector.ts";
import { choiceAt, costsAt } from "./choice.ts";
import { nthLargest } from "./nth-largest.ts";
import { allowanceOf, floorsOf, largestAllowance, segmentOf, type ContactProblem } from "./problem.ts";

/** Customers of a first round; the prices of a sample are near those of all. */
const SAMPLE = 20_000;
const ROUNDS = 40;
const LAST_ROUNDS = 3;

/** Prices at which demand meets supply, nearly. */
export function findPrices(problem: ContactProblem): Prices {
  const prices: Prices = {
    budget: 0,
    capacity: new Float64Array(problem.capacity.length),
    floors: new Float64Array(floorsOf(problem).length),
  };
  const isLarge = problem.customers > 2 * SAMPLE;
  if (isLarge) descend(sampleOf(problem, SAMPLE), prices, ROUNDS, 24);
  descend(problem, prices, isLarge ? LAST_ROUNDS : ROUNDS, isLarge ? 8 : 40);
  return prices;
}

/** Every nth customer, with the same part of everything scarce. */
function sampleOf(problem: ContactProblem, size: number): ContactProblem {
  const step = Math.floor(problem.customers / size);
  const n = Math.ceil(problem.customers / step);
  const part = n / problem.customers;
  const isKept = (_: number, i: number): boolean => i % step === 0;
  return {
    customers: n,
    budget: problem.budget * part,
    capacity: problem.capacity.map((k) => k * part),
    options: problem.options.map((o) => ({ ...o, value: o.value.filter(isKept) })),
    ...(problem.allowance && { allowance: problem.allowance.filter(isKept) }),
    ...(problem.segment && { segment: problem.segment.filter(isKept) }),
    ...(problem.floors && { floors: problem.floors.map((f) => f * part) }),
  };
}

/** Sets each price in turn until the bound no longer falls. @param steps of bisection for the price of the budget */
function descend(problem: ContactProblem, prices: Prices, rounds: number, steps: number): void {
  const found = new Float64Array(problem.customers * Math.max(1, largestAllowance(problem)));
  const market: Market = { problem, prices, found, best: new Float64Array(problem.capacity.length) };
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    if (Number.isFinite(problem.budget)) prices.budget = budgetPrice(problem, prices, steps);
    for (const [channel, room] of problem.capacity.entries())
      if (Number.isFinite(room)) prices.capacity[channel] = channelPrice(market, channel, Math.floor(room));
    for (const [segment, floor] of floorsOf(problem).entries())
      prices.floors[segment] = floorPrice(market, segment, Math.ceil(floor));
    const bound = boundOf(problem, prices);
    if (before - bound <= 1e-7 * Math.abs(bound)) break;
    before = bound;
  }
}

/** The problem with room to work in. */
interface Market {
  readonly problem: ContactProblem;
  readonly prices: Prices;
  /** thresholds of customers */
  readonly found: Float64Array;
  /** best value by channel, of one customer */
  readonly best: Float64Array;
}

/** The price at which customers spend the budget, by bisection. */
function budgetPrice(problem: ContactProblem, prices: Prices, steps: number): number {
  const spendAt = (budget: number): number => {
    const trial = { ...prices, budget };
    const costs = costsAt(problem, trial);
    let spent = 0;
    for (let i = 0; i < problem.customers; i++) spent += choiceAt(problem, trial, costs, i).spend;
    return spent;
  };
  if (spendAt(0) <= problem.budget) return 0;
  const known = prices.budget;
  let low = known > 0 && spendAt(known * 0.9) > problem.budget ? known * 0.9 : 0;
  let high = known > 0 ? known * 1.1 : 1;
  while (spendAt(high) > problem.budget && high < 1e9) {
    low = high;
    high *= 2;
  }
  for (let k = 0; k < steps && high - low > 1e-12 * high; k++) {
    const middle = (low + high) / 2;
    if (spendAt(middle) > problem.budget) low = middle;
    else high = middle;
  }
  return high;
}

/** Sets `best` to the highest value by channel of one customer. @param costs of the options at the prices */
function bestByChannel({ problem, best }: Market, costs: Float64Array, i: number, bonus: number): void {
  best.fill(Number.NEGATIVE_INFINITY);
  const { options } = problem;
  for (let j = 0; j < options.length; j++) {
    const option = options[j];
    if (option === undefined) continue;
    const value = f64(option.value, i) - f64(costs, j) + bonus;
    if (value > f64(best, option.channel)) best[option.channel] = value;
  }
}

/** The price at which a channel has room for all who want it. */
function channelPrice(market: Market, channel: number, room: number): number {
  const { problem, prices, found, best } = market;
  const capacity = prices.capacity.slice();
  capacity[channel] = 0;
  const costs = costsAt(problem, { ...prices, capacity });
  let n = 0;
  for (let i = 0; i < problem.customers; i++) {
    const allowance = allowanceOf(problem, i);
    if (allowance === 0) continue;
    const segment = segmentOf(problem, i);
    bestByChannel(market, costs, i, segment >= 0 ? f64(prices.floors, segment) : 0);
    const own = f64(best, channel);
    if (own === Number.NEGATIVE_INFINITY) continue;
    best[channel] = Number.NEGATIVE_INFINITY;
    const other = allowance === 1 ? highest(best) : nthLargest(best.slice(), allowance);
    const threshold = own - Math.max(0, other);
    if (threshold > 0) found[n++] = threshold;
  }
  return n <= room ? 0 : nthLargest(found.subarray(0, n), room + 1);
}

/** The bonus at which a segment gets as many contacts as its floor asks for. */
function floorPrice(market: Market, segment: number, needed: number): number {
  if (needed === 0) return 0;
  const { problem, prices, found, best } = market;
  const costs = costsAt(problem, prices);
  let n = 0;
  for (let i = 0; i < problem.customers; i++) {
    if (segmentOf(problem, i) !== segment) continue;
    const allowance = allowanceOf(problem, i);
    if (allowance === 0) continue;
    bestByChannel(market, costs, i, 0);
    const tops = allowance === 1 ? [highest(best)] : best.slice().sort().reverse().slice(0, allowance);
    for (const top of tops) if (top > Number.NEGATIVE_INFINITY) found[n++] = top;
  }
  // capped at the contacts there are, so that the bound does not run away where a floor can just be met
  return n === 0 ? 0 : Math.max(0, -nthLargest(found.subarray(0, n), Math.min(needed, n)));
}

function highest(values: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) most = Math.max(most, f64(values, k));
  return most;
}

/** No plan is worth more than this, whatever the prices; the bound is least at the right prices. */
export function boundOf(problem: ContactProblem, prices: Prices): number {
  let bound = prices.budget === 0 ? 0 : prices.budget * problem.budget;
  for (const [channel, price] of prices.capacity.entries())
    if (price > 0) bound += price * Math.floor(num(problem.capacity, channel));
  for (const [segment, floor] of floorsOf(problem).entries()) bound -= f64(prices.floors, segment) * Math.ceil(floor);
  const costs = costsAt(problem, prices);
  for (let i = 0; i < problem.customers; i++) bound += choiceAt(problem, prices, costs, i).value;
  return bound;
}
