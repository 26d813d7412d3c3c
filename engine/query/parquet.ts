/** A result as a Parquet file (zstd): decimals stay decimals, dates dates, text dictionaries. DuckDB writes it into the instance's spool folder. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { TesseraError } from "../errors.ts";
import { quote } from "../sql/print-duckdb.ts";
import { quoteText } from "../warehouse/sql-text.ts";
import { bindAll, type RunOptions } from "../warehouse/serving.ts";
import { detailRows } from "./detail-rows.ts";
import type { Engine } from "./engine.ts";
import { overflowed } from "./overflow.ts";
import { resultColumns } from "./result.ts";

/** The detail rows of a query, columns by their members' names. The file is complete before its first byte is given. */
export async function parquet(engine: Engine, query: unknown, options: RunOptions = {}): Promise<Uint8Array> {
  const { resolved, compiled, printed } = await engine.plan(query, options);
  const names = resultColumns(resolved, compiled, engine.catalog.project.currency).map((c) => c.name);
  const sources = [...resolved.keys.map((_, i) => `k${i}`), ...compiled.values.map((v) => v.column)];
  const { spool } = engine.serving;
  if (spool === null) throw new TesseraError("bad-request", "this data has no folder to write a file into", { remedy: "ask for Arrow, which needs none" });
  await mkdir(spool, { recursive: true });
  const file = join(spool, `${randomUUID()}.parquet`);
  try {
    await engine.serving.using(async (connection) => {
      const statement = await connection.prepare(`COPY (SELECT ${sources.map((source, i) => `${quote(source)} AS ${quote(names[i]!)}`).join(", ")} FROM (${detailRows(resolved, printed)})) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION zstd)`);
      try { bindAll(statement, printed.parameters); await statement.run(); } finally { statement.destroySync(); }
    }, options);
    return await readFile(file);
  } catch (error) {
    throw await overflowed(error, resolved.measures.map((m) => m.name));
  } finally {
    await rm(file, { force: true });
  }
}
