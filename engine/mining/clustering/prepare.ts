/**
 * Makes features comparable before distances: gaps filled, skewed amounts in logarithms, all in standard deviations.
 */
import { at } from "../../lookup.ts";
import { deviation, mean, medianOfSorted } from "../numeric/summary.ts";
import { f64 } from "../numeric/vector.ts";
import { Matrix } from "../numeric/matrix.ts";

/** Features ready for distances. */
export interface Prepared {
  /** one row a member, one column a kept feature */
  readonly rows: Matrix;
  readonly columns: readonly PreparedColumn[];
}

/** What was done to a feature. */
export interface PreparedColumn {
  readonly name: string;
  /** log(1 + x) was taken: the feature is non-negative with a skewness above 2 */
  readonly logged: boolean;
  /** mean and standard deviation of the (logged) values */
  readonly mean: number;
  readonly deviation: number;
  /** members without a value, who were given the median */
  readonly filled: number;
  readonly median: number;
}

const SKEWED = 2;

/** @param columns one array a feature, NaN for unknown values; features without spread are left out */
export function prepare(names: readonly string[], columns: readonly Float64Array[]): Prepared {
  const kept = columns.flatMap((raw, i) => {
    const column = prepareColumn(at(names, i), raw);
    return column === null ? [] : [column];
  });
  const rows = new Matrix(columns[0]?.length ?? 0, kept.length);
  for (const [j, { info, values }] of kept.entries())
    for (let i = 0; i < rows.rows; i++) rows.set(i, j, (f64(values, i) - info.mean) / info.deviation);
  return { rows, columns: kept.map((k) => k.info) };
}

function prepareColumn(name: string, raw: Float64Array): { info: PreparedColumn; values: Float64Array } | null {
  const known = raw.filter((v) => !Number.isNaN(v)).sort();
  if (known.length === 0) return null;
  const median = medianOfSorted(known);
  const filled = raw.map((v) => (Number.isNaN(v) ? median : v));
  const logged = f64(known, 0) >= 0 && skewness(filled) > SKEWED;
  const values = logged ? filled.map((v) => Math.log1p(v)) : filled;
  const spread = deviation(values);
  if (!(spread > 0)) return null;
  const info = { name, logged, mean: mean(values), deviation: spread, filled: raw.length - known.length, median };
  return { info, values };
}

function skewness(values: Float64Array): number {
  const centre = mean(values);
  let second = 0;
  let third = 0;
  for (const v of values) {
    const x = v - centre;
    second += x * x;
    third += x * x * x;
  }
  const n = values.length;
  return second === 0 ? 0 : third / n / (second / n) ** 1.5;
}
