/** Reads the purchase histories of customers from the facts. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import { at } from "../../lookup.ts";
import { cubeOf } from "../fact-rows.ts";
import { roleOver } from "../features.ts";
import { readDoubles } from "../read-typed.ts";
import type { MiningContext, ModelSpec } from "../technique.ts";
import type { Customers } from "./histories.ts";

/** Days of a week: the models count in weeks. */
export const WEEK = 7;

type Buying = ModelSpec & { readonly events: string; readonly value: string };

/**
 * Creates the temporary table `purchase_days`: key, day, value; a day with several purchases is one row.
 * @returns the first day, or the day of the labels where there is none
 * @throws TesseraError `mining-invalid` where the cube does not join the dimension and a date
 */
export async function purchaseDays(context: MiningContext<Buying>): Promise<Day> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name} › events`;
  const cube = cubeOf(engine, place, model.events);
  const role = roleOver(context, model.over);
  if (cube.dateRole === null || !cube.roles.has(role.name))
    throw new TesseraError("mining-invalid", phrase`cube "${cube.name}" does not join ${role.name} and a date`, {
      place,
      remedy: phrase`name a cube of purchases that joins ${role.name} and a date`,
    });
  const { printed } = wholeAnswer(
    {
      measures: [model.value],
      dimensions: [`${role.name}.${keyAttribute(role.dimension)}`, `${cube.dateRole}.day`],
      filters: [{ member: cube.dateRole, operator: "lte", values: [toIso(asOf)] }],
    },
    engine.context("as_is", null, asOf),
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE purchase_days AS
     SELECT k0 AS key, k1 AS day, CAST(v0 AS DOUBLE) AS value
     FROM (${printed.sql}) WHERE k0 IS NOT NULL AND v0 > 0`,
    printed.parameters.map((p) => p.value),
  );
  const { columns } = await engine.serving.run(
    "SELECT date_diff('day', DATE '1970-01-01', min(day)) FROM purchase_days",
  );
  const first = at(columns, 0)[0] ?? null;
  return first === null ? asOf : Number(first);
}

/** Histories up to a day in the order of the keys; `actual` counts the purchases in the weeks after it. */
export async function readHistories(
  { connection }: MiningContext<Buying>,
  until: Day,
  weeksAfter: number,
): Promise<Customers> {
  const day = `DATE '${toIso(until)}'`;
  const columns = await readDoubles(
    connection,
    `WITH seen AS (
       SELECT key, min(day) AS first, max(day) AS last, count(*) - 1 AS x
       FROM purchase_days WHERE day <= ${day} GROUP BY key),
     worth AS (
       SELECT p.key, avg(p.value) AS mean
       FROM purchase_days AS p JOIN seen AS s ON s.key = p.key AND p.day > s.first WHERE p.day <= ${day} GROUP BY 1),
     later AS (
       SELECT key, count(*) AS n
       FROM purchase_days WHERE day > ${day} AND day <= ${day} + ${weeksAfter * WEEK} GROUP BY key)
     SELECT s.x::DOUBLE, date_diff('day', s.first, s.last) / 7.0::DOUBLE,
       date_diff('day', s.first, ${day}) / 7.0::DOUBLE, coalesce(w.mean, 0)::DOUBLE, coalesce(l.n, 0)::DOUBLE
     FROM seen AS s LEFT JOIN worth AS w USING (key) LEFT JOIN later AS l USING (key) ORDER BY s.key`,
  );
  const column = (i: number): Float64Array => at(columns, i);
  return { x: column(0), tx: column(1), T: column(2), mean: column(3), actual: column(4) };
}
