/**
 * A result as a Parquet file (zstd): decimals stay decimals, dates dates, texts dictionaries. DuckDB writes it into the
 * instance's spool folder.
 */
import { isCastFailure } from "../../warehouse/duckdb-error.ts";
import { at } from "../../lookup.ts";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBTypeId, type DuckDBConnection, type DuckDBType } from "duckdb";
import { TesseraError } from "../../errors/index.ts";
import { quote } from "../../sql/dialect.ts";
import { quoteText } from "../../warehouse/sql-text.ts";
import { bindAll, type RunOptions } from "../../warehouse/serving.ts";
import { detailRows } from "./detail-rows.ts";
import type { Engine } from "../answer/engine.ts";
import { asText, finite } from "./exported-columns.ts";
import { overflowed } from "../binding/overflow.ts";
import { resultColumns } from "../answer/result.ts";

/** The detail rows of a query, with members as columns. The file is complete before its first byte is given. */
export async function parquet(engine: Engine, query: unknown, options: RunOptions = {}): Promise<Uint8Array> {
  const { resolved, compiled, printed } = await engine.plan(query, options);
  const names = resultColumns(resolved, compiled, engine.catalog.project.currency).map((c) => c.name);
  const sources = [...resolved.keys.map((_, i) => `k${i}`), ...compiled.values.map((v) => v.column)];
  const { spool } = engine.serving;
  if (spool === null)
    throw new TesseraError("bad-request", "this data has no folder to write a file into", {
      remedy: "ask for Arrow, which needs none",
    });
  await mkdir(spool, { recursive: true });
  const file = join(spool, `${randomUUID()}.parquet`);
  try {
    await engine.serving.using(async (connection) => {
      const rows = detailRows(resolved, printed);
      const copy = async (huge: "DECIMAL(38, 0)" | "VARCHAR", types: readonly DuckDBType[]): Promise<void> => {
        const columns = sources.map(
          (source, i) => `${written(at(types, i), quote(source), huge)} AS ${quote(at(names, i))}`,
        );
        const statement = await connection.prepare(
          `COPY (SELECT ${columns.join(", ")} FROM (${rows})) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`,
        );
        try {
          bindAll(statement, printed.parameters);
          await statement.run();
        } finally {
          statement.destroySync();
        }
      };
      const types = await typesOf(connection, `SELECT ${sources.map(quote).join(", ")} FROM (${rows})`);
      try {
        await copy("DECIMAL(38, 0)", types);
      } catch (error) {
        // no decimal has 39 digits: such integers are text, as in JSON
        if (!types.some((t) => t.typeId === DuckDBTypeId.HUGEINT) || !isCastFailure(error)) throw error;
        await copy("VARCHAR", types);
      }
    }, options);
    return await readFile(file);
  } catch (error) {
    throw await overflowed(
      error,
      resolved.measures.map((m) => m.name),
    );
  } finally {
    await rm(file, { force: true });
  }
}

async function typesOf(connection: DuckDBConnection, sql: string): Promise<readonly DuckDBType[]> {
  const statement = await connection.prepare(sql);
  try {
    return Array.from({ length: statement.columnCount }, (_, i) => statement.columnType(i));
  } finally {
    statement.destroySync();
  }
}

/**
 * A value as Parquet holds it. Parquet has no integers of 128 bits (DuckDB would write doubles) and no intervals in
 * microseconds, and other tools read its bytes as text.
 */
function written(type: DuckDBType, of: string, huge: string): string {
  if (type.typeId === DuckDBTypeId.HUGEINT) return `CAST(${of} AS ${huge})`;
  const { TIME, UUID, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS } = DuckDBTypeId;
  return [TIME, UUID, TIMESTAMP_S, TIMESTAMP_MS, TIMESTAMP_NS].includes(type.typeId)
    ? of
    : (asText(type, of) ?? finite(type, of));
}
