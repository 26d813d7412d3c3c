/** Builds the star in the working copy: every table whose inputs or definition changed, then its checks. */
import type { Problem } from "../../engine/errors/index.ts";
import { buildPlanned, isFresh, missingInputs, planTables, type PlannedTable } from "../build/build-tables.ts";
import { madeBy } from "../declare/match.ts";
import { jobsOf, tablesOf } from "../declare/project-parts.ts";
import { decisionsOf } from "../match/decisions.ts";
import { asRunError, beginStep, endStep, enterStage, recordChecks } from "../runs/record.ts";
import { buildFindTables } from "../search/find-table.ts";
import { checkTable } from "./check-table.ts";
import type { StepsContext } from "./steps-context.ts";

/** Builds the star; names of built tables are added to `changed`, failed checks to `problems`. */
export async function buildStar(context: StepsContext, changed: Set<string>, problems: Problem[]): Promise<void> {
  const { writer, state } = context;
  const { spec, signal } = context.options;
  const tables = tablesOf(spec);
  const planned = await planTables(writer.connection, tables, jobsOf(spec), (match) => decisionsOf(state, match));
  const expected = new Set([...jobsOf(spec).map((job) => job.into.table), ...tables.flatMap(madeBy)]);
  for (const [i, table] of planned.entries()) {
    signal?.throwIfAborted();
    const missing = await missingInputs(writer.connection, table, expected);
    if (missing.length === 0 && (await isFresh(writer.connection, table, changed))) continue;
    await buildOne(context, context.jobs.length + i, table, missing, problems);
    if (missing.length === 0) for (const made of madeBy(table.table)) changed.add(made);
  }
  await buildFindTables(writer.connection, spec, changed);
}

async function buildOne(
  context: StepsContext,
  number: number,
  table: PlannedTable,
  missing: readonly string[],
  problems: Problem[],
): Promise<void> {
  const { writer, state, run, report, at, tables } = context;
  const { name } = table;
  beginStep(state, run, number, {
    kind: "table",
    name,
    definition: JSON.stringify({ hash: table.hash, needs: table.needs }),
    watermark: null,
  });
  if (missing.length > 0) {
    endStep(state, run, number, "skipped", { warnings: [`waits for ${missing.join(", ")}, not loaded yet`] });
    return;
  }
  enterStage(state, run, number, "build");
  report({ kind: "table", name, stage: "build" });
  try {
    const { rows, added, updated, unchanged } = await buildPlanned(writer.connection, tables, table, at, run);
    const checks = await checkTable(context, "table", name, name, table.table.checks ?? [], problems);
    endStep(state, run, number, "done", { read: rows, added, updated, unchanged });
    recordChecks(state, run, number, checks);
    report({ kind: "table", name, stage: "done", rows });
  } catch (error) {
    endStep(state, run, number, "failed", { error: asRunError(error) });
    throw error;
  }
}
