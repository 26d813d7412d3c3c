/** How far what all customers together buy may lie from what is expected of them. */
import { seeded } from "../random.ts";
import type { Histories } from "./bg-nbd.ts";
import { varianceOf } from "./counts.ts";
import { MOST_COUNTS, type Process } from "./process.ts";

const DRAWS = 400;
const SAMPLED = 500;

/**
 * 95 % interval of the purchases that all customers together will make in `t`: parameters drawn from the normal distribution of their logarithms around the
 * maximum, and each customer's own chance on top. Null where the curvature there is of no use.
 */
export function totalInterval(
  process: Process,
  { x, tx, T }: Histories,
  t: number,
  seed: number,
): readonly [number, number] | null {
  const { x: best, covariance } = process.maximum;
  const root = cholesky(covariance.map((row, i) => row.map((v, j) => v / best[i]! / best[j]!)));
  if (root === null) return null;
  const random = seeded(seed);
  const step = Math.max(1, Math.floor(x.length / SAMPLED));
  const total = (of: Pick<Process, "expected">): number => {
    let sum = 0;
    for (let i = 0; i < x.length; i += step) sum += of.expected(x[i]!, tx[i]!, T[i]!, t);
    return sum;
  };
  const sampled = total(process);
  const into = new Float64Array(MOST_COUNTS);
  let [whole, own, looked] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) whole += process.expected(x[i]!, tx[i]!, T[i]!, t);
  for (let i = 0; i < x.length; i += step) {
    own += varianceOf(into, process.chances(x[i]!, tx[i]!, T[i]!, t, into));
    looked++;
  }
  const chance = Math.sqrt((own / looked) * x.length);
  const totals: number[] = [];
  for (let d = 0; d < DRAWS; d++) {
    const z = best.map(() => random.normal());
    const at = best.map((v, i) => v * Math.exp(root[i]!.reduce((sum, l, j) => sum + l * z[j]!, 0)));
    const found = (total(process.with(at)) / sampled) * whole + chance * random.normal();
    if (Number.isFinite(found)) totals.push(found);
  }
  if (totals.length < DRAWS / 2) return null;
  totals.sort((a, b) => a - b);
  return [Math.max(0, totals[Math.floor(totals.length * 0.025)]!), totals[Math.ceil(totals.length * 0.975) - 1]!];
}

function cholesky(matrix: readonly (readonly number[])[]): number[][] | null {
  const n = matrix.length;
  const root = matrix.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= root[i]![k]! * root[j]![k]!;
      if (i === j) {
        if (!(sum > 0)) return null;
        root[i]![i] = Math.sqrt(sum);
      } else root[i]![j] = sum / root[j]![j]!;
    }
  }
  return root;
}
