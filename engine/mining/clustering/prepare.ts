/** Makes columns comparable before distances are taken: nulls filled, skewed amounts in logarithms, everything in standard deviations. */

export interface Prepared {
  /** n x d, row-major */
  readonly data: Float64Array;
  readonly n: number;
  readonly d: number;
  readonly columns: readonly PreparedColumn[];
}

export interface PreparedColumn {
  readonly name: string;
  /** log(1 + x) was taken: non-negative and skewed beyond 2 */
  readonly logged: boolean;
  /** of the (logged) values */
  readonly mean: number;
  readonly deviation: number;
  /** rows without a value, given the median */
  readonly filled: number;
  readonly median: number;
}

const SKEWED = 2;

/** @param columns one array a feature, NaN where there is no value; features without spread are left out */
export function prepare(names: readonly string[], columns: readonly Float64Array[]): Prepared {
  const n = columns[0]?.length ?? 0;
  const kept: { info: PreparedColumn; values: Float64Array }[] = [];
  for (const [i, raw] of columns.entries()) {
    const known = raw.filter((v) => !Number.isNaN(v)).sort();
    if (known.length === 0) continue;
    const median =
      known.length % 2 ? known[(known.length - 1) / 2]! : (known[known.length / 2 - 1]! + known[known.length / 2]!) / 2;
    const values = raw.map((v) => (Number.isNaN(v) ? median : v));
    const logged = known[0]! >= 0 && skewness(values) > SKEWED;
    if (logged) for (let r = 0; r < n; r++) values[r] = Math.log1p(values[r]!);
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / n);
    if (!(deviation > 0)) continue;
    kept.push({ info: { name: names[i]!, logged, mean, deviation, filled: n - known.length, median }, values });
  }
  const d = kept.length;
  const data = new Float64Array(n * d);
  for (const [j, { info, values }] of kept.entries())
    for (let r = 0; r < n; r++) data[r * d + j] = (values[r]! - info.mean) / info.deviation;
  return { data, n, d, columns: kept.map((k) => k.info) };
}

function skewness(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  let second = 0;
  let third = 0;
  for (const v of values) {
    const x = v - mean;
    second += x * x;
    third += x * x * x;
  }
  return second === 0 ? 0 : third / n / (second / n) ** 1.5;
}
