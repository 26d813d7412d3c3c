/** Reading a job's source, whatever its kind. */
import type { FileExtract, DatabaseExtract, Job, RestExtract } from "../declare/job.ts";
import { extractFiles } from "./extract-files.ts";
import { extractMysql } from "./extract-mysql.ts";
import { extractPostgres } from "./extract-postgres.ts";
import { extractRest } from "./extract-rest.ts";
import { extractSqlite } from "./extract-sqlite.ts";
import type { ExtractContext, Extracted } from "./extracted.ts";

export function extract(context: ExtractContext): Promise<Extracted> {
  const { source } = context.job;
  // a job's extract belongs to its source's kind: defineJob's type sees to that
  const how: unknown = context.job.extract;
  switch (source.kind) {
    case "sqlite":
      return extractSqlite(context, source, how as DatabaseExtract);
    case "postgres":
      return extractPostgres(context, source, how as DatabaseExtract);
    case "mysql":
      return extractMysql(context, source, how as DatabaseExtract);
    case "files":
      return extractFiles(context, source, how as FileExtract);
    case "rest":
      return extractRest(context, source, how as RestExtract);
  }
}

/** A job that reads the keys alone, to find rows that are gone from the source. */
export function keysJob(job: Job, keys: readonly string[]): Job {
  const columns = Object.fromEntries(
    keys.map((name) => [name, job.columns?.[name] ?? undefined]).filter(([, spec]) => spec !== undefined),
  );
  const { cursor: _cursor, lag: _lag, ...extract } = { cursor: undefined, lag: undefined, ...job.extract };
  return {
    ...job,
    name: `${job.name}__keys`,
    extract,
    columns: Object.keys(columns).length > 0 ? columns : undefined,
    onSchemaChange: "ignore",
    deletes: "ignore",
    checks: [],
    into: { table: job.into.table, mode: "merge", key: keys },
  } as Job;
}
