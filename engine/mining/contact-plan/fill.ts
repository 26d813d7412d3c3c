/** A plan that keeps every limit, by taking contacts in the order of what they are worth at given prices. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { allowanceOf, floorsOf, type ContactProblem } from "./problem.ts";
import type { Prices } from "./prices.ts";

const BUCKETS = 1 << 17;

export interface Filled {
  readonly customer: Int32Array;
  readonly option: Int32Array;
  readonly value: number;
  readonly spend: number;
}

/** @throws TesseraError `mining-invalid` where a floor is not met */
export function fillPlan(problem: ContactProblem, prices: Prices): Filled {
  const { customers, options, capacity } = problem;
  const floors = floorsOf(problem);
  const width = options.length;
  const reduced = (i: number, j: number): number => {
    const o = options[j]!;
    return (
      o.value[i]! -
      prices.budget * o.cost -
      prices.capacity[o.channel]! +
      (floors.length > 0 && problem.segment![i]! >= 0 ? prices.floors[problem.segment![i]!]! : 0)
    );
  };
  const floored = (i: number): boolean =>
    floors.length > 0 && problem.segment![i]! >= 0 && floors[problem.segment![i]!]! > 0;
  const counts = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, n: 0 };
  for (let i = 0; i < customers; i++)
    for (let j = 0; j < width; j++) {
      const v = options[j]!.value[i]!;
      if (!(v > 0) && !(floored(i) && v <= 0)) continue;
      const r = reduced(i, j);
      if (r < counts.low) counts.low = r;
      if (r > counts.high) counts.high = r;
      counts.n++;
    }
  // sorted by counting: eight million pairs in a third of a second; within a bucket by customer
  const scale = counts.high > counts.low ? (BUCKETS - 1) / (counts.high - counts.low) : 0;
  const starts = new Int32Array(BUCKETS + 1);
  const each = (body: (i: number, j: number, bucket: number) => void): void => {
    for (let i = 0; i < customers; i++)
      for (let j = 0; j < width; j++) {
        const v = options[j]!.value[i]!;
        if (v > 0 || (v <= 0 && floored(i))) body(i, j, Math.floor((counts.high - reduced(i, j)) * scale));
      }
  };
  each((_, __, bucket) => {
    starts[bucket + 1]!++;
  });
  for (let b = 0; b < BUCKETS; b++) starts[b + 1]! += starts[b]!;
  const who = new Int32Array(counts.n),
    how = new Uint16Array(counts.n);
  each((i, j, bucket) => {
    const at = starts[bucket]!++;
    who[at] = i;
    how[at] = j;
  });

  const left = Float64Array.from(capacity, Math.floor);
  const missing = Float64Array.from(floors, Math.ceil);
  const taken = new Uint8Array(customers);
  const used = new Uint32Array(customers);
  const given = new Int16Array(counts.n === 0 ? 0 : customers * Math.max(1, maximumAllowance(problem))).fill(-1);
  const most = Math.max(1, maximumAllowance(problem));
  let budget = problem.budget * (1 + 1e-12),
    value = 0,
    spend = 0,
    pairs = 0;
  const take = (k: number): boolean => {
    const i = who[k]!,
      j = how[k]!,
      o = options[j]!;
    if (taken[i]! >= allowanceOf(problem, i) || left[o.channel]! < 1 || o.cost > budget || (used[i]! >>> o.channel) & 1)
      return false;
    given[i * most + taken[i]!] = j;
    taken[i]!++;
    used[i] = used[i]! | (1 << o.channel);
    left[o.channel]!--;
    budget -= o.cost;
    spend += o.cost;
    value += o.value[i]!;
    pairs++;
    const s = problem.segment?.[i] ?? -1;
    if (s >= 0 && floors.length > 0) missing[s]!--;
    return true;
  };
  if (floors.length > 0) for (let k = 0; k < counts.n; k++) if (missing[problem.segment![who[k]!]!]! > 0) take(k);
  const short = missing.findIndex((m) => m > 0);
  if (short >= 0)
    throw new TesseraError(
      "mining-invalid",
      phrase`${missing[short]} contacts are missing to the floor of segment ${short}: budget and channels have no room for it`,
      { place: "contact plan", remedy: "lower the floor, or raise the budget or the capacity" },
    );
  for (let k = 0; k < counts.n; k++) if (options[how[k]!]!.value[who[k]!]! > 0) take(k);

  const customer = new Int32Array(pairs),
    option = new Int32Array(pairs);
  let at = 0;
  for (let i = 0; i < customers; i++)
    for (const j of given
      .subarray(i * most, i * most + taken[i]!)
      .slice()
      .sort()) {
      customer[at] = i;
      option[at++] = j;
    }
  return { customer, option, value, spend };
}

const maximumAllowance = (problem: ContactProblem): number =>
  problem.allowance?.reduce((a, b) => Math.max(a, b), 0) ?? 1;
