/** Which columns of a source a job reads. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { sourceName, type ColumnSpec } from "../declare/column.ts";
import type { Job } from "../declare/job.ts";
import { FILE_COLUMN } from "./extracted.ts";

/** The contract's columns in full form, by their name in the table; undefined for a job without a contract. */
export function contractOf(job: Job): ReadonlyMap<string, ColumnSpec> | undefined {
  return (
    job.columns &&
    new Map(Object.entries(job.columns).map(([name, spec]) => [name, typeof spec === "string" ? { type: spec } : spec]))
  );
}

/** What the job does when the source's columns change. */
export const schemaPolicy = (job: Job): "add_columns" | "ignore" | "fail" =>
  job.onSchemaChange ?? (job.columns ? "ignore" : "add_columns");

/** Name of the cursor in the source; undefined for a job that reads everything. */
export const cursorOf = (job: Job): string | undefined => ("cursor" in job.extract ? job.extract.cursor : undefined);

/** Name of the source's column that marks deleted rows. */
export const tombstoneOf = (job: Job): string | undefined =>
  typeof job.deletes === "object" ? job.deletes.column : undefined;

/** Columns to read. */
export interface Wanted {
  /** names in the source, in its order */
  readonly read: readonly string[];
  /** source columns that the contract does not name */
  readonly extra: readonly string[];
}

/** The warning about columns that the contract does not name; empty for a job without a contract. */
export const extraColumns = (job: Job, extra: readonly string[]): string[] =>
  job.columns !== undefined && extra.length > 0
    ? [`the source has columns that the contract does not name: ${extra.join(", ")}`]
    : [];

/**
 * The columns to read out of the available ones.
 * @throws TesseraError `schema-changed` for a missing column of the contract, cursor or deletes, for columns whose
 * names differ in case only, and for extra columns when the job has `onSchemaChange: "fail"`
 */
export function wantedColumns(job: Job, available: readonly string[]): Wanted {
  const wanted = chooseColumns(job, available);
  const seen = new Map<string, string>();
  for (const name of wanted.read) {
    // DuckDB does not distinguish them
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined)
      throw new TesseraError("schema-changed", phrase`columns ${twin} and ${name} of the source differ in case only`, {
        place: `job ${job.name}`,
        remedy: "choose one of them in the job's columns with `from`",
      });
    seen.set(name.toLowerCase(), name);
  }
  return wanted;
}

function chooseColumns(job: Job, available: readonly string[]): Wanted {
  const contract = contractOf(job);
  const has = new Set(job.source.kind === "files" ? [...available, FILE_COLUMN] : available);
  const needed = new Set([...(contract ?? [])].map(([name, spec]) => sourceName(name, spec)));
  const place = `job ${job.name}`;
  for (const name of [...needed, cursorOf(job), tombstoneOf(job)]) {
    if (name === undefined || has.has(name)) continue;
    throw new TesseraError(
      "schema-changed",
      phrase`column "${name}" not found in the source${didYouMean(name, available)}`,
      {
        place,
        remedy: phrase`change the job's columns; the source has ${available.join(", ")}`,
      },
    );
  }
  const extra = contract === undefined ? [] : available.filter((name) => !needed.has(name));
  const policy = schemaPolicy(job);
  if (extra.length > 0 && policy === "fail") {
    throw new TesseraError(
      "schema-changed",
      phrase`the source has columns that the contract does not name: ${extra.join(", ")}`,
      { place, remedy: "name them in the job's columns, or set onSchemaChange" },
    );
  }
  if (contract === undefined || policy === "add_columns") return { read: available, extra };
  needed.add(cursorOf(job) ?? "").add(tombstoneOf(job) ?? "");
  return { read: available.filter((name) => needed.has(name)), extra };
}
