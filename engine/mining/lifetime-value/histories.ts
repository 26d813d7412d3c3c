/** Purchase histories of customers, in weeks, as the models of lifetime value read them. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import { roleOver } from "../features.ts";
import { readTyped } from "../read-typed.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";
import type { Histories } from "./bg-nbd.ts";

export interface Customers extends Histories {
  readonly mean: Float64Array;
  readonly actual: Float64Array;
}
export const WEEK = 7;

type Buying = ModelSpec & { readonly events: string; readonly value: string };

/** Temporary table `purchase_days`: key, day, value. @returns the first day */
export async function purchaseDays(context: MiningContext<Buying>): Promise<Day> {
  const { engine, connection, model, asOf } = context;
  const cube = engine.catalog.cubes.get(model.events);
  const role = roleOver(context, model.over);
  if (!cube || cube.dateRole === null || !cube.roles.has(role.name))
    throw new TesseraError(
      "mining-invalid",
      phrase`model ${model.name}: ${model.events} is no cube with ${role.name} and a date`,
      { place: `model ${model.name} › events`, remedy: "`events` names the cube of purchases" },
    );
  const { printed } = wholeAnswer(
    {
      measures: [model.value],
      dimensions: [`${role.name}.${keyAttribute(role.dimension)}`, `${cube.dateRole}.day`],
      filters: [{ member: cube.dateRole, operator: "lte", values: [toIso(asOf)] }],
    },
    engine.context("as_is", null, asOf),
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE purchase_days AS SELECT k0 AS key, k1 AS day, CAST(v0 AS DOUBLE) AS value FROM (${printed.sql}) WHERE k0 IS NOT NULL AND v0 > 0`,
    printed.parameters.map((p) => p.value),
  );
  const read = await engine.serving.run("SELECT date_diff('day', DATE '1970-01-01', min(day)) FROM purchase_days");
  return read.columns[0]![0] === null ? asOf : Number(read.columns[0]![0]);
}

/** Histories up to a day, in weeks, in the order of the keys; `actual` counts the purchases of the weeks after it. */
export async function histories(
  { connection }: MiningContext<Buying>,
  until: Day,
  weeksAfter: number,
): Promise<Customers> {
  const day = `DATE '${toIso(until)}'`;
  return customersOf(
    await readTyped(
      connection,
      `
    WITH seen AS (SELECT key, min(day) AS first, max(day) AS last, count(*) - 1 AS x FROM purchase_days WHERE day <= ${day} GROUP BY key),
      worth AS (SELECT p.key, avg(p.value) AS mean FROM purchase_days AS p JOIN seen AS s ON s.key = p.key AND p.day > s.first WHERE p.day <= ${day} GROUP BY 1),
      later AS (SELECT key, count(*) AS n FROM purchase_days WHERE day > ${day} AND day <= ${day} + ${weeksAfter * WEEK} GROUP BY key)
    SELECT s.x::DOUBLE, date_diff('day', s.first, s.last) / 7.0::DOUBLE, date_diff('day', s.first, ${day}) / 7.0::DOUBLE, coalesce(w.mean, 0)::DOUBLE, coalesce(l.n, 0)::DOUBLE FROM seen AS s LEFT JOIN worth AS w USING (key) LEFT JOIN later AS l USING (key) ORDER BY s.key`,
    ),
  );
}

const customersOf = (columns: readonly unknown[]): Customers => {
  const [x, tx, T, mean, actual] = columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return { x, tx, T, mean, actual };
};
