/** Whom to contact, through which channel and with which offer: exactly for small plans, by prices for large ones. */
import { solveExactly } from "./exact.ts";
import { fillPlan } from "./fill.ts";
import { boundOf, findPrices } from "./prices.ts";
import { checkProblem, type ContactPlan, type ContactProblem } from "./problem.ts";

/** Up to this many customers the integer program is solved. */
const SMALL = 2000;

/** Solves a contact plan. @throws TesseraError `mining-invalid` where no plan keeps all limits */
export async function planContacts(
  problem: ContactProblem,
  { small = SMALL }: { readonly small?: number } = {},
): Promise<ContactPlan> {
  checkProblem(problem);
  return problem.customers <= small ? solveExactly(problem) : solveByPrices(problem);
}

/** Solves by prices; the gap shows how much better another plan could be at most. */
export function solveByPrices(problem: ContactProblem): ContactPlan {
  const prices = findPrices(problem);
  const filled = fillPlan(problem, prices);
  const bound = Math.max(boundOf(problem, prices), filled.value);
  return {
    ...filled,
    bound,
    gap: bound > 0 ? (bound - filled.value) / bound : 0,
    method: "prices",
    prices: { budget: prices.budget, capacity: [...prices.capacity], floors: [...prices.floors] },
  };
}
