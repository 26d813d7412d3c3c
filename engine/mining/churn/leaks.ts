/** Finds features that probably know what happened after the cut-off. */
import { at } from "../../lookup.ts";
import { auc } from "./logistic.ts";

/** A feature with more AUC than this on its own is suspicious. */
export const LEAK = 0.95;

/** Features that predict the outcome almost perfectly on their own. @param y 0 or 1; @param titles of the features */
export const leaksIn = (
  columns: readonly Float64Array[],
  y: Float64Array,
  titles: readonly string[],
): { readonly title: string; readonly auc: number }[] =>
  columns.map((c, j) => ({ title: at(titles, j), auc: strength(c, y) })).filter((f) => f.auc > LEAK);

/** AUC of one feature in whichever direction it works; unknown values count as the lowest. */
function strength(values: Float64Array, y: Float64Array): number {
  const own = auc(
    values.map((v) => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v)),
    y,
  );
  return Math.max(own, 1 - own);
}
