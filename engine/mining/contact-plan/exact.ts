/**
 * Small plans as an integer program, solved by HiGHS (Huangfu and Hall 2018); duals of the relaxation are the prices.
 */
import highsLoader from "highs";
import { TesseraError } from "../../errors/index.ts";
import { at } from "../../lookup.ts";
import { f64 } from "../numeric/vector.ts";
import { linearProgram, pairsOf, type Pair } from "./linear-program.ts";
import { floorsOf, type ContactPlan, type ContactProblem, type ShadowPrices } from "./problem.ts";

// the package's types describe CommonJS, but the module imported is ESM: its default is the loader itself
const loadHighs = highsLoader as unknown as typeof highsLoader.default;
const SECONDS = 20;
/** Up to this many customers are solved to the last cent; beyond, proving the last ten-thousandth takes the time. */
const FEW = 200;
const PROVEN = 1e-4;
const EXACT = 1e-9;

/** @throws TesseraError `mining-invalid` where no plan keeps all limits */
export async function solveExactly(problem: ContactProblem): Promise<ContactPlan> {
  const pairs = pairsOf(problem);
  if (pairs.length === 0)
    return planOf(
      problem,
      [],
      0,
      pricesOf(problem, () => 0),
    );
  const highs = await loadHighs();
  const relaxed = highs.solve(linearProgram(problem, pairs, false), {});
  if (relaxed.Status === "Infeasible") throw infeasible();
  if (relaxed.Status !== "Optimal") throw new Error(`HiGHS ended with ${relaxed.Status}`);
  const duals = new Map<string, number>();
  for (const row of relaxed.Rows) if ("Name" in row && "Dual" in row) duals.set(String(row.Name), Number(row.Dual));
  const isFew = problem.customers <= FEW;
  const solved = highs.solve(linearProgram(problem, pairs, true), {
    mip_rel_gap: isFew ? EXACT : PROVEN,
    time_limit: SECONDS,
  });
  if (solved.Status === "Infeasible") throw infeasible();
  if (solved.Status !== "Optimal" && solved.Status !== "Time limit reached")
    throw new Error(`HiGHS ended with ${solved.Status}`);
  const chosen = pairs.filter((_, k) => {
    const column = solved.Columns[`x${k}`];
    return column !== undefined && "Primal" in column && Number(column.Primal) > 0.5;
  });
  const value = valueOf(problem, chosen);
  let bound = relaxed.ObjectiveValue;
  if (solved.Status === "Optimal") bound = isFew ? value : Math.min(bound, value / (1 - PROVEN));
  return planOf(
    problem,
    chosen,
    bound,
    pricesOf(problem, (name) => Math.abs(duals.get(name) ?? 0)),
  );
}

const valueOf = ({ options }: ContactProblem, chosen: readonly Pair[]): number =>
  chosen.reduce((sum, { customer, option }) => sum + f64(at(options, option).value, customer), 0);

function planOf(problem: ContactProblem, chosen: readonly Pair[], proven: number, prices: ShadowPrices): ContactPlan {
  const value = valueOf(problem, chosen);
  const bound = Math.max(value, proven);
  return {
    customer: Int32Array.from(chosen, (p) => p.customer),
    option: Int32Array.from(chosen, (p) => p.option),
    value,
    spend: chosen.reduce((sum, { option }) => sum + at(problem.options, option).cost, 0),
    bound,
    gap: bound > 0 ? Math.max(0, (bound - value) / bound) : 0,
    prices,
    method: "exact",
  };
}

const pricesOf = (problem: ContactProblem, price: (row: string) => number): ShadowPrices => ({
  budget: price("budget"),
  capacity: problem.capacity.map((_, channel) => price(`channel${channel}`)),
  floors: floorsOf(problem).map((_, segment) => price(`floor${segment}`)),
});

const infeasible = (): TesseraError =>
  new TesseraError("mining-invalid", "no plan keeps all limits: the floors exceed the budget or the channels", {
    place: "contact plan",
    remedy: "lower a floor, or raise the budget or a capacity",
  });
