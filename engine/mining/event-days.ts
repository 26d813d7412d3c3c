/** The days on which each member had an event: the input of cohorts, survival and churn. */
import { cubeOf, dateRoleOf, factRows, parametersOf } from "./fact-rows.ts";
import { roleOver } from "./features.ts";
import type { MiningContext, ModelSpec } from "./technique.ts";

/**
 * Creates the temporary table `name` with the columns `key` and `day`, each pair once, up to the day of the labels.
 * @throws TesseraError `mining-invalid` where the events' cube is unknown or does not join the dimension or a date
 */
export async function eventDays(
  context: MiningContext<ModelSpec & { readonly events: string }>,
  name: string,
): Promise<void> {
  const { engine, connection, model, asOf } = context;
  const place = `model ${model.name} › events`;
  const printed = factRows(engine, place, {
    cube: model.events,
    distinct: true,
    columns: {
      key: { key: roleOver(context, model.over).name },
      day: { day: dateRoleOf(cubeOf(engine, place, model.events), place) },
    },
    until: asOf,
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${name} AS
     SELECT key, day FROM (${printed.sql}) WHERE key IS NOT NULL AND day IS NOT NULL`,
    parametersOf(printed),
  );
}
