/** How customers buy, as one of two models tells it: what the rest of lifetime value needs to know of either. */
import type { Maximum } from "../maximise.ts";
import { chancesByBgNbd, chancesByPareto } from "./counts.ts";
import { alive, expectedOfNew, expectedPurchases, fitBgNbd, type Histories } from "./bg-nbd.ts";
import { aliveParetoNbd, expectedByPareto, expectedOfNewByPareto, fitParetoNbd } from "./pareto-nbd.ts";

/** Counts of purchases that are told apart; the last stands for all above. */
export const MOST_COUNTS = 512;

export interface Process {
  readonly maximum: Maximum;
  readonly names: readonly string[];
  /** chance that the customer still buys at all */
  alive(x: number, tx: number, T: number): number;
  /** purchases expected in the next `t` weeks */
  expected(x: number, tx: number, T: number, t: number): number;
  expectedOfNew(t: number): number;
  /** chances of 0, 1, 2 … purchases within the next `t`, written into `into`; @returns how many counts, the last of which stands for the rest */
  chances(x: number, tx: number, T: number, t: number, into: Float64Array): number;
  /** the same with other parameters */
  with(x: readonly number[]): Pick<Process, "expected">;
}

export interface ProcessKind {
  readonly title: string;
  fit(histories: Histories): Process;
}

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
    return {
      maximum,
      names: ["r", "alpha", "a", "b"],
      alive: (x, tx, T) => alive(p, x, tx, T),
      expected: (x, tx, T, t) => expectedPurchases(p, x, tx, T, t),
      expectedOfNew: (t) => expectedOfNew(p, t),
      chances: (x, tx, T, t, into) => chancesByBgNbd(p, x, tx, T, t, into),
      with: (at) => ({ expected: (x, tx, T, t) => expectedPurchases(bgOf(at), x, tx, T, t) }),
    };
  },
};

export const PARETO_NBD: ProcessKind = {
  title: "Pareto/NBD",
  fit: (histories) => {
    const { maximum, ...p } = fitParetoNbd(learntFrom(histories));
    return {
      maximum,
      names: ["r", "alpha", "s", "beta"],
      alive: (x, tx, T) => aliveParetoNbd(p, x, tx, T),
      expected: (x, tx, T, t) => expectedByPareto(p, x, tx, T, t),
      expectedOfNew: (t) => expectedOfNewByPareto(p, t),
      chances: (x, tx, T, t, into) => chancesByPareto(p, x, tx, T, t, into),
      with: (at) => ({ expected: (x, tx, T, t) => expectedByPareto(paretoOf(at), x, tx, T, t) }),
    };
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
    if (at === undefined) {
      place.set(key, rows.length);
      rows.push(i);
      weights.push(own);
    } else weights[at]! += own;
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  return { x: pick(x), tx: pick(tx), T: pick(T), weight: Float64Array.from(weights) };
}
