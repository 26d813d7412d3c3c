/** The days on which each member had an event: what cohorts, survival and the like begin with. */
import { roleOver } from "./features.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "./fact-rows.ts";
import type { MiningContext, ModelSpec } from "./technique.ts";

/** Creates the temporary table `name` with `key` and `day`, each pair once, up to the day that labels stand for. */
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
    `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT key, day FROM (${printed.sql}) WHERE key IS NOT NULL AND day IS NOT NULL`,
    parametersOf(printed),
  );
}
