/** Rows that could not be taken: kept whole, with the reason, in a Parquet file that belongs to the run. */
import type { DuckDBConnection } from "duckdb";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { quoteIdentifier, quoteText, warehousePaths } from "../../engine/warehouse/index.ts";
import { badTable, inScratch, rawTable, type Extracted } from "../extract/extracted.ts";
import type { Job } from "../declare/job.ts";
import { stagedTable, type Staged } from "./stage.ts";
import { readNumber } from "../extract/read-sql.ts";

export interface Reject {
  readonly run: string;
  readonly job: string;
  readonly at: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: string | null;
  readonly reason: string;
  /** the row as it came: JSON, or the line's text where it could not even be read */
  readonly row: string;
}

export interface RejectSummary {
  readonly rejected: number;
  /** the commonest reasons, most frequent first */
  readonly reasons: readonly { readonly column: string | null; readonly reason: string; readonly rows: number }[];
}

export const rejectsFile = (warehouse: string, run: string, job: string): string =>
  join(warehousePaths(warehouse).rejects, run, `${job}.parquet`);

/** Sets rejected rows apart and takes them out of the staged table. `prefixes` are folders that file names are shown below. */
export async function setRejectsApart(
  connection: DuckDBConnection,
  job: Job,
  extracted: Extracted,
  staged: Staged,
  run: string,
  at: Date,
  warehouse: string,
  prefixes: readonly string[],
): Promise<RejectSummary> {
  const stageName = inScratch(stagedTable(job));
  const raw = inScratch(rawTable(job));
  const all = inScratch(`rejects_${job.name}`);
  const codes = staged.reasons.map((each, i) => `(${i}, ${quoteText(each.column)}, ${quoteText(each.reason)})`);
  const columns = extracted.columns.map(
    (column) => `${quoteIdentifier(column.name)} := r.${quoteIdentifier(column.name)}`,
  );
  const file =
    extracted.provenance?.file === undefined ? "NULL::VARCHAR" : `r.${quoteIdentifier(extracted.provenance.file)}`;
  // without a line of its own a row's place is its distance from the first row of its file; the header is line 1
  const line =
    extracted.provenance?.line === undefined
      ? "s.__order + 1"
      : `coalesce(r.${quoteIdentifier(extracted.provenance.line)}, s.__order - (SELECT min(f.rowid) FROM ${raw} AS f WHERE f.${quoteIdentifier(extracted.provenance.file!)} = ${file}) + 2)`;
  const shown = prefixes.reduce(
    (sql, prefix) =>
      `CASE WHEN starts_with(${sql}, ${quoteText(prefix)}) THEN substr(${sql}, ${prefix.length + 1}) ELSE ${sql} END`,
    "file",
  );

  await connection.run(
    `CREATE OR REPLACE TABLE ${all} AS SELECT $1::VARCHAR AS run, $2::VARCHAR AS job, $3::VARCHAR AS "at", ${shown} AS file, line, "column", reason, "row" FROM (
       SELECT file, line, "column", reason, "row" FROM ${inScratch(badTable(job))}
       ${
         codes.length === 0 || columns.length === 0
           ? ""
           : `UNION ALL
       SELECT ${file} AS file, ${line} AS line, c."column", c.reason, to_json(struct_pack(${columns.join(", ")}))::VARCHAR AS "row"
       FROM ${stageName} AS s JOIN ${raw} AS r ON r.rowid = s.__order JOIN (VALUES ${codes.join(", ")}) AS c(code, "column", reason) ON c.code = s.__reject
       WHERE s.__reject IS NOT NULL`
       }
     )`,
    [run, job.name, at.toISOString()],
  );
  const counted = await connection.runAndReadAll(
    `SELECT "column", reason, count(*) AS rows FROM ${all} GROUP BY ALL ORDER BY rows DESC, reason LIMIT 20`,
  );
  const total = await readNumber(connection, `SELECT count(*) FROM ${all}`);
  const rejected = total;
  if (rejected > 0) {
    const path = rejectsFile(warehouse, run, job.name);
    mkdirSync(dirname(path), { recursive: true });
    await connection.run(`COPY ${all} TO ${quoteText(path)} (FORMAT parquet)`);
  }
  return {
    rejected,
    reasons: counted.getRowsJson().map(([column, reason, rows]) => ({
      column: column as string | null,
      reason: String(reason),
      rows: Number(rows),
    })),
  };
}

export const hasRejects = (warehouse: string, run: string, job: string): boolean =>
  existsSync(rejectsFile(warehouse, run, job));
