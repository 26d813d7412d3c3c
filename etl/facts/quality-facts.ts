/** The quality of each job's data in each run, by aspect: from the checks, the rejects and the accounting that the run kept. */
import type { DuckDBConnection } from "duckdb";
import type { State } from "../../engine/warehouse/index.ts";
import type { CheckResult } from "../checks/run-checks.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";
import type { Duration } from "../declare/duration.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";
import { milliseconds } from "../declare/duration.ts";

export const QUALITY = "tessera_quality";

/**
 * `completeness`: rows without a missing value where there must be one; `validity`: rows that were not rejected and are within their bounds; `uniqueness`: rows whose
 * key is theirs alone; `reconciliation`: rows read from the source that are accounted for; `timeliness`: loads that came before the data before was stale.
 */
export type Aspect = "completeness" | "validity" | "uniqueness" | "reconciliation" | "timeliness";

export interface Quality {
  readonly aspect: Aspect;
  /** rows (of timeliness: loads) that are right */
  readonly passed: number;
  readonly of: number;
}

export interface JobRun {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly rejected: number;
  readonly checks: readonly CheckResult[];
  /** milliseconds since the job's last good load; null for the first */
  readonly since: number | null;
  /** milliseconds that its data may be old */
  readonly within: number | null;
}

/** Aspects that the run says something of. */
export function qualityOf(run: JobRun): readonly Quality[] {
  const { read } = run;
  const answer: Quality[] = [];
  const broken = (pattern: RegExp): number | null => {
    const checks = run.checks.filter((check) => pattern.test(check.check) && check.error === undefined);
    // one row may break several rules: the worst one is what is known for certain
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

/** Writes `tessera_quality` anew: one row a run, job and aspect. `run` counts as published: only then is it seen. */
export async function writeQuality(connection: DuckDBConnection, state: State, run: string): Promise<void> {
  const raw = inScratch("quality");
  await connection.run(
    `CREATE OR REPLACE TABLE ${raw} (run_id VARCHAR, job VARCHAR, loaded_at VARCHAR, aspect VARCHAR, passed BIGINT, of_rows BIGINT)`,
  );
  const writer = await openChunkWriter(connection, SCRATCH, "quality");
  const last = new Map<string, number>();
  const steps = state.prepare(
    `SELECT s.run, s.name, s.finished_at AS at, s.read, s.added + s.updated AS written, s.unchanged, s.deleted, s.rejected, s.checks, s.definition, (r.status = 'published' OR r.id = ?) AND s.status IN ('done', 'skipped') AS good
     FROM steps AS s JOIN runs AS r ON r.id = s.run WHERE s.kind = 'job' AND s.finished_at IS NOT NULL AND r.status <> 'checked' AND (r.finished_at IS NOT NULL OR r.id = ?) ORDER BY s.finished_at, s.number`,
  );
  for (const row of steps.iterate(run, run) as Iterable<StepRow>) {
    const at = Date.parse(row.at);
    const before = last.get(row.name);
    const fresh =
      row.definition === null
        ? undefined
        : (JSON.parse(row.definition) as { readonly freshWithin?: Duration }).freshWithin;
    const checks = row.checks === null ? [] : (JSON.parse(row.checks) as readonly CheckResult[]);
    if (row.good === 1) last.set(row.name, at);
    for (const { aspect, passed, of } of qualityOf({
      ...row,
      checks,
      since: row.good === 1 && before !== undefined ? at - before : null,
      within: fresh === undefined ? null : milliseconds(fresh),
    })) {
      [row.run, row.name, row.at, aspect].forEach((text, i) => writer.columns[i]!.setText(writer.row, text));
      writer.columns[4]!.setInteger(writer.row, passed);
      writer.columns[5]!.setInteger(writer.row, of);
      writer.next();
    }
  }
  writer.close();
  await connection.run(
    `CREATE OR REPLACE TABLE ${inWarehouse(QUALITY)} AS SELECT run_id, job, CAST(loaded_at AS TIMESTAMPTZ) AS loaded_at, aspect, passed, of_rows FROM ${raw}`,
  );
  await connection.run(`DROP TABLE ${raw}`);
}
