/** How well a score finds those whom a treatment moves (Radcliffe 2007): the Qini curve, and its area against chance and against perfection. */
import { wilson } from "../experiment/statistics.ts";
import { seeded } from "../random.ts";
import type { Row } from "../../model/query.ts";

interface Walk {
  readonly area: number;
  readonly total: number;
  readonly size: number;
}

const descending = (score: Float64Array): Uint32Array =>
  Uint32Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);

/**
 * Extra outcomes among the highest-scored treated: theirs less the controls', scaled to as many. Tied scores are one step.
 * @param weight how often each member counts; once each without it
 */
function walkCurve(
  score: Float64Array,
  order: Uint32Array,
  treated: Uint8Array,
  y: Float64Array,
  weight: Uint8Array | null,
  onStep?: (taken: number, extra: number) => void,
): Walk {
  let [nt, nc, yt, yc, area, before, extra, taken] = [0, 0, 0, 0, 0, 0, 0, 0];
  const n = order.length;
  for (let k = 0; k < n; k++) {
    const i = order[k]!;
    const w = weight === null ? 1 : weight[i]!;
    taken += w;
    if (treated[i]) {
      nt += w;
      yt += w * y[i]!;
    } else {
      nc += w;
      yc += w * y[i]!;
    }
    if (k + 1 < n && score[order[k + 1]!] === score[i]) continue;
    const next = yt - (nc > 0 ? (yc * nt) / nc : 0);
    area += ((next + extra) / 2) * (taken - before);
    [before, extra] = [taken, next];
    onStep?.(taken, extra);
  }
  return { area, total: extra, size: taken };
}

/** What puts all who were moved first: answered if treated, did not if held out. */
const perfection = (treated: Uint8Array, y: Float64Array): Float64Array =>
  y.map((v, i) => 2 * ((v > 0 ? 1 : 0) === treated[i] ? 1 : 0) + treated[i]!);

const coefficient = (own: Walk, best: Walk): number => {
  const chance = (own.total * own.size) / 2;
  return (own.area - chance) / (best.area - chance);
};

/** 0 is chance, 1 the order that would put all moved ones first; below 0 the order is worse than chance. */
export function qini(score: Float64Array, treated: Uint8Array, y: Float64Array): number {
  const perfect = perfection(treated, y);
  return coefficient(
    walkCurve(score, descending(score), treated, y, null),
    walkCurve(perfect, descending(perfect), treated, y, null),
  );
}

const REPETITIONS = 100;

/** The curve with a 95 % band over members drawn anew, the coefficient and a rival's on the same draws. */
export function qiniBand(
  score: Float64Array,
  rival: Float64Array,
  treated: Uint8Array,
  y: Float64Array,
  seed: number,
): {
  readonly rows: Row[];
  readonly own: number;
  readonly rival: number;
  readonly interval: readonly [number, number];
  readonly lead: readonly [number, number];
} {
  const n = score.length;
  const random = seeded(seed);
  const perfect = perfection(treated, y);
  // sorted once: drawing anew changes how often a member counts, not his place
  const [order, other, ideal] = [descending(score), descending(rival), descending(perfect)];
  const weight = new Uint8Array(n);
  const look = (w: Uint8Array | null) => {
    const curve: number[] = new Array<number>(21).fill(0);
    let step = 1;
    const size = w === null ? n : w.reduce((a, b) => a + b, 0);
    const own = walkCurve(score, order, treated, y, w, (taken, extra) => {
      while (step <= 20 && taken >= (size * step) / 20) curve[step++] = (extra / size) * 1000;
    });
    const best = walkCurve(perfect, ideal, treated, y, w);
    return { own: coefficient(own, best), rival: coefficient(walkCurve(rival, other, treated, y, w), best), curve };
  };
  const draws = Array.from({ length: REPETITIONS }, () => {
    weight.fill(0);
    for (let k = 0; k < n; k++) weight[random.below(n)]!++;
    return look(weight);
  });
  // a hundred draws tell the spread well, the outer fortieths badly
  const around = (value: number, values: readonly number[]): readonly [number, number] => {
    const mean = values.reduce((x, v) => x + v, 0) / values.length;
    const reach = 1.96 * Math.sqrt(values.reduce((x, v) => x + (v - mean) ** 2, 0) / (values.length - 1));
    return [value - reach, value + reach];
  };
  const all = look(null);
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
    rows: Array.from({ length: 21 }, (_, s) => {
      const [low, high] = around(
        all.curve[s]!,
        draws.map((d) => d.curve[s]!),
      );
      return { taken: s / 20, chance: (all.curve[20]! * s) / 20, extra: all.curve[s]!, low, high };
    }),
  };
}

/** Tenths by score: the rate of the treated less that of the controls, with its 95 % interval (Newcombe 1998). */
export function upliftTenths(score: Float64Array, treated: Uint8Array, y: Float64Array): Row[] {
  const order = descending(score);
  return Array.from({ length: 10 }, (_, t) => {
    const part = order.slice(Math.floor((t * order.length) / 10), Math.floor(((t + 1) * order.length) / 10));
    let [nt, nc, yt, yc, said] = [0, 0, 0, 0, 0];
    for (const i of part) {
      said += score[i]!;
      if (treated[i]) {
        nt++;
        yt += y[i]!;
      } else {
        nc++;
        yc += y[i]!;
      }
    }
    const [a, b] = [yt / nt, yc / nc];
    const [wa, wb] = [wilson(yt, nt), wilson(yc, nc)];
    return {
      tenth: t + 1,
      said: said / part.length,
      uplift: a - b,
      low: a - b - Math.hypot(a - wa[0], wb[1] - b),
      high: a - b + Math.hypot(wa[1] - a, b - wb[0]),
      treated: nt,
      control: nc,
    };
  });
}
