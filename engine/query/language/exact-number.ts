/**
 * Numbers with every digit kept. Results give integers past 2^53 and exact decimals as text, so filters take them as
 * text: otherwise two neighbours that share one double would be one member. What a column cannot hold is decided here,
 * where no cast can fail.
 */
import { decimalText } from "../../warehouse/columns.ts";
import type { ColumnType } from "../../model/column-type.ts";
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

/** What a type holds. @returns null for floating point and for unknown types */
export function holderOf(type: ColumnType | undefined): Holder | null {
  if (type?.t === "decimal") {
    const most = 10n ** BigInt(type.precision) - 1n;
    return { scale: type.scale, least: -most, most };
  }
  if (type?.t !== "integer") return null;
  const { bits, unsigned } = type;
  return unsigned
    ? { scale: 0, least: 0n, most: 2n ** BigInt(bits) - 1n }
    : { scale: 0, least: -(2n ** BigInt(bits - 1)), most: 2n ** BigInt(bits - 1) - 1n };
}

/** Digits after the point that a column holds exactly; 0 for all but decimals. */
export const scaleOf = (type: ColumnType | undefined): number => (type?.t === "decimal" ? type.scale : 0);

/** A value as a column would hold it: rounded down, and whether rounding kept it; or beyond the column's range. */
export type Fitted =
  | { readonly t: "held"; readonly value: FilterValue; readonly whole: boolean }
  | { readonly t: "below" | "above" };

/** Fits a value to a column. @returns null for a column of doubles: there the value is compared as a double */
export function fitted(value: string | number, type: ColumnType | undefined): Fitted | null {
  const holder = holderOf(type);
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
