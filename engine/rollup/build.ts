/** Builds the rollups that a model declares, into a file of their own beside the facts. */
import type { DuckDBConnection } from "duckdb";
import { quote } from "../sql/print-duckdb.ts";
import { ROLLUPS_TABLE, type Engine } from "../query/engine.ts";
import { wholeAnswer } from "../query/whole-answer.ts";
import { rollupDefinitions } from "./definition.ts";

/** @param out the catalog that the tables are made in @returns name and rows of each */
export async function buildRollups(engine: Engine, connection: DuckDBConnection, out: string, onProgress: (name: string) => void = () => {}): Promise<readonly { readonly name: string; readonly rows: number }[]> {
  const { definitions } = rollupDefinitions(engine.catalog, engine.binding);
  const built: { name: string; rows: number }[] = [];
  await connection.run(`CREATE TABLE ${quote(out)}.${ROLLUPS_TABLE} (name VARCHAR, table_name VARCHAR, hash VARCHAR, rows BIGINT)`);
  for (const definition of definitions) {
    onProgress(definition.name);
    const { resolve, subplan } = engine.context("as_is", null, engine.now());
    // from the facts, never from another rollup
    const { printed, columnOf } = wholeAnswer({ measures: definition.measures, dimensions: definition.keys.map((key) => key.member) }, { resolve, subplan: { ...subplan, rollups: [] } });
    const day = definition.keys.findIndex((key) => key.t === "role" && key.dimension.calendar !== null);
    const columns = [...definition.keys.map((_k, i) => `k${i}`), ...definition.measures.map((m, i) => `${columnOf(m)} AS m${i}`)];
    await connection.run(`CREATE TABLE ${quote(out)}.${quote(definition.table)} AS SELECT ${columns.join(", ")} FROM (${printed.sql})${day >= 0 ? ` ORDER BY k${day}` : ""}`, printed.parameters.map((p) => p.value));
    const rows = Number((await connection.runAndReadAll(`SELECT count(*)::DOUBLE AS n FROM ${quote(out)}.${quote(definition.table)}`)).getRows()[0]![0]);
    await connection.run(`INSERT INTO ${quote(out)}.${ROLLUPS_TABLE} VALUES ($1, $2, $3, $4)`, [definition.name, definition.table, definition.hash, rows]);
    built.push({ name: definition.name, rows });
  }
  return built;
}
