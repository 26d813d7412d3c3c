/** What units went through, in order: funnels with time limits, flows between stages, and frequent orders. */
import { count, f64, i32, num } from "../numeric/vector.ts";

/** Events in the order of unit and time, in compressed rows: unit u has the events offsets[u] … offsets[u + 1] - 1. */
export interface Journeys {
  readonly offsets: Int32Array;
  /** numbered from 0 */
  readonly stage: Int32Array;
  /** time in days */
  readonly at: Float64Array;
  readonly stageCount: number;
}

/**
 * How many steps a unit completed within `days` of the first. Ordered: each after the one before it. Unordered: the
 * first k steps in any order within one window.
 */
export function depthOf(
  journeys: Journeys,
  unit: number,
  steps: readonly number[],
  days: number,
  ordered: boolean,
): number {
  return ordered ? orderedDepth(journeys, unit, steps, days) : unorderedDepth(journeys, unit, steps, days);
}

function orderedDepth({ offsets, stage, at }: Journeys, unit: number, steps: readonly number[], days: number): number {
  const until = i32(offsets, unit + 1);
  let best = 0;
  for (let i = i32(offsets, unit); i < until && best < steps.length; i++) {
    if (stage[i] !== steps[0]) continue;
    let depth = 1;
    for (let k = i + 1; k < until && depth < steps.length && f64(at, k) - f64(at, i) <= days; k++)
      if (stage[k] === steps[depth]) depth++;
    best = Math.max(best, depth);
  }
  return best;
}

/** A window of `days` moves over the events; `inside` counts the stages in it. */
function unorderedDepth(
  { offsets, stage, at }: Journeys,
  unit: number,
  steps: readonly number[],
  days: number,
): number {
  const until = i32(offsets, unit + 1);
  const inside = new Map<number, number>();
  const change = (event: number, by: number): void => {
    const own = i32(stage, event);
    inside.set(own, (inside.get(own) ?? 0) + by);
  };
  let start = i32(offsets, unit);
  let best = 0;
  for (let i = start; i < until; i++) {
    change(i, 1);
    for (; f64(at, i) - f64(at, start) > days; start++) change(start, -1);
    let depth = 0;
    while (depth < steps.length && (inside.get(num(steps, depth)) ?? 0) > 0) depth++;
    best = Math.max(best, depth);
  }
  return best;
}

/** How many units reached each step, and how far each unit came. */
export function funnel(
  journeys: Journeys,
  steps: readonly number[],
  days: number,
  ordered: boolean,
): { readonly reached: readonly number[]; readonly depth: Int32Array } {
  const depth = Int32Array.from({ length: journeys.offsets.length - 1 }, (_, unit) =>
    depthOf(journeys, unit, steps, days, ordered),
  );
  const reached = new Int32Array(steps.length);
  for (const own of depth) for (let k = 0; k < own; k++) count(reached, k);
  return { reached: [...reached], depth };
}

/** The first stages of a unit, repetitions left out. */
function path({ offsets, stage }: Journeys, unit: number, most: number): number[] {
  const out: number[] = [];
  const until = i32(offsets, unit + 1);
  for (let k = i32(offsets, unit); k < until && out.length < most; k++) {
    const own = i32(stage, k);
    if (own !== out.at(-1)) out.push(own);
  }
  return out;
}

/** Units that moved from one stage to another. */
export interface Flow {
  /** place of `from` in the journeys, from 1 */
  readonly position: number;
  readonly from: number;
  /** -1 where the journey ends */
  readonly to: number;
  readonly units: number;
}

/** Moves between the first `most` stages of each unit, repetitions left out. */
export function flows(journeys: Journeys, most = 4): Flow[] {
  const n = journeys.stageCount + 1;
  const counts = new Int32Array(most * n * n);
  for (let unit = 0; unit + 1 < journeys.offsets.length; unit++) {
    const stages = path(journeys, unit, most);
    for (const [position, from] of stages.entries())
      if (position + 1 < most) count(counts, (position * n + from) * n + (stages[position + 1] ?? n - 1));
  }
  const out: Flow[] = [];
  for (const [key, units] of counts.entries()) {
    if (units === 0) continue;
    const to = key % n;
    out.push({
      position: Math.floor(key / (n * n)) + 1,
      from: Math.floor(key / n) % n,
      to: to === n - 1 ? -1 : to,
      units,
    });
  }
  return out;
}

/** Stages in an order, and the units that went through them. */
export interface Sequence {
  readonly stages: readonly number[];
  readonly units: number;
}

/** Counts each key at most once a unit. */
function counterByUnit(size: number): { readonly counts: Int32Array; add(key: number, unit: number): void } {
  const counts = new Int32Array(size);
  const seen = new Int32Array(size).fill(-1);
  return {
    counts,
    add(key, unit) {
      if (i32(seen, key) === unit) return;
      seen[key] = unit;
      count(counts, key);
    },
  };
}

/**
 * Orders of two and three different stages that at least `least` units went through, other stages in between allowed.
 * @param most stages of a unit that are examined
 */
export function frequentSequences(journeys: Journeys, least: number, most = 30): Sequence[] {
  const n = journeys.stageCount;
  const pairs = counterByUnit(n * n);
  const triples = counterByUnit(n * n * n);
  for (let unit = 0; unit + 1 < journeys.offsets.length; unit++) {
    const stages = path(journeys, unit, most);
    for (const [i, first] of stages.entries())
      for (let j = i + 1; j < stages.length; j++) {
        const second = num(stages, j);
        if (second === first) continue;
        const pair = first * n + second;
        pairs.add(pair, unit);
        for (let k = j + 1; k < stages.length; k++) {
          const third = num(stages, k);
          if (third !== first && third !== second) triples.add(pair * n + third, unit);
        }
      }
  }
  const out: Sequence[] = [];
  for (const [key, units] of pairs.counts.entries())
    if (units >= least) out.push({ stages: [Math.floor(key / n), key % n], units });
  for (const [key, units] of triples.counts.entries())
    if (units >= least) out.push({ stages: [Math.floor(key / n / n), Math.floor(key / n) % n, key % n], units });
  return out.sort(
    (a, b) => b.units - a.units || a.stages.length - b.stages.length || a.stages.join().localeCompare(b.stages.join()),
  );
}
