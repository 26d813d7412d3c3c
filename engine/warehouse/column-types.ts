/** DuckDB's type texts as logical types. */
import type { ColumnType } from "../model/column-type.ts";

const BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64, HUGEINT: 128 };
const PLAIN: Readonly<Record<string, ColumnType>> = {
  DOUBLE: { t: "double" },
  FLOAT: { t: "double" },
  REAL: { t: "double" },
  VARCHAR: { t: "text" },
  BOOLEAN: { t: "boolean" },
  DATE: { t: "date" },
  "TIMESTAMP WITH TIME ZONE": { t: "instant" },
};

/** The type of a column. @param text as DuckDB describes it, such as `DECIMAL(14,2)` */
export function columnTypeOf(text: string): ColumnType {
  const plain = PLAIN[text];
  if (plain) return plain;
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(text);
  if (decimal) return { t: "decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const unsigned = text.startsWith("U");
  const bits = BITS[unsigned ? text.slice(1) : text];
  if (bits !== undefined) return { t: "integer", bits, ...(unsigned && { unsigned }) };
  return text.startsWith("TIMESTAMP") ? { t: "local" } : { t: "other", name: text.toLowerCase() };
}
