/** A contact plan as a program in CPLEX's LP format. */
import { at } from "../../lookup.ts";
import { f64 } from "../numeric/vector.ts";
import { allowanceOf, floorsOf, segmentOf, type ContactProblem } from "./problem.ts";

/** A contact that the program decides. */
export interface Pair {
  readonly customer: number;
  readonly option: number;
}

interface Term {
  /** position of the pair */
  readonly pair: number;
  readonly factor: number;
}

/** Pairs that could be taken; variable `x<k>` is the k-th. */
export function pairsOf(problem: ContactProblem): Pair[] {
  const floors = floorsOf(problem);
  const pairs: Pair[] = [];
  for (let customer = 0; customer < problem.customers; customer++) {
    if (allowanceOf(problem, customer) === 0) continue;
    const segment = segmentOf(problem, customer);
    const hasFloor = segment >= 0 && (floors[segment] ?? 0) > 0;
    for (const [option, { value }] of problem.options.entries()) {
      const v = f64(value, customer);
      if (v > 0 || (hasFloor && v <= 0)) pairs.push({ customer, option });
    }
  }
  return pairs;
}

/** The program. @param whole with whole numbers; its relaxation otherwise */
export function linearProgram(problem: ContactProblem, pairs: readonly Pair[], whole: boolean): string {
  const objective = textOf(terms(pairs, ({ customer, option }) => f64(at(problem.options, option).value, customer)));
  const rows = constraints(problem, pairs);
  // readers limit the length of a line
  const names = pairs.map((_, k) => `x${k}${k % 20 === 19 ? "\n" : ""}`).join(" ");
  const bounds = pairs.map((_, k) => `x${k} <= 1`).join("\n");
  return [
    "Maximize",
    `obj: ${objective === "" ? "0 x0" : objective}`,
    "Subject To",
    rows.length === 0 ? "free: x0 <= 1" : rows.join("\n"),
    whole ? `Binary\n${names}` : `Bounds\n${bounds}`,
    "End\n",
  ].join("\n");
}

const terms = (pairs: readonly Pair[], factorOf: (pair: Pair) => number): Term[] =>
  pairs.flatMap((p, pair) => {
    const factor = factorOf(p);
    return factor === 0 ? [] : [{ pair, factor }];
  });

const textOf = (of: readonly Term[]): string =>
  of
    .map(({ pair, factor }, n) => `${factor < 0 ? "- " : "+ "}${Math.abs(factor)} x${pair}${n % 10 === 9 ? "\n" : ""}`)
    .join(" ");

function constraints(problem: ContactProblem, pairs: readonly Pair[]): string[] {
  const rows: string[] = [];
  const row = (name: string, of: readonly Term[], sign: string, limit: number): void => {
    if (of.length > 0 && Number.isFinite(limit)) rows.push(`${name}: ${textOf(of)} ${sign} ${limit}`);
  };
  const where = (matches: (pair: Pair) => boolean): Term[] => terms(pairs, (p) => (matches(p) ? 1 : 0));
  row(
    "budget",
    terms(pairs, ({ option }) => at(problem.options, option).cost),
    "<=",
    problem.budget,
  );
  const channelOf = ({ option }: Pair): number => at(problem.options, option).channel;
  for (const [channel, room] of problem.capacity.entries())
    row(
      `channel${channel}`,
      where((p) => channelOf(p) === channel),
      "<=",
      Math.floor(room),
    );
  for (const [segment, floor] of floorsOf(problem).entries())
    if (floor > 0)
      row(
        `floor${segment}`,
        where((p) => segmentOf(problem, p.customer) === segment),
        ">=",
        Math.ceil(floor),
      );
  for (const [customer, own] of pairsByCustomer(pairs)) {
    const allowance = allowanceOf(problem, customer);
    const ones = (of: readonly number[]): Term[] => of.map((pair) => ({ pair, factor: 1 }));
    if (own.length > allowance) row(`each${customer}`, ones(own), "<=", allowance);
    if (allowance <= 1) continue;
    for (const channel of problem.capacity.keys()) {
      const same = own.filter((k) => channelOf(at(pairs, k)) === channel);
      if (same.length > 1) row(`each${customer}c${channel}`, ones(same), "<=", 1);
    }
  }
  return rows;
}

function pairsByCustomer(pairs: readonly Pair[]): Map<number, number[]> {
  const own = new Map<number, number[]>();
  for (const [k, { customer }] of pairs.entries()) own.set(customer, [...(own.get(customer) ?? []), k]);
  return own;
}
