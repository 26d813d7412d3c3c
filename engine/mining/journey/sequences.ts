/** What units went through, in order: funnels with time limits, flows from step to step, and orders of steps that many share. */
import { required } from "../../lookup.ts";
import { f64, i32, num, count } from "../numeric/index.ts";

/** Events in the order of unit and time; unit u has the events offsets[u] to offsets[u + 1] - 1; stages from 0. */
export interface Journeys {
  readonly offsets: Int32Array;
  readonly stage: Int32Array /** days */;
  readonly at: Float64Array;
  readonly stageCount: number;
}

/**
 * How far a unit came: steps done within `days` of the first. Ordered, each after the one before it; unordered, the first k
 * steps in any order within one window.
 */
export function depthOf(
  { offsets, stage, at }: Journeys,
  unit: number,
  steps: readonly number[],
  days: number,
  ordered: boolean,
): number {
  const [from, until] = [i32(offsets, unit), i32(offsets, unit + 1)];
  let best = 0;
  if (ordered) {
    for (let i = from; i < until && best < steps.length; i++) {
      if (stage[i] !== steps[0]) continue;
      let depth = 1;
      for (let k = i + 1; k < until && depth < steps.length && f64(at, k) - f64(at, i) <= days; k++)
        if (stage[k] === steps[depth]) depth++;
      best = Math.max(best, depth);
    }
    return best;
  }
  const inside = new Map<number, number>();
  for (let i = from, start = from; i < until; i++) {
    inside.set(i32(stage, i), (inside.get(i32(stage, i)) ?? 0) + 1);
    for (; f64(at, i) - f64(at, start) > days; start++)
      inside.set(i32(stage, start), required(inside, i32(stage, start)) - 1);
    let depth = 0;
    while (depth < steps.length && (inside.get(num(steps, depth)) ?? 0) > 0) depth++;
    best = Math.max(best, depth);
  }
  return best;
}

/** Units that came to each step. */
export function funnel(
  journeys: Journeys,
  steps: readonly number[],
  days: number,
  ordered: boolean,
): { readonly reached: readonly number[]; readonly depth: Int32Array } {
  const units = journeys.offsets.length - 1;
  const depth = new Int32Array(units);
  const reached = new Int32Array(steps.length);
  for (let u = 0; u < units; u++) {
    depth[u] = depthOf(journeys, u, steps, days, ordered);
    for (let k = 0; k < i32(depth, u); k++) count(reached, k);
  }
  return { reached: [...reached], depth };
}

/** A unit's stages with repetitions left out. */
function path({ offsets, stage }: Journeys, unit: number, most: number): number[] {
  const out: number[] = [];
  for (let k = i32(offsets, unit); k < i32(offsets, unit + 1) && out.length < most; k++)
    if (stage[k] !== out[out.length - 1]) out.push(i32(stage, k));
  return out;
}

export interface Flow {
  readonly position: number;
  readonly from: number /** -1: nothing more */;
  readonly to: number;
  readonly units: number;
}

/** Moves between the first `most` different stages of each unit, repetitions left out. */
export function flows(journeys: Journeys, most = 4): Flow[] {
  const n = journeys.stageCount + 1;
  const counts = new Int32Array(most * n * n);
  for (let u = 0; u + 1 < journeys.offsets.length; u++) {
    const steps = path(journeys, u, most);
    for (let p = 0; p + 1 < most && p < steps.length; p++)
      count(counts, (p * n + num(steps, p)) * n + (steps[p + 1] ?? n - 1));
  }
  const out: Flow[] = [];
  counts.forEach((units, key) => {
    if (units > 0)
      out.push({
        position: Math.floor(key / (n * n)) + 1,
        from: Math.floor(key / n) % n,
        to: key % n === n - 1 ? -1 : key % n,
        units,
      });
  });
  return out;
}

export interface Sequence {
  readonly stages: readonly number[];
  readonly units: number;
}

/** Orders of two and three different stages, gaps allowed, that at least `least` units went through among their first `most` stages. */
export function frequentSequences(journeys: Journeys, least: number, most = 30): Sequence[] {
  const n = journeys.stageCount;
  const pairs = new Int32Array(n * n),
    triples = new Int32Array(n * n * n);
  const seenPair = new Int32Array(n * n).fill(-1),
    seenTriple = new Int32Array(n * n * n).fill(-1);
  for (let u = 0; u + 1 < journeys.offsets.length; u++) {
    const steps = path(journeys, u, most);
    for (let i = 0; i < steps.length; i++) {
      for (let j = i + 1; j < steps.length; j++) {
        if (steps[j] === steps[i]) continue;
        const pair = num(steps, i) * n + num(steps, j);
        if (seenPair[pair] !== u) {
          seenPair[pair] = u;
          count(pairs, pair);
        }
        for (let k = j + 1; k < steps.length; k++) {
          if (steps[k] === steps[i] || steps[k] === steps[j]) continue;
          const triple = pair * n + num(steps, k);
          if (seenTriple[triple] !== u) {
            seenTriple[triple] = u;
            count(triples, triple);
          }
        }
      }
    }
  }
  const out: Sequence[] = [];
  pairs.forEach((units, key) => {
    if (units >= least) out.push({ stages: [Math.floor(key / n), key % n], units });
  });
  triples.forEach((units, key) => {
    if (units >= least) out.push({ stages: [Math.floor(key / n / n), Math.floor(key / n) % n, key % n], units });
  });
  return out.sort(
    (a, b) => b.units - a.units || a.stages.length - b.stages.length || a.stages.join().localeCompare(b.stages.join()),
  );
}
