/** The distribution of future purchases: what an expectation of 1.4 hides. */
import { alive, type BgNbd } from "./bg-nbd.ts";
import { aliveParetoNbd, type ParetoNbd } from "./pareto-nbd.ts";
import { f64, add } from "../numeric/vector.ts";

/** Probability that is left to the last count. */
const REST = 1e-4;

/**
 * BG/NBD: after x purchases the rate of a customer who is alive is Gamma(r + x, alpha + T) and the probability of
 * leaving Beta(a, b + x), so future purchases are distributed as those of a new customer (Fader, Hardie and Lee 2005,
 * equation 8).
 * @returns how many counts were written; the last stands for all above
 */
export function chancesByBgNbd(p: BgNbd, x: number, tx: number, T: number, t: number, into: Float64Array): number {
  const there = alive(p, x, tx, T);
  const [r, alpha, a, b] = [p.r + x, p.alpha + T, p.a, p.b + x];
  const more = t / (alpha + t);
  let stays = 1;
  let buys = (1 - more) ** r;
  let leaves = a / (a + b);
  let later = 1;
  let left = 1 - (1 - there + there * buys);
  into[0] = 1 - left;
  let y = 0;
  while (left > REST && y < into.length - 1) {
    later = Math.max(0, later - buys);
    stays *= (b + y) / (a + b + y);
    buys *= ((r + y) / (y + 1)) * more;
    y++;
    into[y] = there * (stays * buys + leaves * later);
    left -= f64(into, y);
    leaves *= (b + y - 1) / (a + b + y);
  }
  add(into, y, left);
  return y + 1;
}

/** Lifetimes that represent all within the horizon. */
const LIVES = 12;

/** Pareto/NBD: a mixture of negative binomial counts over lifetimes in the middle of equally likely parts. */
export function chancesByPareto(p: ParetoNbd, x: number, tx: number, T: number, t: number, into: Float64Array): number {
  const there = aliveParetoNbd(p, x, tx, T);
  const [r, alpha, beta] = [p.r + x, p.alpha + T, p.beta + T];
  const outlives = (beta / (beta + t)) ** p.s;
  const parts = Array.from({ length: LIVES + 1 }, (_, k) => {
    const life = k === LIVES ? t : Math.min(t, beta * ((1 - ((k + 0.5) / LIVES) * (1 - outlives)) ** (-1 / p.s) - 1));
    const more = life / (alpha + life);
    return { more, chance: there * (k === LIVES ? outlives : (1 - outlives) / LIVES) * (1 - more) ** r };
  });
  const sum = (): number => parts.reduce((all, part) => all + part.chance, 0);
  into[0] = 1 - there + sum();
  let left = 1 - into[0];
  let y = 0;
  while (left > REST && y < into.length - 1) {
    for (const part of parts) part.chance *= ((r + y) / (y + 1)) * part.more;
    y++;
    into[y] = sum();
    left -= f64(into, y);
  }
  add(into, y, left);
  return y + 1;
}

/** The quantile of the counts: the lowest count whose cumulative probability reaches the share. */
export function countAt(chances: Float64Array, counts: number, share: number): number {
  let sum = 0;
  for (let y = 0; y < counts; y++) {
    sum += f64(chances, y);
    if (sum >= share) return y;
  }
  return counts - 1;
}

/** The variance of the counts. */
export function varianceOf(chances: Float64Array, counts: number): number {
  let [mean, squares] = [0, 0];
  for (let y = 1; y < counts; y++) {
    mean += y * f64(chances, y);
    squares += y * y * f64(chances, y);
  }
  return squares - mean ** 2;
}
