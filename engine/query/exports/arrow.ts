/**
 * A result as an Arrow IPC stream, built from DuckDB's vectors column by column. Text travels as dictionaries: reading
 * a million strings one by one costs a native call each, reading their codes does not.
 */
import { at } from "../../lookup.ts";
import { columnBuilder } from "./arrow-columns.ts";
import { Field, Schema, Table, makeData, tableToIPC, RecordBatch, Struct } from "apache-arrow";
import { DuckDBTypeId, type DuckDBConnection, type DuckDBType } from "duckdb";
import { quote } from "../../sql/dialect.ts";
import { bindAll, type RunOptions } from "../../warehouse/serving.ts";
import type { Engine } from "../answer/engine.ts";
import { detailRows } from "./detail-rows.ts";
import { asText, finite, isWide, widthsOf, type Width } from "./exported-columns.ts";
import { overflowed } from "../binding/overflow.ts";
import { resultColumns } from "../answer/result.ts";

/** The text that a column travels as; null for types that Arrow has. */
function textOf(type: DuckDBType, of: string, width: Width | undefined): string | null {
  if (type.typeId === DuckDBTypeId.VARCHAR) return of;
  return width === "text" ? `CAST(${of} AS VARCHAR)` : asText(type, of);
}

let serial = 0;

/**
 * The detail rows of a query. The answer is complete before its first byte is sent, so an error never looks like an
 * end.
 */
export async function arrow(engine: Engine, query: unknown, options: RunOptions = {}): Promise<Uint8Array> {
  const { resolved, compiled, printed } = await engine.plan(query, options);
  const columns = resultColumns(resolved, compiled, engine.catalog.project.currency);
  return engine.serving.using(async (connection) => {
    const name = `arrow_${process.pid}_${serial++}`;
    const statement = await connection.prepare(`CREATE TEMP TABLE ${quote(name)} AS ${detailRows(resolved, printed)}`);
    try {
      bindAll(statement, printed.parameters);
      await statement.run();
      return await encode(
        connection,
        name,
        [...resolved.keys.map((_k, i) => `k${i}`), ...compiled.values.map((v) => v.column)],
        columns.map((c) => c.name),
      );
    } catch (error) {
      throw await overflowed(
        error,
        resolved.measures.map((m) => m.name),
      );
    } finally {
      statement.destroySync();
      await connection.run(`DROP TABLE IF EXISTS ${quote(name)}`);
      await dropEnums(connection, name);
    }
  }, options);
}

/** A type of the instance itself: the first place on the search path holds functions, the others are read-only. */
const enumType = (table: string, n: number): string => `memory.main.${quote(`${table}_${n}`)}`;

async function dropEnums(connection: DuckDBConnection, name: string): Promise<void> {
  for (let i = 0; i < 64; i++) {
    try {
      await connection.run(`DROP TYPE ${enumType(name, i)}`);
    } catch {
      return;
    }
  }
}

/** Reads a table's columns, one record batch a chunk; all batches share their dictionaries. */
async function encode(
  connection: DuckDBConnection,
  table: string,
  sources: readonly string[],
  names: readonly string[],
): Promise<Uint8Array> {
  const described = await connection.run(`SELECT ${sources.map(quote).join(", ")} FROM ${quote(table)} LIMIT 0`);
  const types = described.columnTypes();
  const wide = sources.filter((_, i) => isWide(at(types, i))).map(quote);
  const widths = new Map((await widthsOf(connection, quote(table), wide)).map((width, i) => [at(wide, i), width]));
  let enums = 0;
  const selected: string[] = [];
  for (const [i, type] of types.entries()) {
    const of = quote(at(sources, i));
    const width = widths.get(of);
    const text = textOf(type, of, width);
    if (text !== null) {
      const made = enumType(table, enums++);
      const distinct = `SELECT DISTINCT ${text} AS t FROM ${quote(table)} WHERE ${of} IS NOT NULL ORDER BY 1`;
      await connection.run(`CREATE TYPE ${made} AS ENUM (${distinct})`);
      selected.push(`CAST(${text} AS ${made}) AS ${of}`);
    } else if (width) selected.push(`CAST(${of} AS ${width === "int64" ? "BIGINT" : "DECIMAL(38, 0)"}) AS ${of}`);
    else selected.push(`${finite(type, of)} AS ${of}`);
  }
  const result = await connection.run(`SELECT ${selected.join(", ")} FROM ${quote(table)}`);
  const physical = result.columnTypes();
  const builders = physical.map(columnBuilder);
  const batches: RecordBatch[] = [];
  const schema = new Schema(builders.map((b, i) => new Field(at(names, i), b.type, true)));
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    batches.push(
      new RecordBatch(
        schema,
        makeData({
          type: new Struct(schema.fields),
          length: chunk.rowCount,
          nullCount: 0,
          children: builders.map((b, i) => b.read(chunk, i)),
        }),
      ),
    );
  }
  return tableToIPC(batches.length > 0 ? new Table(schema, batches) : new Table(schema), "stream");
}
