/** SQLite's declared types as vectors. SQLite stores any value in any column, so each value is checked. */
import type { ColumnBuffer } from "../column-buffer.ts";
import type { RawColumn } from "../extracted.ts";

/** How a column is read, by its declared type and the contract's. */
export function sqliteColumn(name: string, declared: string | null, contract: string | undefined): RawColumn {
  const words = (declared ?? "").toUpperCase();
  const decimal = /^(?:DECIMAL|NUMERIC)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(words);
  const wantsFraction = contract !== undefined && /^(decimal|double)/.test(contract);
  if (words.includes("INT"))
    return wantsFraction ? { name, raw: "DOUBLE", declared: "DOUBLE" } : { name, raw: "BIGINT", declared: "BIGINT" };
  if (/REAL|FLOA|DOUB/.test(words)) return { name, raw: "DOUBLE", declared: "DOUBLE" };
  // SQLite stores a decimal as a double, which is exact up to 15 digits
  if (decimal && Number(decimal[1]) <= 15)
    return { name, raw: "DOUBLE", declared: `DECIMAL(${decimal[1]},${decimal[2] ?? 0})` };
  if (decimal && Number(decimal[1]) <= 38)
    return { name, raw: "VARCHAR", declared: `DECIMAL(${decimal[1]},${decimal[2] ?? 0})` };
  if (words.includes("BOOL")) return { name, raw: "VARCHAR", declared: "BOOLEAN" };
  if (/^(DATETIME|TIMESTAMP)/.test(words))
    return {
      name,
      raw: "VARCHAR",
      declared: words.includes("TZ") || words.includes("WITH TIME ZONE") ? "TIMESTAMPTZ" : "TIMESTAMP",
    };
  if (words === "DATE") return { name, raw: "VARCHAR", declared: "DATE" };
  if (words === "TIME") return { name, raw: "VARCHAR", declared: "TIME" };
  if (words.includes("BLOB")) return { name, raw: "BLOB", declared: "BLOB" };
  if (words === "JSON") return { name, raw: "VARCHAR", declared: "JSON" };
  if (/CHAR|CLOB|TEXT|STRING|UUID/.test(words))
    return { name, raw: "VARCHAR", declared: words === "UUID" ? "UUID" : "VARCHAR" };
  return { name, raw: "VARCHAR" };
}

/** Writes one value; false when the column's vector cannot hold it. */
export type Setter = (row: number, value: unknown) => boolean;

const INTEGER = /^-?\d{1,19}$/;

/** How values of a column are written. */
export function sqliteSetter(raw: string, column: ColumnBuffer): Setter {
  switch (raw) {
    case "BIGINT":
      return (row, value) => {
        if (value === null) column.setNull(row);
        else if (typeof value === "number" && Number.isInteger(value)) column.setInteger(row, value);
        else if (typeof value === "string" && INTEGER.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value))
          column.int64[row] = BigInt(value);
        else return false;
        return true;
      };
    case "DOUBLE":
      return (row, value) => {
        if (value === null) column.setNull(row);
        else if (typeof value === "number") column.float64[row] = value;
        else return false;
        return true;
      };
    case "BLOB":
      return (row, value) => {
        if (value === null) column.setNull(row);
        else if (value instanceof Uint8Array) column.setBytes(row, value, 0, value.byteLength);
        else if (typeof value === "string") {
          const bytes = Buffer.from(value, "utf8");
          column.setBytes(row, bytes, 0, bytes.length);
        } else return false;
        return true;
      };
    default:
      return (row, value) => {
        if (value === null) column.setNull(row);
        else if (typeof value === "string") column.setText(row, value);
        else if (typeof value === "number" || typeof value === "bigint") column.setText(row, String(value));
        else return false;
        return true;
      };
  }
}
