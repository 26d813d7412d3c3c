/** Which of a source's columns a job reads. */
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { ColumnSpec } from "../declare/column.ts";
import type { Job } from "../declare/job.ts";

/** The contract's columns in full form, by target name; undefined where the job has none. */
export function contractOf(job: Job): ReadonlyMap<string, ColumnSpec> | undefined {
  return (
    job.columns &&
    new Map(Object.entries(job.columns).map(([name, spec]) => [name, typeof spec === "string" ? { type: spec } : spec]))
  );
}

export const schemaPolicy = (job: Job): "add_columns" | "ignore" | "fail" =>
  job.onSchemaChange ?? (job.columns ? "ignore" : "add_columns");

export const cursorOf = (job: Job): string | undefined => ("cursor" in job.extract ? job.extract.cursor : undefined);
export const tombstoneOf = (job: Job): string | undefined =>
  typeof job.deletes === "object" ? job.deletes.column : undefined;

export interface Wanted {
  /** source names, in the source's order */
  readonly read: readonly string[];
  /** source columns that the contract does not name */
  readonly extra: readonly string[];
}

/**
 * Columns to be read of those the source has. Throws `schema-changed` when the contract, the cursor or the marker of deletes
 * names one that is not there, or when there are more and the job wants to fail then.
 */
export function wantedColumns(job: Job, available: readonly string[]): Wanted {
  const wanted = chooseColumns(job, available);
  const seen = new Map<string, string>();
  for (const name of wanted.read) {
    // to the engine these are one name
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined)
      throw new TesseraError(
        "schema-changed",
        phrase`the source has two columns whose names differ in case alone: ${twin}, ${name}`,
        { place: `job ${job.name}`, remedy: "name the one that is meant in the job's columns, by `from`" },
      );
    seen.set(name.toLowerCase(), name);
  }
  return wanted;
}

function chooseColumns(job: Job, available: readonly string[]): Wanted {
  const contract = contractOf(job);
  const has = new Set(available);
  const needed = new Set(contract === undefined ? [] : [...contract].map(([name, spec]) => spec.from ?? name));
  const place = `job ${job.name}`;
  for (const name of [...needed, cursorOf(job), tombstoneOf(job)]) {
    if (name === undefined || has.has(name)) continue;
    throw new TesseraError("schema-changed", phrase`the source has no column ${name}${didYouMean(name, available)}`, {
      place,
      remedy: phrase`it has ${available.join(", ")}; change the job's columns if the source was changed on purpose`,
    });
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
