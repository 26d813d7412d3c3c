/** Small plans as an integer program, solved to its end by HiGHS; the relaxation's duals are the shadow prices. */
import highsLoader from "highs";
import { TesseraError } from "../../errors/index.ts";
import { allowanceOf, floorsOf, type ContactPlan, type ContactProblem } from "./problem.ts";
import { at } from "../../lookup.ts";
import { f64 } from "../numeric/index.ts";

/** The package's types speak of a CommonJS module, the module that is imported is ESM: its default is the loader itself. */
const loadHighs = highsLoader as unknown as typeof highsLoader.default;
const SECONDS = 20;
/** Few customers are solved to the last cent; of more, proving the last ten-thousandth takes most of the time. */
const FEW = 200;
const PROVEN = 1e-4;

/** @throws TesseraError `mining-invalid` where no plan keeps all limits */
export async function solveExactly(problem: ContactProblem): Promise<ContactPlan> {
  const { text, pairs } = program(problem);
  const none = { budget: 0, capacity: problem.capacity.map(() => 0), floors: floorsOf(problem).map(() => 0) };
  if (pairs.length === 0)
    return {
      customer: new Int32Array(0),
      option: new Int32Array(0),
      value: 0,
      spend: 0,
      bound: 0,
      gap: 0,
      prices: none,
      method: "exact",
    };
  const highs = await loadHighs();
  const relaxed = highs.solve(text(false), {});
  if (relaxed.Status === "Infeasible") throw infeasible();
  if (relaxed.Status !== "Optimal") throw new Error(`HiGHS ended with ${relaxed.Status}`);
  const duals = new Map<string, number>();
  for (const row of relaxed.Rows) if ("Name" in row && "Dual" in row) duals.set(String(row.Name), Number(row.Dual));
  const price = (name: string): number => Math.max(0, Math.abs(duals.get(name) ?? 0));
  const solved = highs.solve(text(true), {
    mip_rel_gap: problem.customers <= FEW ? 1e-9 : PROVEN,
    time_limit: SECONDS,
  });
  if (solved.Status === "Infeasible") throw infeasible();
  if (solved.Status !== "Optimal" && solved.Status !== "Time limit reached")
    throw new Error(`HiGHS ended with ${solved.Status}`);
  const chosen = pairs.filter((_, k) => {
    const column = solved.Columns[`x${k}`];
    return column !== undefined && "Primal" in column && Number(column.Primal) > 0.5;
  });
  const value = chosen.reduce((sum, { i, j }) => sum + f64(at(problem.options, j).value, i), 0);
  const bound = Math.max(
    value,
    solved.Status === "Optimal" && problem.customers <= FEW
      ? value
      : solved.Status === "Optimal"
        ? Math.min(relaxed.ObjectiveValue, value / (1 - PROVEN))
        : relaxed.ObjectiveValue,
  );
  return {
    customer: Int32Array.from(chosen, (p) => p.i),
    option: Int32Array.from(chosen, (p) => p.j),
    value,
    bound,
    gap: bound > 0 ? Math.max(0, (bound - value) / bound) : 0,
    method: "exact",
    spend: chosen.reduce((sum, { j }) => sum + at(problem.options, j).cost, 0),
    prices: {
      budget: price("budget"),
      capacity: problem.capacity.map((_, c) => price(`channel${c}`)),
      floors: floorsOf(problem).map((_, s) => price(`floor${s}`)),
    },
  };
}

const infeasible = (): TesseraError =>
  new TesseraError(
    "mining-invalid",
    "no plan keeps all limits: the floors ask for more than budget and channels have room for",
    { place: "contact plan", remedy: "lower a floor, or raise the budget or a capacity" },
  );

interface Pair {
  readonly i: number;
  readonly j: number;
}

/** The program in CPLEX's LP format; lines are broken, since readers take so many letters at most. */
function program(problem: ContactProblem): {
  readonly text: (whole: boolean) => string;
  readonly pairs: readonly Pair[];
} {
  const floors = floorsOf(problem);
  const pairs: Pair[] = [];
  for (let i = 0; i < problem.customers; i++) {
    const s = problem.segment?.[i] ?? -1;
    const floored = s >= 0 && (floors[s] ?? 0) > 0;
    if (allowanceOf(problem, i) > 0)
      problem.options.forEach((o, j) => {
        const v = f64(o.value, i);
        if (v > 0 || (floored && v <= 0)) pairs.push({ i, j });
      });
  }
  const sum = (of: readonly { readonly k: number; readonly by: number }[]): string =>
    of.map(({ k, by }, n) => `${by < 0 ? "- " : "+ "}${Math.abs(by)} x${k}${n % 10 === 9 ? "\n" : ""}`).join(" ");
  const terms = (keep: (p: Pair) => boolean, by: (p: Pair) => number = () => 1) =>
    pairs.flatMap((p, k) => (keep(p) && by(p) !== 0 ? [{ k, by: by(p) }] : []));
  const rows: string[] = [];
  const row = (
    name: string,
    of: readonly { readonly k: number; readonly by: number }[],
    sign: string,
    limit: number,
  ): void => {
    if (of.length > 0 && Number.isFinite(limit)) rows.push(`${name}: ${sum(of)} ${sign} ${limit}`);
  };
  row(
    "budget",
    terms(
      () => true,
      (p) => at(problem.options, p.j).cost,
    ),
    "<=",
    problem.budget,
  );
  problem.capacity.forEach((room, c) =>
    row(
      `channel${c}`,
      terms((p) => at(problem.options, p.j).channel === c),
      "<=",
      Math.floor(room),
    ),
  );
  floors.forEach((floor, s) => {
    if (floor > 0)
      row(
        `floor${s}`,
        terms((p) => problem.segment![p.i] === s),
        ">=",
        Math.ceil(floor),
      );
  });
  const own = new Map<number, number[]>();
  pairs.forEach((p, k) => own.set(p.i, [...(own.get(p.i) ?? []), k]));
  for (const [i, ks] of own) {
    if (ks.length > allowanceOf(problem, i))
      row(
        `each${i}`,
        ks.map((k) => ({ k, by: 1 })),
        "<=",
        allowanceOf(problem, i),
      );
    if (allowanceOf(problem, i) > 1)
      for (const c of problem.capacity.keys()) {
        const same = ks.filter((k) => at(problem.options, at(pairs, k).j).channel === c);
        if (same.length > 1)
          row(
            `each${i}c${c}`,
            same.map((k) => ({ k, by: 1 })),
            "<=",
            1,
          );
      }
  }
  const names = pairs.map((_, k) => `x${k}${k % 20 === 19 ? "\n" : ""}`).join(" ");
  const bounds = pairs.map((_, k) => `x${k} <= 1`).join("\n");
  const objective = sum(
    terms(
      () => true,
      (p) => f64(at(problem.options, p.j).value, p.i),
    ),
  );
  return {
    pairs,
    text: (whole) =>
      `Maximize\nobj: ${objective === "" ? "0 x0" : objective}\nSubject To\n${rows.length === 0 ? "free: x0 <= 1" : rows.join("\n")}\n${whole ? `Binary\n${names}` : `Bounds\n${bounds}`}\nEnd\n`,
  };
}
