/** The mode and key of a job. */
import { sourceName } from "./column.ts";
import type { Job, LoadMode } from "./job.ts";

/** The job's mode: its own, else merge with a key, else replace. */
export const modeOf = (job: Job): LoadMode => job.into.mode ?? (keyOf(job).length > 0 ? "merge" : "replace");

/** Columns of the table that identify a row; empty when the job has no key. */
export function keyOf(job: Job): readonly string[] {
  const key = job.into.key ?? ("key" in job.extract ? targetNames(job, job.extract.key) : undefined);
  if (key === undefined) return [];
  return typeof key === "string" ? [key] : key;
}

/** The extract names its key as the source does; the table may have other names. */
function targetNames(job: Job, key: string | readonly string[] | undefined): readonly string[] | undefined {
  if (key === undefined) return undefined;
  const columns = job.columns ?? {};
  const targets = new Map(Object.entries(columns).map(([name, spec]) => [sourceName(name, spec), name]));
  const names = typeof key === "string" ? [key] : key;
  return names.map((name) => (name in columns ? name : (targets.get(name) ?? name)));
}
