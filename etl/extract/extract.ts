/** Reads a job's source, whatever its kind. */
import type { DatabaseExtract, FileExtract, Job, RestExtract } from "../declare/job.ts";
import type { FilesSource } from "../declare/sources/files.ts";
import type { RestSource } from "../declare/sources/rest.ts";
import { extractFiles } from "./files/extract-files.ts";
import { extractMysql } from "./mysql/extract-mysql.ts";
import { extractPostgres } from "./postgres/extract-postgres.ts";
import { extractRest } from "./rest/extract-rest.ts";
import { extractSqlite } from "./sqlite/extract-sqlite.ts";
import type { ExtractContext, Extracted } from "./extracted.ts";

/** Reads the source into the job's raw table and its table of bad rows. */
export function extract(context: ExtractContext): Promise<Extracted> {
  const { job } = context;
  if (isOf<FilesSource, FileExtract>(job, "files")) return extractFiles(context, job.source, job.extract);
  if (isOf<RestSource, RestExtract>(job, "rest")) return extractRest(context, job.source, job.extract);
  const { source, extract: request } = job as Extract<Job, { readonly extract: DatabaseExtract }>;
  switch (source.kind) {
    case "sqlite":
      return extractSqlite(context, source, request);
    case "postgres":
      return extractPostgres(context, source, request);
    case "mysql":
      return extractMysql(context, source, request);
  }
}

/** The type of `defineJob` pairs a source's kind with its extract. */
const isOf = <S extends Job["source"], E>(
  job: Job,
  kind: S["kind"],
): job is Extract<Job, { readonly source: S; readonly extract: E }> => job.source.kind === kind;

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
