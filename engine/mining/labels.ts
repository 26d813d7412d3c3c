/** Labels with their history: a row holds from the day that it stands for until the next day that was mined. */
import { toIso, type Day } from "../model/time/calendar.ts";
import type { MiningModel } from "../model/mining-model.ts";
import type { Column } from "../model/query.ts";
import { quote } from "../sql/print-duckdb.ts";
import type { Workbench } from "../warehouse/workbench.ts";
import type { ReportSection } from "./technique.ts";

/**
 * Writes the labels of one day beside those of all other days. A run labels all members there are, so a member without a row
 * on a day has no label from then on. Labels of the same day are replaced; an earlier day finds its place in between.
 */
export async function writeLabels(
  { connection, serving }: Workbench,
  table: string,
  labels: string | null,
  model: MiningModel,
  asOf: Day,
): Promise<void> {
  const outputs = Object.keys(model.outputs);
  const day = `DATE '${toIso(asOf)}'`;
  const known = serving.columns.get(table);
  if (labels === null) {
    await connection.run(
      `CREATE TABLE out.${quote(table)} AS SELECT NULL::VARCHAR AS key, ${day} AS valid_from, NULL::DATE AS valid_until WHERE false`,
    );
    return;
  }
  await connection.run(`CREATE OR REPLACE TEMP TABLE new_labels AS ${labels}`);
  const own = outputs.map(quote).join(", ");
  // a technique that gained an output has no value of it in older labels
  const kept = outputs.map((o) => (known?.has(o) ? quote(o) : `NULL AS ${quote(o)}`)).join(", ");
  const next = known ? `(SELECT min(valid_from) FROM ${quote(table)} WHERE valid_from > ${day})` : "NULL::DATE";
  const others = known
    ? `SELECT key, valid_from, CASE WHEN valid_from < ${day} AND (valid_until IS NULL OR valid_until > ${day}) THEN ${day} ELSE valid_until END AS valid_until, ${kept} FROM ${quote(table)} WHERE valid_from <> ${day} UNION ALL `
    : "";
  await connection.run(
    `CREATE TABLE out.${quote(table)} AS ${others}SELECT key, ${day} AS valid_from, ${next} AS valid_until, ${own} FROM new_labels ORDER BY key, valid_from`,
  );
}

const NONE = "(no label)";
const MOST_GROUPS = 12;

/**
 * Who was what on the day mined before, and is what now: rows add up to the groups then, columns to the groups now. Members
 * without a label on one of the days stand in a group of their own, so that nobody is lost on either margin.
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
  const before = (
    await connection.runAndReadAll(`SELECT max(valid_from)::VARCHAR FROM ${name} WHERE valid_from < ${day}`)
  ).getRows()[0]?.[0];
  if (before === null || before === undefined) return null;
  const read = await connection.runAndReadAll(
    `
    WITH was AS (SELECT key, coalesce(${group}::VARCHAR, '${NONE}') AS g FROM ${name} WHERE valid_from = $1::DATE), is_ AS (SELECT key, coalesce(${group}::VARCHAR, '${NONE}') AS g FROM ${name} WHERE valid_from = ${day})
    SELECT coalesce(was.g, '${NONE}'), coalesce(is_.g, '${NONE}'), count(*)::INTEGER FROM was FULL JOIN is_ USING (key) GROUP BY 1, 2 ORDER BY 1, 2`,
    [String(before)],
  );
  const rows = read.getRows().map(([was, now, n]) => ({ was: String(was), now: String(now), members: Number(n) }));
  if (new Set(rows.flatMap((r) => [r.was, r.now])).size > MOST_GROUPS + 1) return null;
  const dimension = (field: string, title: string): Column => ({
    name: field,
    kind: "dimension",
    type: "string",
    title,
  });
  return {
    title: `From ${String(before)} to ${toIso(asOf)}`,
    chart: "heatmap",
    wide: true,
    rows,
    note: "Members by their group then (down) and now (across). Each row adds up to the group then, each column to the group now.",
    columns: [
      dimension("was", `On ${String(before)}`),
      dimension("now", `On ${toIso(asOf)}`),
      { name: "members", kind: "measure", type: "integer", title: "Members", format: "integer" },
    ],
  };
}
