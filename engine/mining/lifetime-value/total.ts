/** The uncertainty of what all customers together will buy. */
import { f64, num } from "../numeric/vector.ts";
import { Matrix } from "../numeric/matrix.ts";
import { seeded } from "../random.ts";
import type { Histories } from "./histories.ts";
import { varianceOf } from "./counts.ts";
import { MOST_COUNTS, type Process } from "./process.ts";

const DRAWS = 400;
const SAMPLED = 500;

/**
 * The 95 % interval of the purchases that all customers together make in `t` weeks: parameters are drawn from the
 * normal distribution of their logarithms around the maximum, and the chance of each customer comes on top.
 * @returns null where the curvature at the maximum is of no use
 */
export function totalInterval(
  process: Process,
  histories: Histories,
  t: number,
  seed: number,
): readonly [number, number] | null {
  const { x: best, covariance } = process.maximum;
  const n = histories.x.length;
  const logCovariance = new Matrix(best.length, best.length);
  for (const [i, a] of best.entries())
    for (const [j, b] of best.entries()) logCovariance.set(i, j, covariance.get(i, j) / a / b);
  const root = cholesky(logCovariance);
  if (root === null) return null;
  const random = seeded(seed);
  const step = Math.max(1, Math.floor(n / SAMPLED));
  const totalOf = (of: Pick<Process, "expected">, every: number): number => {
    const { x, tx, T } = histories;
    let sum = 0;
    for (let i = 0; i < n; i += every) sum += of.expected(f64(x, i), f64(tx, i), f64(T, i), t);
    return sum;
  };
  const sampled = totalOf(process, step);
  const whole = totalOf(process, 1);
  const chance = Math.sqrt(meanVariance(process, histories, t, step) * n);
  const totals: number[] = [];
  for (let d = 0; d < DRAWS; d++) {
    const z = best.map(() => random.normal());
    const drawn = best.map((v, i) => v * Math.exp(z.reduce((sum, own, j) => sum + root.get(i, j) * own, 0)));
    const found = (totalOf(process.with(drawn), step) / sampled) * whole + chance * random.normal();
    if (Number.isFinite(found)) totals.push(found);
  }
  if (totals.length < DRAWS / 2) return null;
  totals.sort((a, b) => a - b);
  const [low, high] = [Math.floor(totals.length * 0.025), Math.ceil(totals.length * 0.975) - 1];
  return [Math.max(0, num(totals, low)), num(totals, high)];
}

/** The mean variance of a customer's purchases, over every nth. */
function meanVariance(process: Process, { x, tx, T }: Histories, t: number, step: number): number {
  const into = new Float64Array(MOST_COUNTS);
  let [sum, n] = [0, 0];
  for (let i = 0; i < x.length; i += step) {
    sum += varianceOf(into, process.chances(f64(x, i), f64(tx, i), f64(T, i), t, into));
    n++;
  }
  return sum / n;
}

/** The lower triangular root; null where the matrix is not positive definite. */
function cholesky(matrix: Matrix): Matrix | null {
  const n = matrix.rows;
  const root = new Matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix.get(i, j);
      for (let k = 0; k < j; k++) sum -= root.get(i, k) * root.get(j, k);
      if (i !== j) {
        root.set(i, j, sum / root.get(j, j));
        continue;
      }
      if (!(sum > 0)) return null;
      root.set(i, i, Math.sqrt(sum));
    }
  return root;
}
