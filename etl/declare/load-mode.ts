import type { Job, LoadMode } from "./job.ts";

/** The job's mode: merge where there is a key and nothing else is said, else replace. */
export const modeOf = (job: Job): LoadMode => job.into.mode ?? (keyOf(job).length > 0 ? "merge" : "replace");

/** Target columns that name a row; empty where the job has none. */
export function keyOf(job: Job): readonly string[] {
  const key = job.into.key ?? ("key" in job.extract ? renamed(job, job.extract.key) : undefined);
  return key === undefined ? [] : typeof key === "string" ? [key] : key;
}

/** The extract's key is in the source's words, the table's in the contract's. */
function renamed(job: Job, key: string | readonly string[] | undefined): readonly string[] | undefined {
  if (key === undefined) return undefined;
  const targets = new Map(
    Object.entries(job.columns ?? {}).map(([name, spec]) => [
      typeof spec === "string" ? name : (spec.from ?? name),
      name,
    ]),
  );
  const names = typeof key === "string" ? [key] : key;
  return names.map((name) => (job.columns !== undefined && name in job.columns ? name : (targets.get(name) ?? name)));
}
