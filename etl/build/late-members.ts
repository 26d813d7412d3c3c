/** Members that facts name before they have come: a row with the key alone, filled when they do. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import type { Table } from "../declare/table.ts";

/** Marks a member of which nothing is known but its key. */
export const PLACEHOLDER = "placeholder";

const keysOf = (table: Table): readonly string[] =>
  table.key === undefined ? [] : typeof table.key === "string" ? [table.key] : table.key;

/** The table's select, with a row for each member that is named elsewhere alone. */
export function withLateMembers(table: Table, select: string): string {
  if (table.lateMembers === undefined || table.lateMembers.length === 0) return select;
  const key = keysOf(table);
  const names = key.map(quoteIdentifier).join(", ");
  const named = table.lateMembers.map(
    ({ table: from, columns = key }) =>
      `SELECT ${key.map((name, i) => `${quoteIdentifier(columns[i] ?? name)} AS ${quoteIdentifier(name)}`).join(", ")} FROM ${inWarehouse(from)} WHERE ${columns.map((name) => `${quoteIdentifier(name)} IS NOT NULL`).join(" AND ")}`,
  );
  const same = key.map((name) => `k.${quoteIdentifier(name)} = n.${quoteIdentifier(name)}`).join(" AND ");
  return `WITH "__known" AS MATERIALIZED (${select}) SELECT *, false AS ${PLACEHOLDER} FROM "__known"
    UNION ALL BY NAME SELECT DISTINCT ${names}, true AS ${PLACEHOLDER} FROM (${named.join(" UNION ALL ")}) AS n WHERE NOT EXISTS (SELECT 1 FROM "__known" AS k WHERE ${same})`;
}

/**
 * Writes members that have come into the versions that stood for them, as if they had been so from the start: not knowing is no state
 * of a customer. `rows`: the qualified table of what is known now.
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
  const key = keysOf(table);
  const filled = columns.filter((name) => !key.includes(name) && existing.has(name));
  const validFrom = table.changes?.validFrom;
  // of several versions that come at once the first takes the placeholder's place
  const first =
    validFrom === undefined
      ? rows
      : `(SELECT * FROM ${rows} QUALIFY row_number() OVER (PARTITION BY ${key.map(quoteIdentifier).join(", ")} ORDER BY ${quoteIdentifier(validFrom)}) = 1)`;
  const set = [
    ...filled.map((name) => `${quoteIdentifier(name)} = i.${quoteIdentifier(name)}`),
    ...(validFrom === undefined
      ? []
      : [`stated_from = coalesce(i.${quoteIdentifier(validFrom)}::TIMESTAMP, t.stated_from)`]),
  ];
  await connection.run(
    `UPDATE ${target} AS t SET ${set.join(", ")} FROM ${first} AS i WHERE t.${PLACEHOLDER} AND NOT i.${PLACEHOLDER} AND ${key.map((name) => `t.${quoteIdentifier(name)} = i.${quoteIdentifier(name)}`).join(" AND ")}`,
  );
}
