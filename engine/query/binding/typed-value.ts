/**
 * Filter values as their attribute's type. A value of another type is an error, never an empty result or a failed cast.
 */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { ColumnType } from "../../model/column-type.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { FilterValue } from "../../model/filter.ts";
import { exactNumber } from "../language/exact-number.ts";
import { isMoment } from "../language/moment.ts";

/** What a value is compared with. */
export interface Compared {
  readonly member: string;
  readonly type: AttributeType;
  readonly physical?: ColumnType | undefined;
}

const REMEDY: Readonly<Record<AttributeType, string>> = {
  string: "give strings",
  integer: "give whole numbers",
  number: "give numbers",
  boolean: "give true or false",
  date: 'write "2025-07-31"',
  timestamp: 'write "2025-07-31T10:00:00"',
};

/** The value as the attribute's type. @throws TesseraError `filter-invalid` for a value of another type */
export function typed(value: FilterValue, { type, physical, member }: Compared, place: string): FilterValue {
  const refuse = (what: string = type, remedy: string = REMEDY[type]): never => {
    throw new TesseraError("filter-invalid", phrase`${member} is of type ${what}; got ${JSON.stringify(value)}`, {
      place,
      remedy,
    });
  };
  if (value === null) return null;
  switch (type) {
    case "string":
      // a column of numbers declared as text gives its rows as numbers
      if (typeof value !== "string") return physical === undefined || physical.t === "text" ? refuse() : String(value);
      if (isOther(physical, "uuid"))
        return uuid(value) ?? refuse("UUID", 'write "0b0c6ff5-8f6a-4b2e-9d57-0c4a1c3a9a11"');
      if (isOther(physical, "time")) return clock(value) ?? refuse("time of day", 'write "10:00" or "10:00:30"');
      return value;
    case "boolean":
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : refuse();
    case "integer":
    case "number":
      return number(value) ?? refuse();
    case "date":
      return typeof value === "string" && isMoment(value) && value.length === 10 ? value : refuse();
    case "timestamp":
      return typeof value === "string" && isMoment(value) ? value : refuse();
  }
}

const isOther = (physical: ColumnType | undefined, name: string): boolean =>
  physical?.t === "other" && physical.name === name;

/** A number, or the text of a number with more digits than a double keeps; null for anything else. */
function number(value: FilterValue): FilterValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && exactNumber(value) !== null && Number.isFinite(Number(value))
    ? value.trim()
    : null;
}

function uuid(text: string): string | null {
  const digits = text.toLowerCase().replaceAll("-", "");
  const match = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(digits);
  return match && match.slice(1).join("-");
}

/** In the form of the column's own text, so that equal times are equal texts and earlier times sort first. */
function clock(text: string): string | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/.exec(text);
  if (!match) return null;
  const fraction = (match[4] ?? "").replace(/0+$/, "");
  return `${match[1]}:${match[2]}:${match[3] ?? "00"}${fraction === "" ? "" : `.${fraction}`}`;
}
