/** Rejected rows: kept whole and with their reason, in a Parquet file of the run. */
import type { DuckDBConnection } from "duckdb";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { quoteIdentifier, quoteText, warehousePaths } from "../../engine/warehouse/index.ts";
import { badTable, fileName, inScratch, rawTable, type Extracted } from "../extract/extracted.ts";
import type { Job } from "../declare/job.ts";
import { stagedTable, type Staged } from "./stage.ts";
import { readNumber, readRows } from "../extract/read-sql.ts";

/** A rejected row. */
export interface Reject {
  readonly run: string;
  readonly job: string;
  /** start of the load, ISO */
  readonly at: string;
  /** of a source of files */
  readonly file: string | null;
  readonly line: number | null;
  /** the column with the wrong value */
  readonly column: string | null;
  readonly reason: string;
  /** the source's row: JSON, or the line's text if it could not be read */
  readonly row: string;
}

/** How many rows of a job were rejected, and why. */
export interface RejectSummary {
  readonly rejected: number;
  /** the most frequent reasons, in falling order */
  readonly reasons: readonly { readonly column: string | null; readonly reason: string; readonly rows: number }[];
}

/** Path of the file with the rejected rows of a job. */
export const rejectsFile = (warehouse: string, run: string, job: string): string =>
  join(warehousePaths(warehouse).rejects, run, `${job}.parquet`);

/** What the rejected rows belong to. */
export interface RejectContext {
  readonly run: string;
  /** start of the load */
  readonly at: Date;
  readonly warehouse: string;
}

/** Writes the rejected rows of a job into their file. */
export async function writeRejects(
  connection: DuckDBConnection,
  job: Job,
  extracted: Extracted,
  staged: Staged,
  { run, at, warehouse }: RejectContext,
): Promise<RejectSummary> {
  const stageName = inScratch(stagedTable(job));
  const raw = inScratch(rawTable(job));
  const all = inScratch(`rejects_${job.name}`);
  const codes = staged.reasons.map((each, i) => `(${i}, ${quoteText(each.column)}, ${quoteText(each.reason)})`);
  const columns = extracted.columns.map(
    (column) => `${quoteIdentifier(column.name)} := r.${quoteIdentifier(column.name)}`,
  );
  const { file, line } = placeSql(extracted, raw);
  const shown = fileName("file", extracted);

  const staging =
    codes.length === 0 || columns.length === 0
      ? ""
      : `UNION ALL
         SELECT ${file} AS file, ${line} AS line, c."column", c.reason,
           to_json(struct_pack(${columns.join(", ")}))::VARCHAR AS "row"
         FROM ${stageName} AS s JOIN ${raw} AS r ON r.rowid = s.__order
           JOIN (VALUES ${codes.join(", ")}) AS c(code, "column", reason) ON c.code = s.__reject
         WHERE s.__reject IS NOT NULL`;
  await connection.run(
    `CREATE OR REPLACE TABLE ${all} AS
     SELECT $1::VARCHAR AS run, $2::VARCHAR AS job, $3::VARCHAR AS "at", ${shown} AS file, line, "column", reason, "row"
     FROM (SELECT file, line, "column", reason, "row" FROM ${inScratch(badTable(job))} ${staging})`,
    [run, job.name, at.toISOString()],
  );
  const reasons = await readRows(
    connection,
    `SELECT "column", reason, count(*) AS rows FROM ${all} GROUP BY ALL ORDER BY rows DESC, reason LIMIT 20`,
  );
  const rejected = await readNumber(connection, `SELECT count(*) FROM ${all}`);
  if (rejected > 0) {
    const path = rejectsFile(warehouse, run, job.name);
    mkdirSync(dirname(path), { recursive: true });
    await connection.run(`COPY ${all} TO ${quoteText(path)} (FORMAT parquet)`);
  }
  return {
    rejected,
    reasons: reasons.map(([column, reason, rows]) => ({
      column: column === null || column === undefined ? null : String(column),
      reason: String(reason),
      rows: Number(rows),
    })),
  };
}

/** SQL of the file and line of a row; without its own line, it is counted from the first row below the header. */
function placeSql({ provenance }: Extracted, raw: string): { readonly file: string; readonly line: string } {
  if (provenance === undefined) return { file: "NULL::VARCHAR", line: "s.__order + 1" };
  const file = `r.${quoteIdentifier(provenance.file)}`;
  const firstRow = `(SELECT min(f.rowid) FROM ${raw} AS f WHERE f.${quoteIdentifier(provenance.file)} = ${file})`;
  const whens = [...(provenance.above ?? [])].map(([path, lines]) => `WHEN ${quoteText(path)} THEN ${lines}`);
  const above = whens.length === 0 ? "1" : `CASE ${file} ${whens.join(" ")} ELSE 1 END`;
  return { file, line: `coalesce(r.${quoteIdentifier(provenance.line)}, s.__order - ${firstRow} + 1 + ${above})` };
}

/** Whether a load rejected rows of a job. */
export const hasRejects = (warehouse: string, run: string, job: string): boolean =>
  existsSync(rejectsFile(warehouse, run, job));
