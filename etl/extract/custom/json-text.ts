/** Writes the values of a project's source as JSON, every digit of an integer included. */
import type { CustomRow, CustomValue } from "../../declare/sources/custom.ts";

/** A value that JSON has no notation for. */
export class NoJson extends Error {
  readonly column: string;
  constructor(column: string, reason: string) {
    super(reason);
    this.column = column;
  }
}

/** The row as a JSON object on one line; fields that are undefined are left out. @throws NoJson */
export const rowText = (row: CustomRow): string =>
  `{${Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => `${JSON.stringify(column)}:${valueText(value, column)}`)
    .join(",")}}`;

function valueText(value: CustomValue, column: string): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) throw new NoJson(column, `not a number: ${value}`);
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new NoJson(column, "invalid date");
    return JSON.stringify(value.toISOString());
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return JSON.stringify(value);
  if (typeof value !== "object") throw new NoJson(column, `a ${typeof value} is not a value`);
  if (isList(value)) return `[${value.map((each) => valueText(each, column)).join(",")}]`;
  return rowText(value);
}

const isList = (value: object): value is readonly CustomValue[] => Array.isArray(value);
