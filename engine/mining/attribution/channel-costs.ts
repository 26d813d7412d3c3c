/** What each channel cost, for cost per conversion. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { at, required } from "../../lookup.ts";
import { toIso, type Day } from "../../model/time/calendar.ts";
import { keyAttribute } from "../../query/binding/member.ts";
import { wholeAnswer } from "../../query/plan/whole-answer.ts";
import type { Engine } from "../../query/answer/engine.ts";

/** @param cost a measure; @returns by the channel's key as text; @throws TesseraError `mining-invalid` */
export async function channelCosts(
  engine: Engine,
  cost: string,
  channel: string,
  from: Day | null,
  until: Day,
): Promise<Map<string, number>> {
  const node = engine.catalog.measures.get(cost);
  const cube = node && engine.catalog.cubes.get(node.cube);
  const role = required(engine.catalog.roles, channel, "role");
  if (!cube || !cube.roles.has(channel))
    throw new TesseraError("mining-invalid", phrase`measure "${cost}" not found in a cube that joins ${channel}`, {
      place: "$.cost",
      remedy: "name a measure of a cube that joins the channel",
    });
  const date = cube.dateRole;
  const filters =
    date === null
      ? []
      : [
          { member: date, operator: "lte" as const, values: [toIso(until)] },
          ...(from === null ? [] : [{ member: date, operator: "gte" as const, values: [toIso(from)] }]),
        ];
  const { printed } = wholeAnswer(
    { measures: [cost], dimensions: [`${channel}.${keyAttribute(role.dimension)}`], filters },
    engine.context("as_is", null, until),
  );
  const { columns } = await engine.serving.run(
    `SELECT k0::VARCHAR, v0::DOUBLE FROM (${printed.sql}) WHERE k0 IS NOT NULL`,
    printed.parameters,
  );
  const amounts = at(columns, 1);
  return new Map(Array.from(at(columns, 0), (key, i) => [String(key), Number(amounts[i] ?? 0)]));
}
