/** Builds the rollups that a model declares, into a file of their own beside the facts. */
import type { DuckDBConnection } from "duckdb";
import type { AggregateMeasure } from "../model/measure.ts";
import { printDuckdb, quote, type Printed } from "../sql/print-duckdb.ts";
import type { Select } from "../sql/tree.ts";
import { ROLLUPS_TABLE, type Engine } from "../query/engine.ts";
import { FactSource } from "../query/fact-source.ts";
import type { Leaf } from "../query/leaf.ts";
import { isApproximate, registersOf } from "../query/registers.ts";
import type { SubplanContext } from "../query/subplan.ts";
import { wholeAnswer } from "../query/whole-answer.ts";
import { registersTable, rollupDefinitions, type RollupDefinition } from "./definition.ts";

/** @param out the catalog that the tables are made in @returns name and rows of each */
export async function buildRollups(engine: Engine, connection: DuckDBConnection, out: string, onProgress: (name: string) => void = () => {}): Promise<readonly { readonly name: string; readonly rows: number }[]> {
  const { definitions } = rollupDefinitions(engine.catalog, engine.binding);
  const built: { name: string; rows: number }[] = [];
  await connection.run(`CREATE TABLE ${quote(out)}.${ROLLUPS_TABLE} (name VARCHAR, table_name VARCHAR, hash VARCHAR, rows BIGINT)`);
  for (const definition of definitions) {
    onProgress(definition.name);
    const { resolve, subplan } = engine.context("as_is", null, engine.now());
    // from the facts, never from another rollup
    const { printed, compiled, columnOf } = wholeAnswer({ measures: definition.measures, dimensions: definition.keys.map((key) => key.member) }, { resolve, subplan: { ...subplan, rollups: [] } });
    const day = definition.keys.findIndex((key) => key.t === "role" && key.dimension.calendar !== null);
    const where = day >= 0 ? ` ORDER BY k${day}` : "";
    const create = (table: string, select: string, parameters: Printed["parameters"]): Promise<unknown> => connection.run(`CREATE TABLE ${quote(out)}.${quote(table)} AS ${select}${where}`, parameters.map((p) => p.value));
    const leaves = compiled.facts.flatMap((fact) => fact.leaves);
    const approximate = definition.measures.map((m) => leaves.find((leaf) => leaf.member === m && isApproximate(leaf)) ?? null);
    const columns = [...definition.keys.map((_k, i) => `k${i}`), ...definition.measures.flatMap((m, i) => (approximate[i] ? [] : [`${columnOf(m)} AS m${i}`]))];
    await create(definition.table, `SELECT ${columns.join(", ")} FROM (${printed.sql})`, printed.parameters);
    for (const [i, leaf] of approximate.entries()) if (leaf) { const registers = printDuckdb(registersFrom(engine, definition, leaf, subplan)); await create(registersTable(definition, i), registers.sql, registers.parameters); }
    const rows = Number((await connection.runAndReadAll(`SELECT count(*)::DOUBLE AS n FROM ${quote(out)}.${quote(definition.table)}`)).getRows()[0]![0]);
    await connection.run(`INSERT INTO ${quote(out)}.${ROLLUPS_TABLE} VALUES ($1, $2, $3, $4)`, [definition.name, definition.table, definition.hash, rows]);
    built.push({ name: definition.name, rows });
  }
  return built;
}

function registersFrom(engine: Engine, definition: RollupDefinition, leaf: Leaf, context: SubplanContext): Select {
  const source = new FactSource(context, engine.catalog.cubes.get(definition.cube)!);
  const columns = [...definition.keys.map((key, i) => ({ expr: source.attribute(key), as: `k${i}` })), { expr: source.argument((leaf.measure as AggregateMeasure).of!), as: `a_${leaf.column}` }, ...(leaf.where ? [{ expr: source.condition(leaf.where), as: `b_${leaf.column}` }] : [])];
  return registersOf(leaf, { t: "select", columns, ...source.parts() }, definition.keys.map((_, i) => i));
}
