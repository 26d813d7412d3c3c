/** Late members: a member that facts refer to before it is loaded gets a row with its key, which is filled later. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { Table } from "../declare/table.ts";

/** Column that marks a member of which only the key is known. */
export const PLACEHOLDER = "placeholder";

/** Columns of a table's key; empty without one. */
export function keyOfTable({ key }: Table): readonly string[] {
  if (key === undefined) return [];
  return typeof key === "string" ? [key] : key;
}

/** The table's select, with a row for each late member. */
export function withLateMembers(table: Table, select: string): string {
  if (table.lateMembers === undefined || table.lateMembers.length === 0) return select;
  const key = keyOfTable(table);
  const names = key.map(quoteIdentifier).join(", ");
  const referred = table.lateMembers.map(({ table: from, columns = key }) => {
    const list = key.map((name, i) => `${quoteIdentifier(columns[i] ?? name)} AS ${quoteIdentifier(name)}`);
    const isKnown = columns.map((name) => `${quoteIdentifier(name)} IS NOT NULL`);
    return `SELECT ${list.join(", ")} FROM ${inWarehouse(from)} WHERE ${isKnown.join(" AND ")}`;
  });
  const same = key.map((name) => `k.${quoteIdentifier(name)} = n.${quoteIdentifier(name)}`).join(" AND ");
  return `WITH "__known" AS MATERIALIZED (${select}) SELECT *, false AS ${PLACEHOLDER} FROM "__known"
    UNION ALL BY NAME SELECT DISTINCT ${names}, true AS ${PLACEHOLDER}
    FROM (${referred.join(" UNION ALL ")}) AS n WHERE NOT EXISTS (SELECT 1 FROM "__known" AS k WHERE ${same})`;
}

/**
 * Writes members into the versions that were placeholders for them, as if they had been known from the start: being
 * unknown is not a version of a member.
 * @param rows qualified table of the current rows
 */
export async function fillPlaceholders(
  connection: DuckDBConnection,
  table: Table,
  rows: string,
  columns: readonly string[],
): Promise<void> {
  const target = inWarehouse(table.name);
  const existing = await columnsOf(connection, table.name);
  if (!existing.has(PLACEHOLDER)) return;
  const key = keyOfTable(table);
  const filled = columns.filter((name) => !key.includes(name) && existing.has(name));
  const validFrom = table.changes?.validFrom;
  // of several versions that arrive together the first fills the placeholder
  const first =
    validFrom === undefined
      ? rows
      : `(SELECT * FROM ${rows} QUALIFY row_number() OVER (
           PARTITION BY ${key.map(quoteIdentifier).join(", ")} ORDER BY ${quoteIdentifier(validFrom)}
         ) = 1)`;
  const set = [
    ...filled.map((name) => `${quoteIdentifier(name)} = i.${quoteIdentifier(name)}`),
    ...(validFrom === undefined
      ? []
      : [`stated_from = coalesce(i.${quoteIdentifier(validFrom)}::TIMESTAMP, t.stated_from)`]),
  ];
  const same = key.map((name) => `t.${quoteIdentifier(name)} = i.${quoteIdentifier(name)}`).join(" AND ");
  await connection.run(
    `UPDATE ${target} AS t SET ${set.join(", ")}
     FROM ${first} AS i WHERE t.${PLACEHOLDER} AND NOT i.${PLACEHOLDER} AND ${same}`,
  );
}
