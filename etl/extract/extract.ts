/** Reads a job's source, whatever its kind. */
import type { Job } from "../declare/job.ts";
import { kindOf } from "./kinds.ts";
import type { ExtractContext, Extracted } from "./extracted.ts";

/** Reads the source into the job's raw table and its table of bad rows. */
export function extract(context: ExtractContext): Promise<Extracted> {
  const { source, extract: request } = context.job;
  return kindOf(source).extract(context, source, request);
}

/** A job that reads only the keys, to find rows that are gone from the source. */
export function keysJob(job: Job, keys: readonly string[]): Job {
  const columns = Object.fromEntries(
    keys.flatMap((name) => {
      const spec = job.columns?.[name];
      return spec === undefined ? [] : [[name, spec] as const];
    }),
  );
  const { cursor: _cursor, lag: _lag, ...extract } = { cursor: undefined, lag: undefined, ...job.extract };
  const { columns: _columns, ...others } = job;
  return {
    ...others,
    name: `${job.name}__keys`,
    extract,
    ...(Object.keys(columns).length > 0 && { columns }),
    onSchemaChange: "ignore",
    deletes: "ignore",
    checks: [],
    into: { table: job.into.table, mode: "merge", key: keys },
  } as Job;
}
