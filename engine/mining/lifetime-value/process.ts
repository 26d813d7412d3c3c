/** How customers buy, by one of two models: what the rest of lifetime value needs of either. */
import type { Maximum } from "../maximise.ts";
import { bgNbdOf, alive, expectedOfNew, expectedPurchases, fitBgNbd } from "./bg-nbd.ts";
import { chancesByBgNbd, chancesByPareto } from "./counts.ts";
import { compressHistories, type Histories } from "./histories.ts";
import { aliveParetoNbd, expectedByPareto, expectedOfNewByPareto, fitParetoNbd, paretoNbdOf } from "./pareto-nbd.ts";

/** Counts of purchases that are kept apart; the last stands for all above. */
export const MOST_COUNTS = 512;

/** A fitted model of buying. x: repeat purchases, tx: weeks to the last, T: weeks since the first, t: weeks ahead. */
export interface Process {
  readonly maximum: Maximum;
  /** names of its parameters */
  readonly names: readonly string[];
  /** probability that the customer still buys at all */
  alive(x: number, tx: number, T: number): number;
  /** purchases expected in the next `t` weeks */
  expected(x: number, tx: number, T: number, t: number): number;
  /** purchases expected of a new customer in `t` weeks */
  expectedOfNew(t: number): number;
  /**
   * Writes the probabilities of 0, 1, 2 … purchases in the next `t` weeks into `into`.
   * @returns how many counts were written; the last stands for the rest
   */
  chances(x: number, tx: number, T: number, t: number, into: Float64Array): number;
  /** the expectation with other parameters */
  with(parameters: readonly number[]): Pick<Process, "expected">;
}

/** A model of buying before it is fitted. */
export interface ProcessKind {
  readonly title: string;
  fit(histories: Histories): Process;
}

/** Above this many customers every nth is enough: the errors of the parameters are then below a hundredth. */
const MOST_FITTED = 60_000;

/** What parameters are learnt from: all customers, or every nth of very many. */
function trainingHistories({ x, tx, T }: Histories): Histories {
  const step = Math.ceil(x.length / MOST_FITTED);
  const thin = (values: Float64Array): Float64Array => (step <= 1 ? values : values.filter((_, i) => i % step === 0));
  return compressHistories({ x: thin(x), tx: thin(tx), T: thin(T) });
}

/** BG/NBD: customers may leave after a purchase. */
export const BG_NBD: ProcessKind = {
  title: "BG/NBD",
  fit: (histories) => {
    const { maximum, ...p } = fitBgNbd(trainingHistories(histories));
    return {
      maximum,
      names: ["r", "alpha", "a", "b"],
      alive: (x, tx, T) => alive(p, x, tx, T),
      expected: (x, tx, T, t) => expectedPurchases(p, x, tx, T, t),
      expectedOfNew: (t) => expectedOfNew(p, t),
      chances: (x, tx, T, t, into) => chancesByBgNbd(p, x, tx, T, t, into),
      with: (parameters) => {
        const other = bgNbdOf(parameters);
        return { expected: (x, tx, T, t) => expectedPurchases(other, x, tx, T, t) };
      },
    };
  },
};

/** Pareto/NBD: customers may leave at any time. */
export const PARETO_NBD: ProcessKind = {
  title: "Pareto/NBD",
  fit: (histories) => {
    const { maximum, ...p } = fitParetoNbd(trainingHistories(histories));
    return {
      maximum,
      names: ["r", "alpha", "s", "beta"],
      alive: (x, tx, T) => aliveParetoNbd(p, x, tx, T),
      expected: (x, tx, T, t) => expectedByPareto(p, x, tx, T, t),
      expectedOfNew: (t) => expectedOfNewByPareto(p, t),
      chances: (x, tx, T, t, into) => chancesByPareto(p, x, tx, T, t, into),
      with: (parameters) => {
        const other = paretoNbdOf(parameters);
        return { expected: (x, tx, T, t) => expectedByPareto(other, x, tx, T, t) };
      },
    };
  },
};
