/** Builds paths from events: a path ends at a conversion, or where nothing follows within the lookback. */
import type { Paths } from "./paths.ts";
import { f64, i32, add } from "../numeric/vector.ts";

/** Touches and conversions in the order of unit and time. */
export interface Events {
  readonly block: Int32Array;
  /** hash of the unit */
  readonly unit: Int32Array;
  /** days */
  readonly at: Float64Array;
  /** -1 for a conversion */
  readonly channel: Int32Array;
  readonly value: Float64Array;
}

/** Paths, and what belongs to none. */
export interface Built {
  readonly paths: Paths;
  /** conversions without a touch within the lookback */
  readonly untouched: { readonly conversions: number; readonly value: number };
  /** by channel */
  readonly touches: Float64Array;
}

/** @param lookback days a touch counts for */
export function buildPaths({ block, unit, at, channel, value }: Events, channelCount: number, lookback: number): Built {
  const n = at.length;
  const channels = new Int32Array(n);
  const age = new Float64Array(n);
  const offsets = new Int32Array(n + 1);
  const [conversions, worth, nulls] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const blocks = new Int32Array(n);
  const touches = new Float64Array(channelCount);
  const untouched = { conversions: 0, value: 0 };
  let [paths, size] = [0, 0];
  /** makes the touches `from` to `until` one path that ends at `end`; a null value is no conversion */
  const close = (from: number, until: number, end: number, value: number | null): void => {
    if (until <= from) return;
    for (let k = from; k < until; k++) {
      channels[size] = i32(channel, k);
      age[size++] = end - f64(at, k);
    }
    if (value === null) nulls[paths] = 1;
    else {
      conversions[paths] = 1;
      worth[paths] = value;
    }
    blocks[paths] = i32(block, from);
    offsets[++paths] = size;
  };
  let begin = 0;
  for (let i = 0; i < n; i++) {
    const next = i === 0 || unit[i] !== unit[i - 1] || block[i] !== block[i - 1];
    if (next) {
      if (i > 0) close(begin, i, f64(at, i - 1), null);
      begin = i;
    }
    if (i32(channel, i) >= 0) {
      add(touches, i32(channel, i), 1);
      if (i > begin && f64(at, i) - f64(at, i - 1) > lookback) {
        close(begin, i, f64(at, i - 1), null);
        begin = i;
      }
      continue;
    }
    let first = begin;
    while (first < i && f64(at, i) - f64(at, first) > lookback) first++;
    if (first > begin) close(begin, first, f64(at, first - 1), null);
    if (first === i) {
      untouched.conversions++;
      untouched.value += f64(value, i);
    } else close(first, i, f64(at, i), f64(value, i));
    begin = i + 1;
  }
  close(begin, n, n > 0 ? f64(at, n - 1) : 0, null);
  return {
    paths: {
      offsets: offsets.subarray(0, paths + 1),
      channels: channels.subarray(0, size),
      age: age.subarray(0, size),
      conversions: conversions.subarray(0, paths),
      value: worth.subarray(0, paths),
      nulls: nulls.subarray(0, paths),
      block: blocks.subarray(0, paths),
      channelCount,
    },
    untouched,
    touches,
  };
}
