/** How well a score finds those whom a treatment moves (Radcliffe 2007): the Qini curve, and its area against chance and against perfection. */
import { wilson } from "../experiment/statistics.ts";
import { seeded } from "../random.ts";
import type { Row } from "../../query/query.ts";

interface Walk { readonly area: number; readonly total: number }

const descending = (score: Float64Array): Uint32Array => Uint32Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);

/** Extra outcomes among the highest-scored treated: theirs less the controls', scaled to as many. Tied scores are one step. */
function walkCurve(score: Float64Array, treated: Uint8Array, y: Float64Array, order: Uint32Array, onStep?: (taken: number, extra: number) => void): Walk {
  let [nt, nc, yt, yc, area, before, extra] = [0, 0, 0, 0, 0, 0, 0];
  const n = order.length;
  for (let k = 0; k < n; k++) {
    const i = order[k]!;
    if (treated[i]) { nt++; yt += y[i]!; } else { nc++; yc += y[i]!; }
    if (k + 1 < n && score[order[k + 1]!] === score[i]) continue;
    const next = yt - (nc > 0 ? (yc * nt) / nc : 0);
    area += ((next + extra) / 2) * (k + 1 - before);
    [before, extra] = [k + 1, next];
    onStep?.(k + 1, extra);
  }
  return { area, total: extra };
}

/** 0 is chance, 1 the order that would put all moved ones first; below 0 the order is worse than chance. */
export function qini(score: Float64Array, treated: Uint8Array, y: Float64Array, rows: Uint32Array = descending(score)): number {
  const own = walkCurve(score, treated, y, rows);
  const perfect = score.map((_, i) => 2 * ((y[i]! > 0 ? 1 : 0) === treated[i] ? 1 : 0) + treated[i]!);
  const best = walkCurve(perfect, treated, y, Uint32Array.from(rows).sort((a, b) => perfect[b]! - perfect[a]! || a - b));
  const chance = (own.total * rows.length) / 2;
  return (own.area - chance) / (best.area - chance);
}

const REPETITIONS = 100;

/** The curve with a 95 % band over members drawn anew, the coefficient and a rival's on the same draws. */
export function qiniBand(score: Float64Array, rival: Float64Array, treated: Uint8Array, y: Float64Array, seed: number): { readonly rows: Row[]; readonly own: number; readonly rival: number; readonly interval: readonly [number, number]; readonly lead: readonly [number, number] } {
  const n = score.length;
  const random = seeded(seed);
  const steps = Array.from({ length: 21 }, (_, s) => s / 20);
  const curveOf = (order: Uint32Array): number[] => {
    const at: number[] = new Array<number>(21).fill(0);
    let step = 1;
    walkCurve(score, treated, y, order, (taken, extra) => { while (step <= 20 && taken >= (order.length * step) / 20) at[step++] = (extra / order.length) * 1000; });
    return at;
  };
  const draws = Array.from({ length: REPETITIONS }, () => {
    const drawn = Uint32Array.from({ length: n }, () => random.below(n));
    const order = Uint32Array.from(drawn).sort((a, b) => score[b]! - score[a]! || a - b);
    const other = Uint32Array.from(drawn).sort((a, b) => rival[b]! - rival[a]! || a - b);
    return { own: qini(score, treated, y, order), rival: qini(rival, treated, y, other), curve: curveOf(order) };
  });
  const bound = (values: number[], at: number): number => { const sorted = [...values].sort((a, b) => a - b); return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))]!; };
  const interval = (values: number[]): readonly [number, number] => [bound(values, 0.025), bound(values, 0.975)];
  const curve = curveOf(descending(score));
  return {
    own: qini(score, treated, y), rival: qini(rival, treated, y), interval: interval(draws.map((d) => d.own)), lead: interval(draws.map((d) => d.own - d.rival)),
    rows: steps.map((taken, s) => ({ taken, chance: curve[20]! * taken, extra: curve[s]!, low: bound(draws.map((d) => d.curve[s]!), 0.025), high: bound(draws.map((d) => d.curve[s]!), 0.975) })),
  };
}

/** Tenths by score: the rate of the treated less that of the controls, with its 95 % interval (Newcombe 1998). */
export function upliftTenths(score: Float64Array, treated: Uint8Array, y: Float64Array): Row[] {
  const order = descending(score);
  return Array.from({ length: 10 }, (_, t) => {
    const part = order.slice(Math.floor((t * order.length) / 10), Math.floor(((t + 1) * order.length) / 10));
    let [nt, nc, yt, yc, said] = [0, 0, 0, 0, 0];
    for (const i of part) { said += score[i]!; if (treated[i]) { nt++; yt += y[i]!; } else { nc++; yc += y[i]!; } }
    const [a, b] = [yt / nt, yc / nc];
    const [wa, wb] = [wilson(yt, nt), wilson(yc, nc)];
    return { tenth: t + 1, said: said / part.length, uplift: a - b, low: a - b - Math.hypot(a - wa[0], wb[1] - b), high: a - b + Math.hypot(wa[1] - a, b - wb[0]), treated: nt, control: nc };
  });
}
