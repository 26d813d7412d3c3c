/** The contact plan as an optimisation: who is contacted through which option, within everything that is scarce. */
import { TesseraError } from "../../errors/index.ts";

/** One way to contact: a channel with an offer. */
export interface ContactOption {
  /** number of the channel */
  readonly channel: number;
  /** money a contact; the budget pays for it */
  readonly cost: number;
  /** what a contact is expected to earn after its cost, one a customer; NaN where he may not be contacted so */
  readonly value: Float64Array;
}

export interface ContactProblem {
  readonly customers: number;
  readonly options: readonly ContactOption[];
  /** most money; Infinity without a budget */
  readonly budget: number;
  /** most contacts by channel; Infinity where there is room for all */
  readonly capacity: readonly number[];
  /** contacts that a customer may get, one a channel at most; 1 for everybody without it */
  readonly allowance?: Uint8Array;
  /** the segment of each customer, -1 for none, and the fewest contacts of each segment */
  readonly segment?: Int32Array;
  readonly floors?: readonly number[];
}

/** What one more unit of what is scarce would bring, in money. */
export interface ShadowPrices {
  /** of one unit of money beyond itself */
  readonly budget: number;
  readonly capacity: readonly number[];
  /** what the last contact that a floor asks for costs */
  readonly floors: readonly number[];
}

export interface ContactPlan {
  /** pairs of customer and option, in the order of customers, then options */
  readonly customer: Int32Array;
  readonly option: Int32Array;
  readonly value: number;
  readonly spend: number;
  /** no plan whatever is worth more */
  readonly bound: number;
  /** (bound - value) / bound: how much better another plan could be at most */
  readonly gap: number;
  readonly prices: ShadowPrices;
  readonly method: "exact" | "prices";
}

export const allowanceOf = (problem: ContactProblem, customer: number): number => problem.allowance?.[customer] ?? 1;
export const floorsOf = (problem: ContactProblem): readonly number[] => problem.floors ?? [];

/** @throws TesseraError `mining-invalid` for numbers that have no meaning, or floors above what may be contacted at all */
export function checkProblem(problem: ContactProblem): void {
  const wrong = (message: string, remedy: string): never => {
    throw new TesseraError("mining-invalid", message, { place: "contact plan", remedy });
  };
  if (!(problem.budget >= 0)) wrong("the budget is below zero", "give an amount of money, or leave the budget out");
  if (problem.capacity.some((k) => !(k >= 0))) wrong("a channel's capacity is below zero", "give a number of contacts");
  for (const [j, o] of problem.options.entries())
    if (!(o.cost >= 0) || problem.capacity[o.channel] === undefined || o.value.length !== problem.customers)
      wrong(`option ${j} has no channel, no cost or no values`, "each option needs all three");
  const floors = floorsOf(problem);
  if (floors.length === 0) return;
  const room = new Float64Array(floors.length);
  for (let i = 0; i < problem.customers; i++) {
    const s = problem.segment?.[i] ?? -1;
    if (s < 0) continue;
    const channels = new Set(problem.options.filter((o) => !Number.isNaN(o.value[i]!)).map((o) => o.channel)).size;
    room[s] = room[s]! + Math.min(channels, allowanceOf(problem, i));
  }
  floors.forEach((floor, s) => {
    if (floor > room[s]!)
      wrong(
        `segment ${s} has room for ${room[s]} contacts, its floor is ${floor}`,
        "lower the floor, or let more of its members be contacted",
      );
  });
}
