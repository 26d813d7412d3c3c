/** The shop's tables in a real PostgreSQL, and questions answered there by the second printer. */
import pg from "pg";
import type { Engine } from "../../../engine/query/answer/engine.ts";
import { compileQuery } from "../../../engine/query/plan/compile.ts";
import { parseQuery } from "../../../engine/query/language/parse-query.ts";
import type { Query, Result } from "../../../engine/model/query.ts";
import { resolveQuery } from "../../../engine/query/resolve/resolve.ts";
import { assemble, resultColumns } from "../../../engine/query/answer/result.ts";
import { printPostgres } from "../../../engine/sql/print-postgres.ts";
import type { ResultColumns } from "../../../engine/warehouse/columns.ts";
import { startPostgres } from "../../etl/_postgres.ts";

const TYPES: Readonly<Record<string, string>> = {
  HUGEINT: "numeric",
  DOUBLE: "double precision",
  VARCHAR: "text",
  "TIMESTAMP WITH TIME ZONE": "timestamptz",
};
const NUMBERS = new Set([20, 21, 23, 700, 701, 1700]);
const text = (value: string): string => value;

export interface PostgresShop {
  ask(query: Query): Promise<Omit<Result, "meta">>;
  close(): Promise<void>;
}

export async function openPostgresShop(engine: Engine): Promise<PostgresShop> {
  const server = await startPostgres();
  // texts are ordered by their bytes, as in DuckDB
  await server.query("create database shop template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'");
  const client = new pg.Client({
    connectionString: server.url.replace(/\/postgres$/, "/shop"),
    types: { getTypeParser: () => text },
  });
  await client.connect();
  await client.query("set time zone 'America/St_Johns'"); // an odd zone: nothing may depend on the session's
  for (const [table, columns] of engine.serving.columns) {
    if (table.includes(":")) continue;
    await client.query(
      `create table "${table}" (${[...columns].map(([name, type]) => `"${name}" ${TYPES[type] ?? type}`).join(", ")})`,
    );
    const { columns: values, rowCount } = await engine.serving.run(
      `select ${[...columns.keys()].map((c) => `"${c}"::varchar`).join(", ")} from "${table}"`,
    );
    for (let from = 0; from < rowCount; from += 1000) {
      const rows = Array.from({ length: Math.min(1000, rowCount - from) }, (_, r) =>
        values.map((column) => column[from + r]!),
      );
      await client.query(
        `insert into "${table}" values ${rows.map((row) => `(${row.map((v) => (v === null ? "null" : `'${String(v).replaceAll("'", "''")}'`)).join(", ")})`).join(", ")}`,
      );
    }
  }
  await client.query("analyze");
  return {
    async ask(query) {
      const parsed = parseQuery(query);
      const now = engine.now();
      const resolved = resolveQuery(parsed, engine.context("as_is", null, now).resolve);
      const compiled = compileQuery(resolved, engine.context(resolved.history, resolved.timeZone, resolved.now).plan);
      const printed = printPostgres(compiled.select);
      const found = await client.query<unknown[]>({
        text: printed.sql,
        values: printed.parameters.map((p) => p.value),
        rowMode: "array",
      });
      const cells: ResultColumns["columns"] = found.fields.map(({ dataTypeID }, c) =>
        (found.rows as (string | null)[][]).map((row) => {
          const value = row[c]!;
          if (value === null) return null;
          if (NUMBERS.has(dataTypeID)) return Number(value);
          if (dataTypeID === 16) return value === "t";
          return dataTypeID === 1114 ? value.replace(" ", "T") : value;
        }),
      );
      const { rows, totals } = assemble(resolved, compiled, {
        names: found.fields.map((f) => f.name),
        types: found.fields.map((f) => String(f.dataTypeID)),
        rowCount: found.rows.length,
        columns: cells,
      });
      return { columns: resultColumns(resolved, compiled, undefined), rows, ...(totals && { totals }) };
    },
    async close() {
      await client.end();
      await server.stop();
    },
  };
}
