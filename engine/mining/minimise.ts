/** Quasi-Newton minimisation (BFGS) with numeric gradients, for smooth functions of up to a few dozen numbers. */

export function minimise(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  { most = 400, step = 1e-6 } = {},
): { readonly x: readonly number[]; readonly value: number } {
  const n = start.length;
  let x = [...start];
  let value = f(x);
  const gradientAt = (at: readonly number[]): number[] =>
    at.map((v, i) => {
      const h = step * Math.max(1, Math.abs(v));
      const [up, down] = [[...at], [...at]];
      up[i] = v + h;
      down[i] = v - h;
      return (f(up) - f(down)) / (2 * h);
    });
  let gradient = gradientAt(x);
  const identity = (): number[][] =>
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  let inverse = identity();
  for (let round = 0; round < most; round++) {
    let direction = inverse.map((row) => -row.reduce((sum, v, j) => sum + v * gradient[j]!, 0));
    let slope = direction.reduce((sum, d, i) => sum + d * gradient[i]!, 0);
    if (!(slope < 0)) {
      inverse = identity();
      direction = gradient.map((g) => -g);
      slope = -gradient.reduce((sum, g) => sum + g * g, 0);
    }
    if (!(slope < -1e-14)) break;
    const longest = Math.max(...direction.map(Math.abs));
    let t = Math.min(1, 1 / longest);
    let next = x;
    let found = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 40; tries++, t /= 2) {
      next = x.map((v, i) => v + t * direction[i]!);
      found = f(next);
      if (found <= value + 1e-4 * t * slope) break;
    }
    if (!(found < value)) break;
    const gain = value - found;
    const after = gradientAt(next);
    const s = next.map((v, i) => v - x[i]!);
    const y = after.map((g, i) => g - gradient[i]!);
    const sy = s.reduce((sum, v, i) => sum + v * y[i]!, 0);
    if (sy > 1e-12) {
      const hy = inverse.map((row) => row.reduce((sum, v, j) => sum + v * y[j]!, 0));
      const yhy = y.reduce((sum, v, i) => sum + v * hy[i]!, 0);
      inverse = inverse.map((row, i) =>
        row.map((v, j) => v + ((1 + yhy / sy) * s[i]! * s[j]!) / sy - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy),
      );
    }
    [x, value, gradient] = [next, found, after];
    if (gain < 1e-10 * (1 + Math.abs(value))) break;
  }
  return { x, value };
}
