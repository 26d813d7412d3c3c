/** What is known of each member of a dimension, as a table: measures at the member's grain, and its attributes. */
import { TesseraError, phrase } from "../errors/index.ts";
import { at, first, required } from "../lookup.ts";
import { toIso, type Day } from "../model/time/calendar.ts";
import type { RoleNode } from "../model/catalog.ts";
import { keyAttribute } from "../query/binding/member.ts";
import { wholeAnswer } from "../query/plan/whole-answer.ts";
import type { MiningContext } from "./technique.ts";

/**
 * The role under which facts join the dimension: the role of the dimension's own name, else the first.
 * @throws TesseraError `mining-invalid` where no cube joins the dimension
 */
export function roleOver(context: MiningContext, over: string): RoleNode {
  const { catalog } = context.engine;
  const roles = [...catalog.roles.values()].filter((r) => r.dimension.name === over);
  const role = roles.find((r) => r.name === over) ?? roles[0];
  if (!role || role.dimension.calendar)
    throw new TesseraError("mining-invalid", phrase`dimension "${over}" not found among the dimensions of the cubes`, {
      place: `model ${context.model.name} › over`,
      remedy: "name a dimension that a cube joins",
    });
  return role;
}

/**
 * Creates the temporary table `name` with `key` and f0 … fn in the order of `features`, from facts up to `asOf`.
 * @returns the number of members
 * @throws TesseraError `mining-invalid` where no feature is a measure
 */
export async function featureTable(
  context: MiningContext,
  name: string,
  features: readonly string[],
  asOf: Day,
): Promise<number> {
  const { engine, connection, model } = context;
  const { catalog } = engine;
  const role = roleOver(context, model.over);
  const key = `${role.name}.${keyAttribute(role.dimension)}`;
  const underRole = (feature: string): string => feature.replace(new RegExp(`^${model.over}\\.`), `${role.name}.`);
  const measures = features.filter((f) => catalog.measures.has(f));
  const attributes = features.filter((f) => !catalog.measures.has(f)).map(underRole);
  if (measures.length === 0)
    throw new TesseraError("mining-invalid", phrase`model "${model.name}" has no measure among its features`, {
      place: `model ${model.name} › features`,
      remedy: "add a measure, for example sales.revenue",
    });
  const dateRoles = new Set(
    measures.map((m) => required(catalog.cubes, required(catalog.measures, m).cube, "cube").dateRole),
  );
  const date = dateRoles.size === 1 ? first([...dateRoles]) : "date";
  const filters = date === null ? [] : [{ member: date, operator: "lte" as const, values: [toIso(asOf)] }];
  const answer = wholeAnswer(
    { measures, dimensions: [key, ...attributes], filters },
    engine.context("as_is", null, asOf),
  );
  const { printed } = answer;
  const columnOf = (feature: string): string =>
    measures.includes(feature) ? answer.columnOf(feature) : `k${1 + attributes.indexOf(underRole(feature))}`;
  // a sum over no facts is 0, a ratio over no facts stays unknown
  const valueOf = (feature: string): string => {
    const spec = catalog.measures.get(feature)?.spec;
    const isSum = spec?.kind === "aggregate" && spec.aggregate === "sum";
    return isSum ? `coalesce(${columnOf(feature)}, 0)` : columnOf(feature);
  };
  const columns = features.map((f, i) => `CAST(${valueOf(f)} AS DOUBLE) AS f${i}`).join(", ");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${name} AS
     SELECT k0 AS key, ${columns} FROM (${printed.sql}) WHERE k0 IS NOT NULL ORDER BY k0`,
    printed.parameters.map((p) => p.value),
  );
  const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER AS n FROM ${name}`);
  return Number(first(first(counted.getRows())));
}

/** Names of the feature columns of `featureTable`, with another letter or prefix where wanted. */
export const featureColumns = (features: readonly string[], prefix = "f"): string[] =>
  features.map((_, i) => `${prefix}${i}`);

/** Columns of a table as doubles, in the order of `order`; null is NaN. */
export async function readMatrix(
  context: MiningContext,
  table: string,
  columns: readonly string[],
  order = "key",
): Promise<Float64Array[]> {
  const read = await context.engine.serving.run(`SELECT ${columns.join(", ")} FROM ${table} ORDER BY ${order}`);
  return columns.map((_, c) => Float64Array.from(at(read.columns, c), (v) => (v === null ? Number.NaN : Number(v))));
}
