/** The text of an Excel cell, as the values of other files are text. */
import type { CellObject } from "@e965/xlsx";

/** A serial number taken apart; `u` is the fraction of a second. */
interface DateParts {
  readonly y: number;
  readonly m: number;
  readonly d: number;
  readonly H: number;
  readonly M: number;
  readonly S: number;
  readonly u: number;
}

/** What the reading library knows about number formats and dates. */
export interface NumberFormats {
  is_date(format: string): boolean;
  parse_date_code(serial: number, options: { readonly date1904: boolean }): DateParts | null;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** Numbers as Excel shows them: whole ones digit by digit, others with the 15 digits that Excel keeps. */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(15)));
}

/**
 * A serial number under a date format: an ISO day, a moment, or a time of day where the number has no day.
 * @param epoch1904 the workbook counts its days from 1904
 */
function dateText(serial: number, format: string, epoch1904: boolean, formats: NumberFormats): string {
  // to the millisecond, so that 08:30:15 is not 08:30:14.999
  const date = formats.parse_date_code(Math.round(serial * 86_400_000) / 86_400_000, { date1904: epoch1904 });
  if (date === null) return numberText(serial);
  const milliseconds = Math.round(date.u * 1000);
  const seconds = date.S + Math.floor(milliseconds / 1000);
  const fraction = milliseconds % 1000 === 0 ? "" : `.${String(milliseconds % 1000).padStart(3, "0")}`;
  const time = `${two(date.H)}:${two(date.M)}:${two(seconds)}${fraction}`;
  const letters = format.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, "");
  const hasDay = /[yd]/i.test(letters);
  if (!hasDay && serial < 1) return time;
  const day = `${String(date.y).padStart(4, "0")}-${two(date.m)}-${two(date.d)}`;
  return time === "00:00:00" ? day : `${day} ${time}`;
}

/** Dates as ISO, formulas as their last result, errors as their code, which no typed column accepts. */
export function cellText(cell: CellObject | undefined, epoch1904: boolean, formats: NumberFormats): string | null {
  if (cell === undefined || cell.v === undefined || cell.v === null) return null;
  switch (cell.t) {
    case "n": {
      const format = typeof cell.z === "string" ? cell.z : "General";
      const value = Number(cell.v);
      return formats.is_date(format) ? dateText(value, format, epoch1904, formats) : numberText(value);
    }
    case "e":
      return cell.w ?? "#ERROR!";
    case "z":
      return null;
    default:
      return cell.v === "" ? null : String(cell.v);
  }
}
