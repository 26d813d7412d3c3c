/** How customers buy, as one of two models tells it: what the rest of lifetime value needs to know of either. */
import type { Maximum } from "../maximise.ts";
import { seeded } from "../random.ts";
import { alive, expectedOfNew, expectedPurchases, fitBgNbd, type Histories } from "./bg-nbd.ts";
import { aliveParetoNbd, expectedByPareto, expectedOfNewByPareto, fitParetoNbd } from "./pareto-nbd.ts";

export interface Process {
  readonly maximum: Maximum;
  readonly names: readonly string[];
  /** chance that the customer still buys at all */
  alive(x: number, tx: number, T: number): number;
  /** purchases expected in the next `t` weeks */
  expected(x: number, tx: number, T: number, t: number): number;
  expectedOfNew(t: number): number;
  /** the same with other parameters */
  with(x: readonly number[]): Pick<Process, "expected">;
}

export interface ProcessKind { readonly title: string; fit(histories: Histories): Process }

const bgOf = ([r, alpha, a, b]: readonly number[]) => ({ r: r!, alpha: alpha!, a: a!, b: b! });
const paretoOf = ([r, alpha, s, beta]: readonly number[]) => ({ r: r!, alpha: alpha!, s: s!, beta: beta! });

/** Beyond this many customers every nth tells as much: the parameters' errors are then below a hundredth. */
const MOST_FITTED = 60_000;

/** What parameters are learnt from: all customers, or every nth of very many. */
function learntFrom({ x, tx, T }: Histories): Histories {
  const step = Math.ceil(x.length / MOST_FITTED);
  const pick = (values: Float64Array): Float64Array => (step <= 1 ? values : values.filter((_, i) => i % step === 0));
  return compressHistories({ x: pick(x), tx: pick(tx), T: pick(T) });
}

export const BG_NBD: ProcessKind = {
  title: "BG/NBD",
  fit: (histories) => {
    const { maximum, ...p } = fitBgNbd(learntFrom(histories));
    return { maximum, names: ["r", "alpha", "a", "b"], alive: (x, tx, T) => alive(p, x, tx, T), expected: (x, tx, T, t) => expectedPurchases(p, x, tx, T, t), expectedOfNew: (t) => expectedOfNew(p, t), with: (at) => ({ expected: (x, tx, T, t) => expectedPurchases(bgOf(at), x, tx, T, t) }) };
  },
};

export const PARETO_NBD: ProcessKind = {
  title: "Pareto/NBD",
  fit: (histories) => {
    const { maximum, ...p } = fitParetoNbd(learntFrom(histories));
    return { maximum, names: ["r", "alpha", "s", "beta"], alive: (x, tx, T) => aliveParetoNbd(p, x, tx, T), expected: (x, tx, T, t) => expectedByPareto(p, x, tx, T, t), expectedOfNew: (t) => expectedOfNewByPareto(p, t), with: (at) => ({ expected: (x, tx, T, t) => expectedByPareto(paretoOf(at), x, tx, T, t) }) };
  },
};

/** Customers with the same history are looked at once: a million have some hundred thousand histories. */
export function compressHistories({ x, tx, T, weight }: Histories): Histories & { readonly weight: Float64Array } {
  const place = new Map<string, number>();
  const rows: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const key = `${x[i]!}|${tx[i]!}|${T[i]!}`;
    const at = place.get(key);
    const own = weight ? weight[i]! : 1;
    if (at === undefined) { place.set(key, rows.length); rows.push(i); weights.push(own); } else weights[at]! += own;
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  return { x: pick(x), tx: pick(tx), T: pick(T), weight: Float64Array.from(weights) };
}

const DRAWS = 200;
const SAMPLED = 500;

/**
 * 95 % interval of the purchases that all customers together will make in `t`, from how uncertain the parameters are: drawn
 * from the normal distribution around the maximum. Null where the curvature there is no use.
 */
export function totalInterval(process: Process, { x, tx, T }: Histories, t: number, seed: number): readonly [number, number] | null {
  const root = cholesky(process.maximum.covariance);
  if (root === null) return null;
  const random = seeded(seed);
  const step = Math.max(1, Math.floor(x.length / SAMPLED));
  const totals: number[] = [];
  const total = (of: Pick<Process, "expected">): number => { let sum = 0; for (let i = 0; i < x.length; i += step) sum += of.expected(x[i]!, tx[i]!, T[i]!, t); return sum; };
  const best = total(process);
  let whole = 0;
  for (let i = 0; i < x.length; i++) whole += process.expected(x[i]!, tx[i]!, T[i]!, t);
  for (let d = 0; d < DRAWS; d++) {
    const z = process.maximum.x.map(() => random.normal());
    const at = process.maximum.x.map((v, i) => v + root[i]!.reduce((sum, l, j) => sum + l * z[j]!, 0));
    if (at.every((v) => v > 0)) totals.push((total(process.with(at)) / best) * whole);
  }
  if (totals.length < DRAWS / 2) return null;
  totals.sort((a, b) => a - b);
  return [totals[Math.floor(totals.length * 0.025)]!, totals[Math.ceil(totals.length * 0.975) - 1]!];
}

function cholesky(matrix: readonly (readonly number[])[]): number[][] | null {
  const n = matrix.length;
  const root = matrix.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= root[i]![k]! * root[j]![k]!;
      if (i === j) { if (!(sum > 0)) return null; root[i]![i] = Math.sqrt(sum); } else root[i]![j] = sum / root[j]![j]!;
    }
  }
  return root;
}
