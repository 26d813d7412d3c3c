/** Nelder and Mead's simplex (1965) with the dimension-dependent steps of Gao and Han (2012). The packages that have one do not load as modules on Node. */

export interface Minimum {
  readonly x: readonly number[];
  readonly value: number;
}

export function nelderMead(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  { step = 0.1, tolerance = 1e-10, most = 4000 } = {},
): Minimum {
  const n = start.length;
  const [expand, contract, shrink] = [1 + 2 / n, 0.75 - 1 / (2 * n), 1 - 1 / n];
  const simplex = [start, ...start.map((_, i) => start.map((v, j) => (i === j ? v + step : v)))].map((x) => ({
    x,
    value: f(x),
  }));
  for (let i = 0; i < most; i++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0]!, simplex[n]!];
    if (
      Math.abs(worst.value - best.value) <= tolerance * (1 + Math.abs(best.value)) &&
      simplex.every((s) => s.x.every((v, j) => Math.abs(v - best.x[j]!) <= 1e-7))
    )
      break;
    const centre = start.map((_, j) => simplex.slice(0, n).reduce((sum, s) => sum + s.x[j]!, 0) / n);
    const at = (by: number): { x: number[]; value: number } => {
      const x = centre.map((c, j) => c + by * (c - worst.x[j]!));
      return { x, value: f(x) };
    };
    const mirrored = at(1);
    if (mirrored.value < best.value) {
      const further = at(expand);
      simplex[n] = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < simplex[n - 1]!.value) simplex[n] = mirrored;
    else {
      const nearer = mirrored.value < worst.value ? at(contract) : at(-contract);
      if (nearer.value < Math.min(mirrored.value, worst.value)) simplex[n] = nearer;
      else
        for (let k = 1; k <= n; k++) {
          const x = simplex[k]!.x.map((v, j) => best.x[j]! + shrink * (v - best.x[j]!));
          simplex[k] = { x, value: f(x) };
        }
    }
  }
  return simplex.sort((a, b) => a.value - b.value)[0]!;
}
