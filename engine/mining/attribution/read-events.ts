/** Reads touches and conversions in the order of unit and time. */
import type { AttributionRequest } from "../../model/declarations.ts";
import type { Day } from "../../model/time/calendar.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { cubeOf, dateRoleOf, factRows, parametersOf } from "../fact-rows.ts";
import { doubles, integers, readTyped } from "../read-typed.ts";
import type { Events } from "./build-paths.ts";

/** Blocks of units, for resampling. */
export const BLOCKS = 100;

/** Events and the keys of the channels, in the order of their numbers. */
export interface ReadEvents {
  readonly events: Events;
  readonly keys: readonly string[];
}

/** @param from first day of the conversions; touches reach back by the lookback before it */
export async function readEvents(
  engine: Engine,
  request: AttributionRequest,
  { from, until, lookback, place }: { from: Day | null; until: Day; lookback: number; place: string },
): Promise<ReadEvents> {
  const touchCube = cubeOf(engine, `${place} › touches`, request.touches);
  const saleCube = cubeOf(engine, `${place} › conversions`, request.conversions);
  const touches = factRows(engine, `${place} › touches`, {
    cube: touchCube.name,
    columns: {
      who: { key: request.unit },
      day: { day: dateRoleOf(touchCube, place) },
      channel: { key: request.channel },
      ...(request.time !== undefined && { moment: { attribute: request.time } }),
    },
    ...(from !== null && { from: from - lookback }),
    until,
    ...(request.filters && { filters: request.filters }),
  });
  const sales = factRows(engine, `${place} › conversions`, {
    cube: saleCube.name,
    columns: {
      who: { key: request.unit },
      day: { day: dateRoleOf(saleCube, place) },
      conversion: { attribute: request.conversion },
      value: { amount: request.value },
    },
    ...(from !== null && { from }),
    until,
    ...(request.conversionFilters && { filters: request.conversionFilters }),
  });
  // the parameters of both statements in one: those of the second come after those of the first
  const salesSql = sales.sql.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + touches.parameters.length}`);
  const time =
    request.time === undefined ? "date_diff('day', DATE '1970-01-01', day)::DOUBLE" : "epoch(moment) / 86400.0";
  return engine.serving.using(async (connection) => {
    const [block, unit, at, channel, value] = await readTyped(
      connection,
      `WITH t AS (${touches.sql}),
         s AS (
           SELECT any_value(who) AS who, max(day) AS day, sum(value) AS value
           FROM (${salesSql}) WHERE who IS NOT NULL GROUP BY conversion),
         channels AS (
           SELECT channel, (row_number() OVER (ORDER BY channel) - 1)::INTEGER AS c
           FROM (SELECT DISTINCT channel FROM t WHERE channel IS NOT NULL)),
         events AS (
           SELECT who, ${time} AS t0, c, NULL::DOUBLE AS value
           FROM t JOIN channels USING (channel) WHERE who IS NOT NULL
           UNION ALL
           SELECT who, date_diff('day', DATE '1970-01-01', day) + 0.999999, -1, value FROM s)
       SELECT (hash(who) % ${BLOCKS})::INTEGER, (hash(who) >> 33)::INTEGER, t0, c, value
       FROM events ORDER BY who, t0, c DESC`,
      [...parametersOf(touches), ...parametersOf(sales)],
    );
    const keys = await connection.runAndReadAll(
      `WITH t AS (${touches.sql})
       SELECT channel::VARCHAR FROM (SELECT DISTINCT channel FROM t WHERE channel IS NOT NULL) ORDER BY channel`,
      parametersOf(touches),
    );
    return {
      events: {
        block: integers(block, 0),
        unit: integers(unit, 1),
        at: doubles(at, 2),
        channel: integers(channel, 3),
        value: doubles(value, 4),
      },
      keys: keys.getRows().map(([key]) => String(key)),
    };
  });
}
