/** The quality of probabilities on unseen members: intervals, calibration by decile, cumulative gains, profit. */
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import type { Row } from "../../model/query.ts";
import { wilson } from "../experiment/statistics.ts";
import { ascending, descending, sum } from "../numeric/summary.ts";
import { f64, u32 } from "../numeric/vector.ts";
import { auc } from "./logistic.ts";

const Z = normalQuantile(0.975, 0, 1);

/** For each row the share of the other class that it is correctly ordered against; ties count half. */
function placements(scores: Float64Array, y: Float64Array): Float64Array {
  const order = ascending(scores);
  const scoreAt = (rank: number): number => f64(scores, u32(order, rank));
  const out = new Float64Array(scores.length);
  const positives = sum(y);
  const negatives = y.length - positives;
  let [below, belowPositive] = [0, 0];
  for (let begin = 0; begin < order.length; ) {
    let [end, tiedPositive] = [begin, 0];
    while (end < order.length && scoreAt(end) === scoreAt(begin)) tiedPositive += f64(y, u32(order, end++));
    const tiedNegative = end - begin - tiedPositive;
    const ofPositive = (below - belowPositive + tiedNegative / 2) / negatives;
    const ofNegative = (positives - belowPositive - tiedPositive / 2) / positives;
    for (const row of order.subarray(begin, end)) out[row] = f64(y, row) > 0 ? ofPositive : ofNegative;
    below += end - begin;
    belowPositive += tiedPositive;
    begin = end;
  }
  return out;
}

/** AUC of a score and of its baseline, with 95 % intervals of the AUC and of the lead. */
export interface AucComparison {
  readonly auc: number;
  readonly rival: number;
  readonly interval: readonly [number, number];
  readonly lead: readonly [number, number];
}

/** Compares two scores of the same members (DeLong, DeLong and Clarke-Pearson 1988). @param y 0 or 1 */
export function compareAuc(scores: Float64Array, rival: Float64Array, y: Float64Array): AucComparison {
  const [a, b] = [placements(scores, y), placements(rival, y)];
  const [own, other] = [auc(scores, y), auc(rival, y)];
  const reach = Z * standardError(a, y);
  const gap =
    Z *
    standardError(
      a.map((v, i) => v - f64(b, i)),
      y,
    );
  return { auc: own, rival: other, interval: [own - reach, own + reach], lead: [own - other - gap, own - other + gap] };
}

/** The standard error of the mean placement, over both classes. */
function standardError(placed: Float64Array, y: Float64Array): number {
  let variance = 0;
  for (const side of [1, 0]) {
    let [n, total, squares] = [0, 0, 0];
    for (const [i, value] of placed.entries()) {
      if ((f64(y, i) > 0 ? 1 : 0) !== side) continue;
      n++;
      total += value;
      squares += value ** 2;
    }
    variance += Math.max(0, squares / n - (total / n) ** 2) / (n - 1);
  }
  return Math.sqrt(variance);
}

/** Deciles by score: predicted share (`said`), actual share (`came`) with its interval, and the lift over all. */
export function deciles(scores: Float64Array, y: Float64Array): Row[] {
  const order = descending(scores);
  const share = sum(y) / y.length;
  return Array.from({ length: 10 }, (_, t): Row => {
    const part = order.subarray(Math.floor((t * order.length) / 10), Math.floor(((t + 1) * order.length) / 10));
    const came = part.reduce((s, i) => s + f64(y, i), 0);
    const [low, high] = wilson(came, part.length);
    return {
      tenth: t + 1,
      said: part.reduce((s, i) => s + f64(scores, i), 0) / part.length,
      came: came / part.length,
      low,
      high,
      lift: came / part.length / share,
      lift_low: low / share,
      lift_high: high / share,
    };
  });
}

/** Share of the positives found among the highest-scored members, in twentieths of all members. */
export function gains(scores: Float64Array, y: Float64Array): Row[] {
  const order = descending(scores);
  const all = sum(y);
  const rows: Row[] = [{ taken: 0, found: 0, chance: 0 }];
  let found = 0;
  let step = 1;
  for (const [i, row] of order.entries()) {
    found += f64(y, row);
    if (i + 1 < (order.length * step) / 20) continue;
    rows.push({ taken: step / 20, found: found / all, chance: step / 20 });
    step++;
  }
  return rows;
}

/** The profit curve, in fortieths of all members. */
export interface Profits {
  readonly rows: Row[];
  /** where the profit is highest: share of the members contacted, profit, and the lowest score contacted */
  readonly best: { readonly taken: number; readonly profit: number; readonly score: number };
  /** profit of contacting everyone */
  readonly all: number;
}

/**
 * What contacting the highest-scored members would have earned.
 * @param action cost of a contact, worth of a member for whom it works, share of positives for whom it works
 */
export function profits(
  scores: Float64Array,
  y: Float64Array,
  { cost, worth, works }: { readonly cost: number; readonly worth: number; readonly works: number },
): Profits {
  const order = descending(scores);
  const rows: Row[] = [{ taken: 0, profit: 0 }];
  let best = { taken: 0, profit: 0, score: 1 };
  let profit = 0;
  let step = 1;
  for (const [i, row] of order.entries()) {
    profit += f64(y, row) * works * worth - cost;
    if (profit > best.profit) best = { taken: (i + 1) / order.length, profit, score: f64(scores, row) };
    if (i + 1 < (order.length * step) / 40) continue;
    rows.push({ taken: step / 40, profit });
    step++;
  }
  return { rows, best, all: profit };
}
