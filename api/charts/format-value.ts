/**
 * Values as people read them, by their column: currency, percent, whole numbers, dates by level, (unknown) for a null
 * member.
 */
import type { Column, Value } from "../../engine/model/query.ts";
import { formatCalendarNumber, formatDate } from "./format-date.ts";

/** What a null member is called on screen; in the data it stays null. */
export const UNKNOWN = "(unknown)";
/** What a measure without a value shows. */
export const NOTHING = "–";

const formats = new Map<string, Intl.NumberFormat>();
const numberFormat = (key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat("en-US", options)));
  return format;
};

const money = (currency: string, digits: number): Intl.NumberFormat =>
  numberFormat(`${currency}/${digits}`, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
const compactMoney = (currency: string): Intl.NumberFormat =>
  numberFormat(`${currency}/compact`, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    notation: "compact",
    minimumFractionDigits: 0,
    maximumFractionDigits: 2,
    maximumSignificantDigits: 3,
  });
const plain = (digits: number, least = 0): Intl.NumberFormat =>
  numberFormat(`n/${digits}/${least}`, { minimumFractionDigits: least, maximumFractionDigits: digits });
const compact = (): Intl.NumberFormat => numberFormat("compact", { notation: "compact", maximumSignificantDigits: 3 });
const percent = (digits: number): Intl.NumberFormat =>
  numberFormat(`%/${digits}`, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A true minus sign, so that figures align. */
const minus = (text: string): string => text.replace(/^-/, "−");

const UNITS: { readonly [format: string]: string } = { days: " d", hours: " h", minutes: " min", seconds: " s" };

type Numeric = Pick<Column, "format" | "currency"> & {
  /** decimals of every number, where a column has settled on them */
  readonly digits?: number;
};

/** A column with the decimals that all of its numbers are printed with. */
export type EvenColumn = Column & Pick<Numeric, "digits">;

const sizeOf = (value: Value | undefined): number => (typeof value === "number" ? Math.abs(value) : 0);

const digitsOf = (column: Column, values: readonly (Value | undefined)[]): number | undefined => {
  const rough = values.some((value) => sizeOf(value) >= (column.format === "currency" ? 10_000 : 1000));
  const whole = values.every((value) => Number.isInteger(sizeOf(value)));
  switch (column.format) {
    case "currency":
      return rough ? 0 : 2;
    case "days":
    case "hours":
    case "minutes":
    case "seconds":
      return whole ? 0 : 1;
    case "number":
    case undefined:
      return rough || whole ? 0 : 2;
    default:
      return undefined;
  }
};

/** The column with as many decimals as suit its numbers together: money of 9 and of 90,000 is not mixed. */
export const evenColumn = (column: Column, values: readonly (Value | undefined)[]): EvenColumn => {
  const digits = column.kind === "measure" ? digitsOf(column, values) : undefined;
  return digits === undefined ? column : { ...column, digits };
};

/** A measure's number at full length, as tables and tips show it: `$1,234.50`, `12.3%`, `4.2 d`. */
export const formatNumber = (value: number, column: Numeric): string => {
  const { digits } = column;
  switch (column.format) {
    case "currency":
      return minus(
        column.currency
          ? money(column.currency, digits ?? (Math.abs(value) >= 10_000 ? 0 : 2)).format(value)
          : plain(digits ?? 2, digits ?? 2).format(value),
      );
    case "percent":
      return minus(percent(1).format(value));
    case "integer":
      return minus(plain(0).format(value));
    case "decimal":
      return minus(plain(2, 2).format(value));
    case "days":
    case "hours":
    case "minutes":
    case "seconds":
      return minus(plain(digits ?? 1, digits ?? 0).format(value)) + UNITS[column.format];
    default:
      return minus(plain(digits ?? (Math.abs(value) >= 1000 ? 0 : 2), digits ?? 0).format(value));
  }
};

/** The same number in little room, as axes, bar ends and tiles show it: `$1.23M`, `12%`. */
export const formatCompact = (value: number, column: Numeric): string => {
  switch (column.format) {
    case "currency":
      return minus(column.currency ? compactMoney(column.currency).format(value) : compact().format(value));
    case "percent":
      return minus(percent(Math.abs(value) < 0.1 && value !== 0 ? 1 : 0).format(value));
    case "days":
    case "hours":
    case "minutes":
    case "seconds":
      return minus(compact().format(value)) + UNITS[column.format];
    default:
      return minus(compact().format(value));
  }
};

/** A whole number with separators: `1,204`. */
export const formatCount = (value: number): string => plain(0).format(value);

/** A change with its sign: `+4.2%`, `−120`. */
export const formatChange = (value: number, column: Numeric): string =>
  (value > 0 ? "+" : "") + formatNumber(value, column);

/** A rate's change in percentage points: `+1.4 pts`. */
export const formatPoints = (value: number): string => {
  const points = Math.round(value * 1000) / 10;
  const sign = points < 0 ? "−" : "±";
  return `${points > 0 ? "+" : sign}${Math.abs(points).toFixed(1)} pts`;
};

/**
 * Any cell, by its column. Integers past 2^53 and exact decimals come as text of digits and are grouped as they
 * stand.
 */
export const formatValue = (value: Value | undefined, column: EvenColumn): string => {
  if (value === null || value === undefined) return column.kind === "dimension" ? UNKNOWN : NOTHING;
  if (column.kind === "dimension") return formatMember(value, column);
  if (typeof value === "number") {
    if (column.name.endsWith(".change"))
      return column.format === "percent" ? formatPoints(value) : formatChange(value, column);
    if (column.name.endsWith(".change_rate")) return formatChange(value, { format: "percent" });
    return formatNumber(value, column);
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  return column.type === "date" || column.type === "timestamp" ? formatDate(value) : value;
};

/** A member of a dimension. */
export const formatMember = (value: Value | undefined, column: Pick<Column, "type" | "level" | "name">): string => {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number")
    return (
      formatCalendarNumber(column.name.split(".").at(-1) ?? "", value) ??
      (column.type === "integer" ? String(value) : plain(2).format(value))
    );
  if (column.level !== undefined || column.type === "date" || column.type === "timestamp")
    return formatDate(value, column.level);
  return value === "" ? "(empty)" : value;
};
