/** What is known of each member of a dimension, as a table: measures at the member's grain, attributes as they stand. */
import { TesseraError, phrase } from "../errors/index.ts";
import { toIso, type Day } from "../model/time/calendar.ts";
import type { RoleNode } from "../model/catalog.ts";
import { keyAttribute } from "../query/binding/member.ts";
import { wholeAnswer } from "../query/plan/whole-answer.ts";
import type { MiningContext } from "./technique.ts";

/** The role under which facts know the dimension: the one of its own name, else the first. */
export function roleOver(context: MiningContext, over: string): RoleNode {
  const { catalog } = context.engine;
  const role =
    [...catalog.roles.values()].find((r) => r.name === over && r.dimension.name === over) ??
    [...catalog.roles.values()].find((r) => r.dimension.name === over);
  if (!role || role.dimension.calendar)
    throw new TesseraError(
      "mining-invalid",
      phrase`model ${context.model.name} is over ${over}, which no cube has as a dimension`,
      { place: `model ${context.model.name}`, remedy: "`over` names a dimension that a cube joins" },
    );
  return role;
}

/**
 * Creates the temporary table `name` with `key` and f0 … fn in the order of `features`; only facts up to `asOf` count.
 * @returns the number of members
 */
export async function featureTable(
  context: MiningContext,
  name: string,
  features: readonly string[],
  asOf: Day,
): Promise<number> {
  const { engine, connection } = context;
  const { catalog } = engine;
  const role = roleOver(context, context.model.over);
  const key = `${role.name}.${keyAttribute(role.dimension)}`;
  const measures = features.filter((f) => catalog.measures.has(f));
  const attributes = features
    .filter((f) => !catalog.measures.has(f))
    .map((f) => f.replace(new RegExp(`^${context.model.over}\\.`), `${role.name}.`));
  if (measures.length === 0)
    throw new TesseraError(
      "mining-invalid",
      phrase`model ${context.model.name} needs at least one measure among its features`,
      { place: `model ${context.model.name} › features`, remedy: "add for example sales.revenue" },
    );
  const dateRoles = new Set(measures.map((m) => catalog.cubes.get(catalog.measures.get(m)!.cube)!.dateRole));
  const date = dateRoles.size === 1 ? [...dateRoles][0]! : "date";
  const filters = date === null ? [] : [{ member: date, operator: "lte" as const, values: [toIso(asOf)] }];
  const answer = wholeAnswer(
    { measures, dimensions: [key, ...attributes], filters },
    engine.context("as_is", null, asOf),
  );
  const { printed } = answer;
  const columnOf = (feature: string): string =>
    measures.includes(feature)
      ? answer.columnOf(feature)
      : `k${1 + attributes.indexOf(feature.replace(new RegExp(`^${context.model.over}\\.`), `${role.name}.`))}`;
  // nothing bought is a sum of nothing; a ratio of nothing stays unknown
  const value = (feature: string): string => {
    const spec = catalog.measures.get(feature)?.spec;
    return spec?.kind === "aggregate" && spec.aggregate === "sum"
      ? `coalesce(${columnOf(feature)}, 0)`
      : columnOf(feature);
  };
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT k0 AS key, ${features.map((f, i) => `CAST(${value(f)} AS DOUBLE) AS f${i}`).join(", ")} FROM (${printed.sql}) WHERE k0 IS NOT NULL ORDER BY k0`,
    printed.parameters.map((p) => p.value),
  );
  const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER AS n FROM ${name}`);
  return Number(counted.getRows()[0]![0]);
}

/** Columns of a table as Float64Arrays; null is NaN. */
export async function readMatrix(
  context: MiningContext,
  table: string,
  columns: readonly string[],
  order = "key",
): Promise<Float64Array[]> {
  const read = await context.engine.serving.run(`SELECT ${columns.join(", ")} FROM ${table} ORDER BY ${order}`);
  return read.columns.map((values) => Float64Array.from(values, (v) => (v === null ? Number.NaN : Number(v))));
}
