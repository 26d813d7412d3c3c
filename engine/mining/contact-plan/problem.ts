/** The contact plan as an optimisation: who is contacted through which option, within everything that is scarce. */
import { TesseraError, phrase, type Text } from "../../errors/index.ts";
import { add, f64 } from "../numeric/vector.ts";

/** One way to contact: a channel with an offer. */
export interface ContactOption {
  /** number of the channel */
  readonly channel: number;
  /** money a contact; the budget pays for it */
  readonly cost: number;
  /** expected profit of a contact after its cost, one a customer; NaN where the customer may not be contacted so */
  readonly value: Float64Array;
}

/** Customers, options and limits. */
export interface ContactProblem {
  readonly customers: number;
  readonly options: readonly ContactOption[];
  /** money at most; Infinity without a budget */
  readonly budget: number;
  /** contacts at most, by channel; Infinity without a limit */
  readonly capacity: readonly number[];
  /** contacts a customer may get, at most one a channel; 1 for everyone without it */
  readonly allowance?: Uint8Array;
  /** the segment of each customer, -1 for none */
  readonly segment?: Int32Array;
  /** contacts at least, by segment */
  readonly floors?: readonly number[];
}

/** What one more unit of each scarce thing would bring, in money. */
export interface ShadowPrices {
  /** of one unit of money, beyond itself */
  readonly budget: number;
  readonly capacity: readonly number[];
  /** what the last contact that a floor requires costs */
  readonly floors: readonly number[];
}

/** A plan with its proof. */
export interface ContactPlan {
  /** pairs of customer and option, in the order of customers, then options */
  readonly customer: Int32Array;
  readonly option: Int32Array;
  readonly value: number;
  readonly spend: number;
  /** no plan is worth more */
  readonly bound: number;
  /** (bound - value) / bound: how much better another plan could be at most */
  readonly gap: number;
  readonly prices: ShadowPrices;
  readonly method: "exact" | "prices";
}

/** Contacts a customer may get. */
export const allowanceOf = (problem: ContactProblem, customer: number): number => problem.allowance?.[customer] ?? 1;
/** The largest allowance of a customer. */
export const largestAllowance = (problem: ContactProblem): number =>
  problem.allowance?.reduce((a, b) => Math.max(a, b), 0) ?? 1;

/** The segment of a customer; -1 for none. */
export const segmentOf = (problem: ContactProblem, customer: number): number => problem.segment?.[customer] ?? -1;

/** Contacts at least, by segment; empty without floors. */
export const floorsOf = (problem: ContactProblem): readonly number[] => problem.floors ?? [];

/** @throws TesseraError `mining-invalid` for invalid numbers, or a floor above the contacts its segment may get */
export function checkProblem(problem: ContactProblem): void {
  const fail = (message: Text, remedy: Text): never => {
    throw new TesseraError("mining-invalid", message, { place: "contact plan", remedy });
  };
  if (!(problem.budget >= 0)) fail("the budget is below zero", "set an amount of money, or leave the budget out");
  if (problem.capacity.some((k) => !(k >= 0))) fail("a channel capacity is below zero", "set a number of contacts");
  for (const [j, o] of problem.options.entries())
    if (!(o.cost >= 0) || problem.capacity[o.channel] === undefined || o.value.length !== problem.customers)
      fail(phrase`option ${j} has no channel, cost or values`, "set all three");
  const floors = floorsOf(problem);
  if (floors.length === 0) return;
  const room = new Float64Array(floors.length);
  for (let i = 0; i < problem.customers; i++) {
    const s = segmentOf(problem, i);
    if (s < 0) continue;
    const channels = new Set(problem.options.filter((o) => !Number.isNaN(f64(o.value, i))).map((o) => o.channel)).size;
    add(room, s, Math.min(channels, allowanceOf(problem, i)));
  }
  for (const [s, floor] of floors.entries())
    if (floor > f64(room, s))
      fail(
        phrase`segment ${s} can get ${f64(room, s)} contacts, but its floor is ${floor}`,
        "lower the floor, or make more of its members eligible",
      );
}
