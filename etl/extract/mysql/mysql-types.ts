/** The types of MySQL and MariaDB as vectors. Values are the server's own text, so numbers stay exact. */
import type { ColumnBuffer } from "../column-buffer.ts";
import type { RawColumn } from "../extracted.ts";

/** A column as the protocol describes it. */
export interface MysqlField {
  readonly name: string;
  readonly columnType?: number | undefined;
  readonly flags: number;
  readonly decimals?: number | undefined;
  readonly columnLength?: number | undefined;
  readonly characterSet?: number | undefined;
}

/** A column and how it is read. */
export interface MysqlColumn extends RawColumn {
  /** how its bytes are read */
  readonly kind: "integer" | "text" | "bits" | "bytes" | "flag" | "double" | "utc";
  /** its SQL in the select, from its quoted name */
  readonly select: (name: string) => string;
}

const TYPE = {
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  bit: 16,
  json: 245,
  decimal: 246,
  geometry: 255,
} as const;
/** flag of the protocol */
const UNSIGNED = 32;
/** character set of bytes */
const BINARY = 63;
const DIGIT_0 = 48;
const BLOBS = new Set([249, 250, 251, 252, 253, 254]);
const plain = (name: string): string => name;

/**
 * How a column is read.
 * @param contract type in the job's contract
 * @param json a JSON column of MariaDB, which the protocol reports as text
 */
export function mysqlColumn(field: MysqlField, contract: string | undefined, json: boolean): MysqlColumn {
  const { name } = field;
  const unsigned = (field.flags & UNSIGNED) !== 0;
  const text = (declared: string, select = plain): MysqlColumn => ({
    name,
    raw: "VARCHAR",
    declared,
    kind: "text",
    select,
  });
  const integer = (raw: string): MysqlColumn => ({ name, raw, declared: raw, kind: "integer", select: plain });
  switch (field.columnType) {
    case TYPE.tiny:
      // BOOLEAN is TINYINT(1), which holds any small number; a contract of another type reads numbers
      return field.columnLength === 1 && (contract === undefined || contract === "boolean")
        ? { name, raw: "BOOLEAN", declared: "BOOLEAN", kind: "flag", select: plain }
        : integer("SMALLINT");
    case TYPE.short:
      return integer(unsigned ? "INTEGER" : "SMALLINT");
    case TYPE.year:
      return integer("SMALLINT");
    case TYPE.int24:
      return integer("INTEGER");
    case TYPE.long:
      return integer(unsigned ? "BIGINT" : "INTEGER");
    case TYPE.longlong:
      return unsigned ? text("DECIMAL(20,0)") : integer("BIGINT");
    // as a float the server prints only six digits
    case TYPE.float:
      return { name, raw: "DOUBLE", declared: "DOUBLE", kind: "double", select: (quoted) => `(${quoted} + 0e0)` };
    case TYPE.double:
      return { name, raw: "DOUBLE", declared: "DOUBLE", kind: "double", select: plain };
    case TYPE.decimal: {
      const scale = field.decimals ?? 0;
      const precision = (field.columnLength ?? 66) - (scale > 0 ? 1 : 0) - (unsigned ? 0 : 1);
      return text(precision <= 38 ? `DECIMAL(${precision},${scale})` : "VARCHAR");
    }
    case TYPE.date:
      return text("DATE");
    case TYPE.datetime:
      return text("TIMESTAMP");
    case TYPE.timestamp:
      return { name, raw: "VARCHAR", declared: "TIMESTAMPTZ", kind: "utc", select: plain };
    case TYPE.time:
      return text("VARCHAR");
    case TYPE.bit:
      return field.columnLength === 1
        ? { name, raw: "BOOLEAN", declared: "BOOLEAN", kind: "bits", select: plain }
        : { name, raw: "VARCHAR", declared: "DECIMAL(20,0)", kind: "bits", select: plain };
    case TYPE.json:
      return text("JSON");
    case TYPE.geometry:
      return text("VARCHAR", (quoted) => `ST_AsText(${quoted})`);
    default:
      if (json) return text("JSON");
      return BLOBS.has(field.columnType ?? 0) && field.characterSet === BINARY
        ? { name, raw: "BLOB", declared: "BLOB", kind: "bytes", select: plain }
        : text("VARCHAR");
  }
}

/** Writes one value; false when the column cannot hold it. */
export type MysqlSetter = (row: number, value: Buffer | null) => boolean;

/** How values of a column are written. */
export function mysqlSetter(kind: MysqlColumn["kind"], raw: string, column: ColumnBuffer): MysqlSetter {
  const set = setterOf(kind, raw, column);
  return (row, value) => {
    if (value !== null) return set(row, value);
    column.setNull(row);
    return true;
  };
}

function setterOf(
  kind: MysqlColumn["kind"],
  raw: string,
  column: ColumnBuffer,
): (row: number, value: Buffer) => boolean {
  switch (kind) {
    case "integer":
      return (row, value) => {
        if (raw === "BIGINT") {
          if (value.length <= 15) column.setInteger(row, Number(value.toString("latin1")));
          else column.int64[row] = BigInt(value.toString("latin1"));
        } else if (raw === "INTEGER") column.int32[row] = Number(value.toString("latin1"));
        else column.int16[row] = Number(value.toString("latin1"));
        return true;
      };
    case "flag":
      return (row, value) => {
        const digit = value.length === 1 ? value.readUInt8(0) - DIGIT_0 : -1;
        column.bytes[row] = digit;
        return digit === 0 || digit === 1;
      };
    case "double":
      return (row, value) => {
        column.float64[row] = Number(value.toString("latin1"));
        return true;
      };
    case "bits":
      return (row, value) => {
        const number = value.length === 0 ? 0n : BigInt(`0x${value.toString("hex")}`);
        if (raw === "BOOLEAN") column.bytes[row] = Number(number);
        else column.setText(row, String(number));
        return true;
      };
    // the session's zone is UTC; a zero date stays as it is, so that it is rejected as such
    case "utc":
      return (row, value) => {
        column.setText(row, `${value.toString("latin1")}+00`);
        return true;
      };
    case "text":
    case "bytes":
      return (row, value) => {
        column.setBytes(row, value, 0, value.length);
        return true;
      };
  }
}
