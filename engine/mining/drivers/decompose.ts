/** Exact additive decompositions of a change over the members of a dimension: the parts always add up to the whole. */
import { at } from "../../lookup.ts";
import { sum } from "../numeric/summary.ts";

/** A member before and after. */
export interface Part {
  readonly member: string;
  readonly before: number;
  readonly after: number;
  /** denominator of a rate, or volume of an amount; 0 without */
  readonly baseBefore: number;
  readonly baseAfter: number;
}

/** A member's part of the change. */
export interface Contribution {
  readonly member: string;
  /** from the base as a whole growing or shrinking */
  readonly volume: number;
  /** from the member's share of the base changing */
  readonly mix: number;
  /** from the member itself changing */
  readonly rate: number;
  readonly total: number;
  /** how concentrated the part is: its square over the member's weight */
  readonly strength: number;
}

/** A change in parts. */
export interface Decomposed {
  readonly contributions: readonly Contribution[];
  readonly before: number;
  readonly after: number;
  /** the whole moved one way and nearly all parts the other (Simpson 1951) */
  readonly simpson: boolean;
}

/** An amount: each member's change. Strength compares with all members changing alike. */
export function decomposeAmount(parts: readonly Part[]): Decomposed {
  const [before, after] = [sum(parts.map((p) => p.before)), sum(parts.map((p) => p.after))];
  const growth = before === 0 ? 0 : after / before;
  const size = sum(parts.map((p) => Math.abs(p.before) + Math.abs(p.after))) || 1;
  return {
    before,
    after,
    simpson: false,
    contributions: parts.map((p) => {
      const excess = p.after - p.before * growth;
      return {
        member: p.member,
        volume: 0,
        mix: 0,
        rate: p.after - p.before,
        total: p.after - p.before,
        strength: excess ** 2 / ((Math.abs(p.before) * growth + Math.abs(p.after)) / 2 + size * 0.001),
      };
    }),
  };
}

/** A rate a / b: the members' shares of b (mix) and their own rates. */
export function decomposeRate(parts: readonly Part[]): Decomposed {
  const [b0, b1] = [sum(parts.map((p) => p.baseBefore)), sum(parts.map((p) => p.baseAfter))];
  const [before, after] = [sum(parts.map((p) => p.before)) / b0, sum(parts.map((p) => p.after)) / b1];
  const contributions = parts.map((p): Contribution => {
    const [s0, s1] = [p.baseBefore / b0, p.baseAfter / b1];
    // a new member had the rate of all, one that is gone keeps its own
    const r0 = p.baseBefore === 0 ? before : p.before / p.baseBefore;
    // what has no base is all rate, so that nothing is lost
    const rest = (p.baseAfter === 0 ? p.after / b1 : 0) - (p.baseBefore === 0 ? p.before / b0 : 0);
    const mix = (s1 - s0) * (r0 - before);
    const rate = (p.baseAfter === 0 ? 0 : s1 * (p.after / p.baseAfter - r0)) + rest;
    return {
      member: p.member,
      volume: 0,
      mix,
      rate,
      total: mix + rate,
      strength: (mix + rate) ** 2 / ((s0 + s1) / 2 + 0.001),
    };
  });
  const moved = after - before;
  const rates = parts
    .filter((p) => p.baseBefore > 0 && p.baseAfter > 0)
    .map((p) => ({ change: p.after / p.baseAfter - p.before / p.baseBefore, share: p.baseAfter / b1 }));
  const against = sum(rates.filter((r) => r.change * moved < 0).map((r) => r.share));
  return { before, after, contributions, simpson: rates.length > 1 && moved !== 0 && against > 0.8 };
}

/**
 * An amount as volume times rate, such as orders times revenue per order; volume, mix and rate add up to the change.
 */
export function decomposeVolume(parts: readonly Part[]): Decomposed {
  const [v0, v1] = [sum(parts.map((p) => p.baseBefore)), sum(parts.map((p) => p.baseAfter))];
  const [before, after] = [sum(parts.map((p) => p.before)), sum(parts.map((p) => p.after))];
  const rate0 = before / v0;
  const by = decomposeRate(parts);
  const plain = decomposeAmount(parts).contributions;
  return {
    before,
    after,
    simpson: by.simpson,
    contributions: by.contributions.map((c, i) => {
      const share = at(parts, i).baseBefore / v0;
      const volume = (v1 - v0) * rate0 * share;
      return {
        member: c.member,
        volume,
        mix: c.mix * v1,
        rate: c.rate * v1,
        total: volume + (c.mix + c.rate) * v1,
        strength: at(plain, i).strength,
      };
    }),
  };
}
