/** How good chances are on members that were not learnt from: intervals, calibration, gain by tenths, profit. */
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import type { Row } from "../../model/query.ts";
import { wilson } from "../experiment/statistics.ts";
import { auc } from "./logistic.ts";

const Z = normalQuantile(0.975, 0, 1);

/** For each row the share of the other class that it is rightly told from; ties count half. */
function placements(scores: Float64Array, y: Float64Array): Float64Array {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  const out = new Float64Array(scores.length);
  const positives = y.reduce((a, b) => a + b, 0),
    negatives = y.length - positives;
  let [below, belowPositive] = [0, 0];
  for (let i = 0; i < order.length; ) {
    let end = i,
      tiedPositive = 0;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) tiedPositive += y[order[end++]!]!;
    const tiedNegative = end - i - tiedPositive;
    for (let k = i; k < end; k++) {
      const row = order[k]!;
      out[row] =
        y[row]! > 0
          ? (below - belowPositive + tiedNegative / 2) / negatives
          : (positives - belowPositive - tiedPositive / 2) / positives;
    }
    below += end - i;
    belowPositive += tiedPositive;
    i = end;
  }
  return out;
}

/** AUC of two scores on the same members, and the 95 % interval of each and of their difference (DeLong, DeLong and Clarke-Pearson 1988). */
export function compareAuc(
  scores: Float64Array,
  rival: Float64Array,
  y: Float64Array,
): {
  readonly auc: number;
  readonly rival: number;
  readonly interval: readonly [number, number];
  readonly lead: readonly [number, number];
} {
  const [a, b] = [placements(scores, y), placements(rival, y)];
  const spread = (of: Float64Array): number => {
    let variance = 0;
    for (const side of [1, 0]) {
      let [n, sum, squares] = [0, 0, 0];
      for (let i = 0; i < of.length; i++)
        if ((y[i]! > 0 ? 1 : 0) === side) {
          n++;
          sum += of[i]!;
          squares += of[i]! ** 2;
        }
      variance += Math.max(0, squares / n - (sum / n) ** 2) / (n - 1);
    }
    return Math.sqrt(variance);
  };
  const [own, other] = [auc(scores, y), auc(rival, y)];
  const [reach, gap] = [Z * spread(a), Z * spread(a.map((v, i) => v - b[i]!))];
  return { auc: own, rival: other, interval: [own - reach, own + reach], lead: [own - other - gap, own - other + gap] };
}

const descending = (scores: Float64Array): Uint32Array =>
  Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);

/** Tenths by score: what was said, what came with its interval, and the lift over all. */
export function tenths(scores: Float64Array, y: Float64Array): Row[] {
  const order = descending(scores);
  const share = y.reduce((a, b) => a + b, 0) / y.length;
  return Array.from({ length: 10 }, (_, t) => {
    const part = order.slice(Math.floor((t * order.length) / 10), Math.floor(((t + 1) * order.length) / 10));
    const came = part.reduce((s, i) => s + y[i]!, 0);
    const [low, high] = wilson(came, part.length);
    return {
      tenth: t + 1,
      said: part.reduce((s, i) => s + scores[i]!, 0) / part.length,
      came: came / part.length,
      low,
      high,
      lift: came / part.length / share,
      lift_low: low / share,
      lift_high: high / share,
    };
  });
}

/** Share of the positives among the highest-scored, by how many are taken. */
export function gains(scores: Float64Array, y: Float64Array): Row[] {
  const order = descending(scores);
  const all = y.reduce((a, b) => a + b, 0);
  const rows: Row[] = [{ taken: 0, found: 0, chance: 0 }];
  let found = 0;
  for (let i = 0, step = 1; i < order.length; i++) {
    found += y[order[i]!]!;
    if (i + 1 >= (order.length * step) / 20) {
      rows.push({ taken: step / 20, found: found / all, chance: step / 20 });
      step++;
    }
  }
  return rows;
}

/** What contacting the highest-scored would have brought, and where it stops to pay. */
export function profits(
  scores: Float64Array,
  y: Float64Array,
  { cost, worth, works }: { readonly cost: number; readonly worth: number; readonly works: number },
): {
  readonly rows: Row[];
  readonly best: { readonly taken: number; readonly profit: number; readonly score: number };
  readonly all: number;
} {
  const order = descending(scores);
  let [profit, most, at] = [0, 0, 0];
  const rows: Row[] = [{ taken: 0, profit: 0 }];
  for (let i = 0, step = 1; i < order.length; i++) {
    profit += y[order[i]!]! * works * worth - cost;
    if (profit > most) [most, at] = [profit, i + 1];
    if (i + 1 >= (order.length * step) / 40) {
      rows.push({ taken: step / 40, profit });
      step++;
    }
  }
  return {
    rows,
    best: { taken: at / order.length, profit: most, score: at === 0 ? 1 : scores[order[at - 1]!]! },
    all: profit,
  };
}
