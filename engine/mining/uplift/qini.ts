/** How well a score finds those whom a treatment influences (Radcliffe 2007): the Qini curve and its coefficient. */
import type { Row } from "../../model/query.ts";
import { wilson } from "../experiment/statistics.ts";
import { descending, mean, sampleDeviation } from "../numeric/summary.ts";
import { f64, num, u32, u8 } from "../numeric/vector.ts";
import { seeded } from "../random.ts";

/** Area under the curve, its last height, and the members counted. */
interface Walk {
  readonly area: number;
  readonly total: number;
  readonly size: number;
}

/** What a curve is drawn over. */
interface Trial {
  readonly treated: Uint8Array;
  readonly y: Float64Array;
}

/** A score with its members in descending order. */
interface Ranking {
  readonly score: Float64Array;
  readonly order: Uint32Array;
}

const ranked = (score: Float64Array): Ranking => ({ score, order: descending(score) });

/**
 * Extra outcomes among the highest-scored treated: theirs less those of the control group, scaled to as many members.
 * Tied scores are one step.
 * @param weight how often each member counts; once each for null
 */
function walkCurve(
  { score, order }: Ranking,
  { treated, y }: Trial,
  weight: Uint8Array | null,
  onStep?: (taken: number, extra: number) => void,
): Walk {
  let [treatedN, controlN, treatedY, controlY] = [0, 0, 0, 0];
  let [area, before, extra, taken] = [0, 0, 0, 0];
  const n = order.length;
  for (let k = 0; k < n; k++) {
    const i = u32(order, k);
    const w = weight === null ? 1 : u8(weight, i);
    taken += w;
    if (u8(treated, i) > 0) {
      treatedN += w;
      treatedY += w * f64(y, i);
    } else {
      controlN += w;
      controlY += w * f64(y, i);
    }
    if (k + 1 < n && f64(score, u32(order, k + 1)) === f64(score, i)) continue;
    const next = treatedY - (controlN > 0 ? (controlY * treatedN) / controlN : 0);
    area += ((next + extra) / 2) * (taken - before);
    before = taken;
    extra = next;
    onStep?.(taken, extra);
  }
  return { area, total: extra, size: taken };
}

/** The score that puts all who were influenced first: outcome if treated, no outcome if not. */
const perfection = ({ treated, y }: Trial): Ranking =>
  ranked(y.map((v, i) => 2 * ((v > 0 ? 1 : 0) === treated[i] ? 1 : 0) + u8(treated, i)));

const coefficient = (own: Walk, best: Walk): number => {
  const chance = (own.total * own.size) / 2;
  return (own.area - chance) / (best.area - chance);
};

/**
 * The Qini coefficient: 0 is chance, 1 the best possible order; below 0 the order is worse than chance.
 * @param treated 1 where treated; @param y 1 where the outcome came
 */
export function qini(score: Float64Array, treated: Uint8Array, y: Float64Array): number {
  const trial = { treated, y };
  return coefficient(walkCurve(ranked(score), trial, null), walkCurve(perfection(trial), trial, null));
}

const REPETITIONS = 100;
const STEPS = 20;

/** The coefficient of a score and of a baseline, with 95 % intervals over bootstrap draws of members. */
export interface QiniBand {
  /** the curve in twentieths of the members, with its band */
  readonly rows: Row[];
  readonly own: number;
  readonly rival: number;
  readonly interval: readonly [number, number];
  /** of own less rival, on the same draws */
  readonly lead: readonly [number, number];
}

/** The Qini curve with its band, compared with a baseline. */
export function qiniBand(
  score: Float64Array,
  rival: Float64Array,
  treated: Uint8Array,
  y: Float64Array,
  seed: number,
): QiniBand {
  const n = score.length;
  const random = seeded(seed);
  const trial = { treated, y };
  // sorted once: a draw changes how often a member counts, not the order
  const [own, other, ideal] = [ranked(score), ranked(rival), perfection(trial)];
  const evaluate = (weight: Uint8Array | null) => {
    const curve = new Float64Array(STEPS + 1);
    let step = 1;
    const size = weight === null ? n : weight.reduce((a, b) => a + b, 0);
    const walked = walkCurve(own, trial, weight, (taken, extra) => {
      while (step <= STEPS && taken >= (size * step) / STEPS) curve[step++] = (extra / size) * 1000;
    });
    const best = walkCurve(ideal, trial, weight);
    const baseline = walkCurve(other, trial, weight);
    return { own: coefficient(walked, best), rival: coefficient(baseline, best), curve };
  };
  const weight = new Uint8Array(n);
  const draws = Array.from({ length: REPETITIONS }, () => {
    weight.fill(0);
    for (let k = 0; k < n; k++) {
      const drawn = random.below(n);
      weight[drawn] = u8(weight, drawn) + 1;
    }
    return evaluate(weight);
  });
  const all = evaluate(null);
  return {
    own: all.own,
    rival: all.rival,
    interval: around(
      all.own,
      draws.map((d) => d.own),
    ),
    lead: around(
      all.own - all.rival,
      draws.map((d) => d.own - d.rival),
    ),
    rows: Array.from(all.curve, (extra, s) => {
      const [low, high] = around(
        extra,
        draws.map((d) => num(d.curve, s)),
      );
      return { taken: s / STEPS, chance: (num(all.curve, STEPS) * s) / STEPS, extra, low, high };
    }),
  };
}

/** A hundred draws estimate the spread well and the outer quantiles badly: the interval uses the spread. */
const around = (value: number, draws: readonly number[]): readonly [number, number] => {
  const reach = 1.96 * sampleDeviation(draws);
  return [value - reach, value + reach];
};

/**
 * Deciles by score: predicted uplift (`said`), and the rate of the treated less that of the control group with its 95 %
 * interval (Newcombe 1998).
 */
export function upliftTenths(score: Float64Array, treated: Uint8Array, y: Float64Array): Row[] {
  const order = descending(score);
  return Array.from({ length: 10 }, (_, t): Row => {
    const part = order.subarray(Math.floor((t * order.length) / 10), Math.floor(((t + 1) * order.length) / 10));
    let [treatedN, controlN, treatedY, controlY] = [0, 0, 0, 0];
    for (const i of part) {
      if (u8(treated, i) > 0) {
        treatedN++;
        treatedY += f64(y, i);
      } else {
        controlN++;
        controlY += f64(y, i);
      }
    }
    const [a, b] = [treatedY / treatedN, controlY / controlN];
    const [wa, wb] = [wilson(treatedY, treatedN), wilson(controlY, controlN)];
    return {
      tenth: t + 1,
      said: mean(Float64Array.from(part, (i) => f64(score, i))),
      uplift: a - b,
      low: a - b - Math.hypot(a - wa[0], wb[1] - b),
      high: a - b + Math.hypot(wa[1] - a, b - wb[0]),
      treated: treatedN,
      control: controlN,
    };
  });
}
