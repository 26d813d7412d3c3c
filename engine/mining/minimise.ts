/** Minimises smooth functions of up to a few dozen numbers: BFGS with numeric gradients (Nocedal and Wright 2006). */
import { dot } from "./numeric/summary.ts";
import { num } from "./numeric/vector.ts";

/** The best point found and the value there. */
export interface Minimum {
  readonly x: readonly number[];
  readonly value: number;
}

const MOST_HALVINGS = 40;
const SUFFICIENT_DECREASE = 1e-4;

/**
 * Searches for a minimum from `start` by quasi-Newton steps with backtracking.
 * @param most iterations at most
 * @param step of the numeric gradient, relative to each coordinate
 */
export function minimise(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  { most = 400, step = 1e-6 } = {},
): Minimum {
  let x = [...start];
  let value = f(x);
  let gradient = gradientOf(f, x, step);
  let inverse = identity(x.length);
  for (let round = 0; round < most; round++) {
    let direction = inverse.map((row) => -dot(row, gradient));
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      inverse = identity(x.length);
      direction = gradient.map((g) => -g);
      slope = -dot(gradient, gradient);
    }
    if (!(slope < -1e-14)) break;
    const next = lineSearch(f, x, value, direction, slope);
    if (!(next.value < value)) break;
    const gain = value - next.value;
    const nextGradient = gradientOf(f, next.x, step);
    inverse = updated(inverse, difference(next.x, x), difference(nextGradient, gradient));
    x = next.x;
    value = next.value;
    gradient = nextGradient;
    if (gain < 1e-10 * (1 + Math.abs(value))) break;
  }
  return { x, value };
}

/** Central differences. */
function gradientOf(f: (x: readonly number[]) => number, x: readonly number[], step: number): number[] {
  return x.map((v, i) => {
    const h = step * Math.max(1, Math.abs(v));
    const up = x.with(i, v + h);
    const down = x.with(i, v - h);
    return (f(up) - f(down)) / (2 * h);
  });
}

/** Halves the step until the function falls enough (Armijo's rule). */
function lineSearch(
  f: (x: readonly number[]) => number,
  x: readonly number[],
  value: number,
  direction: readonly number[],
  slope: number,
): { x: number[]; value: number } {
  const longest = Math.max(...direction.map(Math.abs));
  let t = Math.min(1, 1 / longest);
  let next = { x: [...x], value: Number.POSITIVE_INFINITY };
  for (let tries = 0; tries < MOST_HALVINGS; tries++, t /= 2) {
    const at = x.map((v, i) => v + t * num(direction, i));
    next = { x: at, value: f(at) };
    if (next.value <= value + SUFFICIENT_DECREASE * t * slope) break;
  }
  return next;
}

/**
 * The inverse Hessian after a step `s` that changed the gradient by `y`; unchanged where the curvature is not positive.
 */
function updated(inverse: number[][], s: readonly number[], y: readonly number[]): number[][] {
  const sy = dot(s, y);
  if (!(sy > 1e-12)) return inverse;
  const hy = inverse.map((row) => dot(row, y));
  const yhy = dot(y, hy);
  return inverse.map((row, i) => {
    const [si, hyi] = [num(s, i), num(hy, i)];
    return row.map((v, j) => v + ((1 + yhy / sy) * si * num(s, j)) / sy - (hyi * num(s, j) + si * num(hy, j)) / sy);
  });
}

const difference = (a: readonly number[], b: readonly number[]): number[] => a.map((v, i) => v - num(b, i));

const identity = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
