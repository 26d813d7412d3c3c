/** Values of filters as their attribute's type; a value of another type is an error, not an empty result, and never a failed cast in the engine below. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { FilterValue } from "../../model/filter.ts";
import { exactNumber } from "../language/exact-number.ts";
import { isMoment } from "../language/moment.ts";

/** What a value is compared with. */
export interface Compared {
  readonly member: string;
  readonly type: AttributeType;
  readonly physical?: string | undefined;
}

const REMEDY: Readonly<Record<AttributeType, string>> = {
  string: "give strings",
  integer: "give whole numbers",
  number: "give numbers",
  boolean: "give true or false",
  date: 'write "2025-07-31"',
  timestamp: 'write "2025-07-31T10:00:00"',
};

/** @throws TesseraError `filter-invalid` */
export function typed(value: FilterValue, { type, physical, member }: Compared, place: string): FilterValue {
  const refuse = (what: string = type, remedy: string = REMEDY[type]): never => {
    throw new TesseraError("filter-invalid", phrase`${JSON.stringify(value)} is no ${what}, which ${member} is`, {
      place,
      remedy,
    });
  };
  if (value === null) return null;
  switch (type) {
    case "string":
      // a column of numbers that is declared a text gives its rows as numbers
      if (typeof value !== "string") return physical === undefined || physical === "VARCHAR" ? refuse() : String(value);
      if (physical === "UUID") return uuid(value) ?? refuse("UUID", 'write "0b0c6ff5-8f6a-4b2e-9d57-0c4a1c3a9a11"');
      if (physical === "TIME") return clock(value) ?? refuse("time of day", 'write "10:00" or "10:00:30"');
      return value;
    case "boolean":
      return typeof value === "boolean" ? value : value === "true" ? true : value === "false" ? false : refuse();
    case "integer":
    case "number":
      return number(value) ?? refuse();
    case "date":
      return typeof value === "string" && isMoment(value) && value.length === 10 ? value : refuse();
    case "timestamp":
      return typeof value === "string" && isMoment(value) ? value : refuse();
  }
}

/** A number, or the text of one that has more digits than a double keeps. */
function number(value: FilterValue): FilterValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && exactNumber(value) !== null && Number.isFinite(Number(value))
    ? value.trim()
    : null;
}

function uuid(text: string): string | null {
  const digits = text.toLowerCase().replaceAll("-", "");
  return /^[0-9a-f]{32}$/.test(digits)
    ? `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
    : null;
}

/** As the column's own text reads, so that equal times are equal texts, and an earlier one is a lesser text. */
function clock(text: string): string | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/.exec(text);
  if (!match) return null;
  const fraction = (match[4] ?? "").replace(/0+$/, "");
  return `${match[1]}:${match[2]}:${match[3] ?? "00"}${fraction === "" ? "" : `.${fraction}`}`;
}
