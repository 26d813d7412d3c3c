/** The types of PostgreSQL as vectors; values of other types are read as PostgreSQL's text. */
import pg from "pg";
import { first } from "../../../engine/lookup.ts";
import { sourceName } from "../../declare/column.ts";
import { contractOf } from "../wanted.ts";
import type { ExtractContext, RawColumn } from "../extracted.ts";

/** A column and how it is read. */
export interface PgColumn extends RawColumn {
  /** name of the type in the COPY */
  readonly pgType: string;
  /** of a decimal; else 0 */
  readonly scale: number;
  /** of a decimal; else 0 */
  readonly precision: number;
  /** its SQL in the COPY */
  readonly select: string;
}

/** The types by their numbers in PostgreSQL. */
const TYPES: { readonly [oid: number]: { readonly pg: string; readonly duck: string } } = {
  16: { pg: "bool", duck: "BOOLEAN" },
  21: { pg: "int2", duck: "SMALLINT" },
  23: { pg: "int4", duck: "INTEGER" },
  20: { pg: "int8", duck: "BIGINT" },
  700: { pg: "float4", duck: "DOUBLE" },
  701: { pg: "float8", duck: "DOUBLE" },
  25: { pg: "text", duck: "VARCHAR" },
  1043: { pg: "text", duck: "VARCHAR" },
  1042: { pg: "text", duck: "VARCHAR" },
  19: { pg: "text", duck: "VARCHAR" },
  1082: { pg: "date", duck: "DATE" },
  1083: { pg: "time", duck: "TIME" },
  1114: { pg: "timestamp", duck: "TIMESTAMP" },
  1184: { pg: "timestamptz", duck: "TIMESTAMPTZ" },
  2950: { pg: "uuid", duck: "UUID" },
  17: { pg: "bytea", duck: "BLOB" },
  114: { pg: "text", duck: "VARCHAR" },
  3802: { pg: "jsonb", duck: "VARCHAR" },
};
const NUMERIC = 1700;

/** How each column is read. */
export async function describeColumns(
  client: pg.Client,
  context: ExtractContext,
  fields: readonly pg.FieldDef[],
  from: string,
): Promise<PgColumn[]> {
  const contract = new Map(
    [...(contractOf(context.job) ?? [])].map(([name, spec]) => [
      sourceName(name, spec),
      spec.round === true ? undefined : spec.type,
    ]),
  );
  const columns: PgColumn[] = [];
  for (const field of fields) {
    const select = client.escapeIdentifier(field.name);
    if (field.dataTypeID === NUMERIC) {
      const { precision, scale } =
        numericType(field, contract.get(field.name)) ?? (await measuredNumeric(client, select, from));
      columns.push(
        precision <= 38
          ? {
              name: field.name,
              raw: `DECIMAL(${precision},${scale})`,
              declared: `DECIMAL(${precision},${scale})`,
              pgType: "numeric",
              precision,
              scale,
              select,
            }
          : { name: field.name, raw: "VARCHAR", pgType: "text", precision: 0, scale: 0, select: `${select}::text` },
      );
      continue;
    }
    const type = TYPES[field.dataTypeID];
    const json = field.dataTypeID === 114 || field.dataTypeID === 3802;
    columns.push(
      type
        ? {
            name: field.name,
            raw: type.duck,
            declared: json ? "JSON" : type.duck,
            pgType: type.pg,
            precision: 0,
            scale: 0,
            select,
          }
        : {
            name: field.name,
            raw: "VARCHAR",
            declared: "VARCHAR",
            pgType: "text",
            precision: 0,
            scale: 0,
            select: `${select}::text`,
          },
    );
  }
  return columns;
}

function numericType(
  field: pg.FieldDef,
  contract: string | undefined,
): { precision: number; scale: number } | undefined {
  if (field.dataTypeModifier > 0) {
    const modifier = field.dataTypeModifier - 4;
    const [precision, scale] = [(modifier >> 16) & 0xffff, modifier & 0x7ff];
    return scale <= precision ? { precision, scale } : { precision: 99, scale: 0 };
  }
  const wanted = contract === undefined ? null : /^decimal\((\d+),(\d+)\)$/.exec(contract);
  return wanted ? { precision: Number(wanted[1]), scale: Number(wanted[2]) } : undefined;
}

/** The precision of a numeric without bounds: that of its values. */
async function measuredNumeric(
  client: pg.Client,
  column: string,
  from: string,
): Promise<{ precision: number; scale: number }> {
  const measured = await client.query<{ readonly scale: number | null; readonly digits: number | null }>(
    `SELECT max(scale(trim_scale(${column})))::int AS scale, max(length(trunc(abs(${column}))::text))::int AS digits
     FROM ${from} WHERE ${column} NOT IN ('NaN', 'Infinity', '-Infinity')`,
  );
  const row = first(measured.rows);
  const scale = row.scale ?? 0;
  const precision = Math.max(18, (row.digits ?? 1) + scale);
  return { precision, scale };
}
