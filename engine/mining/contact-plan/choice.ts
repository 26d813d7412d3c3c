/** What each customer is best given at some prices. */
import { f64, num } from "../numeric/vector.ts";
import { allowanceOf, segmentOf, type ContactProblem } from "./problem.ts";

/** The choice of one customer: money spent, and value at the prices. */
export interface Choice {
  readonly spend: number;
  readonly value: number;
}

/** Written again at each call: a million choices a pass must not make a million objects. */
const choice = { spend: 0, value: 0 };
const MOST_CHANNELS = 64;
const tops = new Float64Array(MOST_CHANNELS);
const topCosts = new Float64Array(MOST_CHANNELS);

/** What a contact of each option costs at the prices. */
export const costsAt = ({ options }: ContactProblem, prices: Prices): Float64Array =>
  Float64Array.from(options, (o) => prices.budget * o.cost + num(prices.capacity, o.channel));

/** The best choice of a customer, at most one option a channel. The object is the same at each call. */
export function choiceAt(problem: ContactProblem, prices: Prices, costs: Float64Array, i: number): Choice {
  const segment = segmentOf(problem, i);
  const bonus = segment >= 0 && prices.floors.length > 0 ? f64(prices.floors, segment) : 0;
  const allowance = allowanceOf(problem, i);
  choice.spend = 0;
  choice.value = 0;
  if (allowance === 1) chooseOne(problem, costs, i, bonus);
  else chooseSeveral(problem, costs, i, bonus, allowance);
  return choice;
}

function chooseOne({ options }: ContactProblem, costs: Float64Array, i: number, bonus: number): void {
  let [most, spend] = [0, 0];
  for (let j = 0; j < options.length; j++) {
    const option = options[j];
    if (option === undefined) continue;
    const value = f64(option.value, i) - f64(costs, j) + bonus;
    if (value > most) {
      most = value;
      spend = option.cost;
    }
  }
  choice.value = most;
  choice.spend = spend;
}

function chooseSeveral(
  { options, capacity }: ContactProblem,
  costs: Float64Array,
  i: number,
  bonus: number,
  allowance: number,
): void {
  tops.fill(0, 0, capacity.length);
  for (const [j, { value, cost, channel }] of options.entries()) {
    const own = f64(value, i) - f64(costs, j) + bonus;
    if (!(own > f64(tops, channel))) continue;
    tops[channel] = own;
    topCosts[channel] = cost;
  }
  for (let left = allowance; left > 0; left--) {
    let best = -1;
    for (let c = 0; c < capacity.length; c++)
      if (f64(tops, c) > 0 && (best < 0 || f64(tops, c) > f64(tops, best))) best = c;
    if (best < 0) return;
    choice.value += f64(tops, best);
    choice.spend += f64(topCosts, best);
    tops[best] = 0;
  }
}

/** A price for one more unit of each scarce thing. */
export interface Prices {
  budget: number;
  readonly capacity: Float64Array;
  readonly floors: Float64Array;
}
