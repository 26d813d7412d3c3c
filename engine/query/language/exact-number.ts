/**
 * Numbers with every digit kept. Results give integers past 2^53 and exact decimals as text, so filters take them as
 * text: otherwise two neighbours that share one double would be one member. What a column cannot hold is decided here,
 * where no cast can fail.
 */
import { decimalText } from "../../warehouse/columns.ts";
import type { FilterValue } from "../../model/filter.ts";

/** `digits / 10^scale`, without zeros at the end of the fraction. */
export interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Parses a number with all its digits. @returns null for a text that is not a number */
export function exactNumber(text: string): Exact | null {
  const match = NUMBER.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return null;
  let digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  let scale = fraction.length - Number(exponent);
  if (scale < 0) [digits, scale] = [digits * 10n ** BigInt(-scale), 0];
  while (scale > 0 && digits % 10n === 0n) [digits, scale] = [digits / 10n, scale - 1];
  return { digits, scale };
}

/** What a column of exact numbers can hold: multiples of `10^-scale` from `least` to `most`, counted in that unit. */
interface Holder {
  readonly scale: number;
  readonly least: bigint;
  readonly most: bigint;
}

const BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64, HUGEINT: 128 };

/** What a physical type holds. @returns null for floating point and for unknown types */
export function holderOf(physical: string | undefined): Holder | null {
  if (physical === undefined) return null;
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(physical);
  if (decimal) {
    const most = 10n ** BigInt(decimal[1] ?? 0) - 1n;
    return { scale: Number(decimal[2]), least: -most, most };
  }
  const unsigned = physical.startsWith("U");
  const bits = BITS[unsigned ? physical.slice(1) : physical];
  if (bits === undefined) return null;
  return unsigned
    ? { scale: 0, least: 0n, most: 2n ** BigInt(bits) - 1n }
    : { scale: 0, least: -(2n ** BigInt(bits - 1)), most: 2n ** BigInt(bits - 1) - 1n };
}

/** Digits after the point that a column holds exactly; 0 for all but decimals. */
export const scaleOf = (physical: string | undefined): number =>
  physical?.startsWith("DECIMAL") ? (holderOf(physical)?.scale ?? 0) : 0;

/** A value as a column would hold it: rounded down, and whether rounding kept it; or beyond the column's range. */
export type Fitted =
  | { readonly t: "held"; readonly value: FilterValue; readonly whole: boolean }
  | { readonly t: "below" | "above" };

/** Fits a value to a column. @returns null for a column of doubles: there the value is compared as a double */
export function fitted(value: string | number, physical: string | undefined): Fitted | null {
  const holder = holderOf(physical);
  if (holder === null || (typeof value === "number" && holder.scale > 0 && !isShort(value))) return null;
  const exact = exactNumber(String(value));
  if (exact === null) return null;
  const up = holder.scale - exact.scale;
  const units = up >= 0 ? exact.digits * 10n ** BigInt(up) : floorDivide(exact.digits, 10n ** BigInt(-up));
  if (units > holder.most) return { t: "above" };
  if (units < holder.least) return { t: "below" };
  const whole = up >= 0 || units * 10n ** BigInt(-up) === exact.digits;
  const plain =
    holder.scale === 0 && units >= BigInt(Number.MIN_SAFE_INTEGER) && units <= BigInt(Number.MAX_SAFE_INTEGER);
  return { t: "held", value: plain ? Number(units) : decimalText(units, holder.scale), whole };
}

/**
 * Fifteen digits survive a double unchanged. A longer number may stand for several decimals, so it is compared as the
 * double that it is.
 */
const isShort = (value: number): boolean =>
  String(Math.abs(value)).replace(/e.*$/, "").replace(".", "").replace(/^0+/, "").length <= 15;

const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n || a % b === 0n ? a / b : a / b - 1n);
