/** Labels and their validity: a row holds from the day it was mined for until the next day that was mined. */
import { toIso, type Day } from "../model/time/calendar.ts";
import type { MiningModel } from "../model/mining-model.ts";
import { quote } from "../sql/print-duckdb.ts";
import type { Workbench } from "../warehouse/workbench.ts";
import { dimension, measure } from "./columns.ts";
import type { ReportSection } from "./technique.ts";

/**
 * Writes the labels of one day and keeps those of all other days. A run labels all members that exist, so a member
 * without a row on a day has no label from then on. Labels of the same day are replaced; an earlier day is inserted
 * between its neighbours.
 * @param labels a SELECT of `key` and the outputs; null for a technique without labels
 */
export async function writeLabels(
  { connection, serving }: Workbench,
  table: string,
  labels: string | null,
  model: MiningModel,
  asOf: Day,
): Promise<void> {
  const name = quote(table);
  const day = `DATE '${toIso(asOf)}'`;
  if (labels === null) {
    await connection.run(
      `CREATE TABLE out.${name} AS
       SELECT NULL::VARCHAR AS key, ${day} AS valid_from, NULL::DATE AS valid_until WHERE false`,
    );
    return;
  }
  await connection.run(`CREATE OR REPLACE TEMP TABLE new_labels AS ${labels}`);
  const outputs = Object.keys(model.outputs);
  const known = serving.columns.get(table);
  // older labels lack an output that the technique gained since
  const kept = outputs.map((o) => (known?.has(o) ? quote(o) : `NULL AS ${quote(o)}`)).join(", ");
  const next = known ? `(SELECT min(valid_from) FROM ${name} WHERE valid_from > ${day})` : "NULL::DATE";
  const others = known
    ? `SELECT key, valid_from,
         CASE WHEN valid_from < ${day} AND (valid_until IS NULL OR valid_until > ${day}) THEN ${day}
              ELSE valid_until END AS valid_until,
         ${kept}
       FROM ${name} WHERE valid_from <> ${day} UNION ALL `
    : "";
  await connection.run(
    `CREATE TABLE out.${name} AS ${others}
     SELECT key, ${day} AS valid_from, ${next} AS valid_until, ${outputs.map(quote).join(", ")}
     FROM new_labels ORDER BY key, valid_from`,
  );
}

const NONE = "(no label)";
const MOST_GROUPS = 12;

/**
 * The migration of members between groups since the day mined before: rows add up to the groups then, columns to the
 * groups now. Members without a label on one of the days form a group of their own, so that both margins are complete.
 * @returns null without an earlier day, without a grouping output, or with more than 12 groups
 */
export async function migrationSection(
  { connection }: Workbench,
  table: string,
  model: MiningModel,
  asOf: Day,
): Promise<ReportSection | null> {
  if (model.main === null) return null;
  const [name, group] = [`out.${quote(table)}`, quote(model.main)];
  const day = `DATE '${toIso(asOf)}'`;
  const earlier = await connection.runAndReadAll(
    `SELECT max(valid_from)::VARCHAR FROM ${name} WHERE valid_from < ${day}`,
  );
  const before = earlier.getRows()[0]?.[0];
  if (before === null || before === undefined) return null;
  const groupsOn = (on: string): string =>
    `SELECT key, coalesce(${group}::VARCHAR, '${NONE}') AS g FROM ${name} WHERE valid_from = ${on}`;
  const read = await connection.runAndReadAll(
    `WITH was AS (${groupsOn("$1::DATE")}), is_ AS (${groupsOn(day)})
     SELECT coalesce(was.g, '${NONE}'), coalesce(is_.g, '${NONE}'), count(*)::INTEGER
     FROM was FULL JOIN is_ USING (key) GROUP BY 1, 2 ORDER BY 1, 2`,
    [String(before)],
  );
  const rows = read.getRows().map(([was, now, n]) => ({ was: String(was), now: String(now), members: Number(n) }));
  if (new Set(rows.flatMap((r) => [r.was, r.now])).size > MOST_GROUPS + 1) return null;
  return {
    title: `From ${String(before)} to ${toIso(asOf)}`,
    chart: "heatmap",
    wide: true,
    rows,
    note:
      "Members by their group then (down) and now (across). " +
      "Each row adds up to the group then, each column to the group now.",
    columns: [
      dimension("was", `On ${String(before)}`),
      dimension("now", `On ${toIso(asOf)}`),
      measure("members", "Members", "integer"),
    ],
  };
}
