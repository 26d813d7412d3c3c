/**
 * The simplex search of Nelder and Mead (1965) with the dimension-dependent steps of Gao and Han (2012).
 * Written here because the packages that have one do not load as modules on Node.
 */
import { at, first } from "../lookup.ts";
import type { Minimum } from "./minimise.ts";
import { num } from "./numeric/vector.ts";

/**
 * Searches for a minimum from `start` without gradients.
 * @param step from the start to the other corners of the first simplex
 * @param tolerance relative difference of values at which the search ends
 * @param most iterations at most
 */
export function nelderMead(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  { step = 0.1, tolerance = 1e-10, most = 4000 } = {},
): Minimum {
  const n = start.length;
  const [expand, contract, shrink] = [1 + 2 / n, 0.75 - 1 / (2 * n), 1 - 1 / n];
  const corner = (x: readonly number[]): Minimum => ({ x, value: f(x) });
  const simplex = [start, ...start.map((_, i) => start.map((v, j) => (i === j ? v + step : v)))].map(corner);
  const sort = (): void => void simplex.sort((a, b) => a.value - b.value);
  for (let i = 0; i < most; i++) {
    sort();
    const [best, worst] = [first(simplex), at(simplex, n)];
    if (settled(simplex, best, worst, tolerance)) break;
    const centre = start.map((_, j) => simplex.slice(0, n).reduce((sum, s) => sum + num(s.x, j), 0) / n);
    const along = (by: number): Minimum => corner(centre.map((c, j) => c + by * (c - num(worst.x, j))));
    const mirrored = along(1);
    if (mirrored.value < best.value) {
      const further = along(expand);
      simplex[n] = further.value < mirrored.value ? further : mirrored;
      continue;
    }
    if (mirrored.value < at(simplex, n - 1).value) {
      simplex[n] = mirrored;
      continue;
    }
    const nearer = mirrored.value < worst.value ? along(contract) : along(-contract);
    if (nearer.value < Math.min(mirrored.value, worst.value)) {
      simplex[n] = nearer;
      continue;
    }
    for (const [k, { x }] of simplex.entries())
      if (k > 0) simplex[k] = corner(x.map((v, j) => num(best.x, j) + shrink * (v - num(best.x, j))));
  }
  sort();
  return first(simplex);
}

/** Whether all corners agree in value and lie together. */
const settled = (simplex: readonly Minimum[], best: Minimum, worst: Minimum, tolerance: number): boolean =>
  Math.abs(worst.value - best.value) <= tolerance * (1 + Math.abs(best.value)) &&
  simplex.every((s) => s.x.every((v, j) => Math.abs(v - num(best.x, j)) <= 1e-7));
