import { at, present } from "../../../engine/lookup.ts";
/**
 * A small, fast generator (sfc32) with the distributions the demo needs. The same seed and stream give the same numbers
 * on every machine.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(seed: number, stream: string) {
    let hash = seed >>> 0;
    for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 0x9e3779b1) ^ (hash >>> 15);
    this.a = hash;
    this.b = Math.imul(hash, 0x85ebca6b) ^ 0x2545f491;
    this.c = seed ^ 0x6c8e9cf5;
    for (let i = 0; i < 16; i++) this.bits();
  }

  private bits(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** 0 <= x < 1 */
  next(): number {
    return this.bits() / 4294967296;
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  /** 0 <= x < n */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }
  between(min: number, max: number): number {
    return min + this.int(max - min + 1);
  }
  pick<T>(from: readonly T[]): T {
    const value = from[this.int(from.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }
  exponential(): number {
    return -Math.log(1 - this.next());
  }
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
  /** Marsaglia and Tsang; mean = shape */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * Math.pow(1 - this.next(), 1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }
  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }
  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let n = 0;
    for (let p = this.next(); p > limit; p *= this.next()) n++;
    return n;
  }
  /** trials until the first success, counted from 0 */
  geometric(p: number): number {
    return Math.floor(Math.log(1 - this.next()) / Math.log(1 - p));
  }
}

/** Draws an index by weight in constant time (Walker's alias method). */
export class Weighted {
  private readonly odds: Float64Array;
  private readonly alias: Int32Array;

  constructor(weights: readonly number[]) {
    const n = weights.length;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.odds = Float64Array.from(weights, (weight) => (weight * n) / total);
    this.alias = new Int32Array(n);
    const small: number[] = [];
    const large: number[] = [];
    this.odds.forEach((odds, i) => (odds < 1 ? small : large).push(i));
    while (small.length > 0 && large.length > 0) {
      const low = present(small.pop());
      const high = present(large.pop());
      this.alias[low] = high;
      this.odds[high] = at(this.odds, high) + at(this.odds, low) - 1;
      (at(this.odds, high) < 1 ? small : large).push(high);
    }
    for (const i of [...small, ...large]) this.odds[i] = 1;
  }

  draw(random: Random): number {
    const x = random.next() * this.odds.length;
    const i = Math.floor(x);
    const [odds = 1, alias = i] = [this.odds[i], this.alias[i]];
    return x - i < odds ? i : alias;
  }
}
