/** The quality of each job's data in each run, from its checks, rejects and accounting. */
import type { DuckDBConnection } from "duckdb";
import type { State } from "../../engine/warehouse/index.ts";
import type { CheckResult } from "../checks/run-checks.ts";
import { inScratch } from "../extract/extracted.ts";
import type { Duration } from "../declare/duration.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";
import { columnsOfType, replaceByRows, stamp, type FactColumn } from "./write-rows.ts";
import { milliseconds } from "../declare/duration.ts";

/** Name of the table. */
export const QUALITY = "tessera_quality";

/**
 * An aspect of quality.
 *
 * - `completeness`: rows with a value in every required column
 * - `validity`: rows that are not rejected and within their bounds
 * - `uniqueness`: rows with a unique key
 * - `reconciliation`: rows of the source that are accounted for
 * - `timeliness`: loads that finished before the data was stale
 */
export type Aspect = "completeness" | "validity" | "uniqueness" | "reconciliation" | "timeliness";

/** The quality of a run in one aspect. */
export interface Quality {
  readonly aspect: Aspect;
  /** rows (for timeliness: loads) that are right */
  readonly passed: number;
  readonly of: number;
}

/** What a run shows of a job. */
export interface JobRun {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly rejected: number;
  readonly checks: readonly CheckResult[];
  /** milliseconds since the job's last successful load; null for the first */
  readonly since: number | null;
  /** milliseconds after which the data is stale; null for never */
  readonly within: number | null;
}

/** The aspects that the run shows. A row may break several checks, so only the worst check of an aspect counts. */
export function qualityOf(run: JobRun): readonly Quality[] {
  const { read } = run;
  const answer: Quality[] = [];
  const broken = (pattern: RegExp): number | null => {
    const checks = run.checks.filter((check) => pattern.test(check.check) && check.error === undefined);
    return checks.length === 0 ? null : Math.max(...checks.map((check) => check.found));
  };
  const rows = (aspect: Aspect, wrong: number | null): void =>
    void (wrong !== null && read > 0 && answer.push({ aspect, passed: Math.max(0, read - wrong), of: read }));
  rows("completeness", broken(/^notNull\(/));
  rows("validity", Math.min(read, run.rejected + (broken(/^(between|matches)\(/) ?? 0)));
  rows("uniqueness", broken(/^unique\(/));
  if (read > 0)
    answer.push({
      aspect: "reconciliation",
      passed: Math.min(read, run.written + run.unchanged + run.deleted + run.rejected),
      of: read,
    });
  if (run.within !== null && run.since !== null)
    answer.push({ aspect: "timeliness", passed: run.since <= run.within ? 1 : 0, of: 1 });
  return answer;
}

interface StepRow {
  readonly run: string;
  readonly name: string;
  readonly at: string;
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly rejected: number;
  readonly checks: string | null;
  readonly definition: string | null;
  readonly good: number;
}

const COLUMNS: readonly FactColumn[] = [
  ...columnsOfType("VARCHAR", "run_id", "job"),
  stamp("loaded_at"),
  ...columnsOfType("VARCHAR", "aspect"),
  ...columnsOfType("BIGINT", "passed", "of_rows"),
];

/**
 * Writes `tessera_quality`: one row for each run, job and aspect.
 * @param run the load that writes it: it counts as published, because the table is visible only then
 */
export async function writeQuality(connection: DuckDBConnection, state: State, run: string): Promise<void> {
  const steps = state.prepare(
    `SELECT s.run, s.name, s.finished_at AS at, s.read, s.added + s.updated AS written, s.unchanged, s.deleted,
       s.rejected, s.checks, s.definition,
       (r.status = 'published' OR r.id = ?) AND s.status IN ('done', 'skipped') AS good
     FROM steps AS s JOIN runs AS r ON r.id = s.run
     WHERE s.kind = 'job' AND s.finished_at IS NOT NULL AND r.status <> 'checked'
       AND (r.finished_at IS NOT NULL OR r.id = ?)
     ORDER BY s.finished_at, s.number`,
  );
  const rows = qualityRows(steps.iterate(run, run) as Iterable<StepRow>);
  await replaceByRows(connection, "quality", inWarehouse(QUALITY), COLUMNS, rows);
  await connection.run(`DROP TABLE ${inScratch("quality")}`);
}

function* qualityRows(steps: Iterable<StepRow>): Generator<readonly unknown[]> {
  const lastGood = new Map<string, number>();
  for (const step of steps) {
    const at = Date.parse(step.at);
    const before = lastGood.get(step.name);
    const isGood = step.good === 1;
    if (isGood) lastGood.set(step.name, at);
    const definition: { readonly freshWithin?: Duration } = JSON.parse(step.definition ?? "{}");
    const checks: readonly CheckResult[] = JSON.parse(step.checks ?? "[]");
    const qualities = qualityOf({
      ...step,
      checks,
      since: isGood && before !== undefined ? at - before : null,
      within: definition.freshWithin === undefined ? null : milliseconds(definition.freshWithin),
    });
    for (const { aspect, passed, of } of qualities) yield [step.run, step.name, step.at, aspect, passed, of];
  }
}
