import type { Job } from "../declare/job.ts";
import type { Source } from "../declare/sources/source.ts";
import { compileQuery, mysqlDialect, postgresDialect, sqliteDialect } from "./kysely-dialects.ts";

/** A job as JSON for the record of a run: the source by kind and name, without its settings; queries as SQL. */
export function jobDefinition(job: Job): string {
  const { source, extract, ...rest } = job;
  const compiled =
    "query" in extract && (typeof extract.query === "function" || typeof extract.query === "string")
      ? { ...extract, query: compileQuery(extract.query, dialectOf(source)).sql }
      : extract;
  return JSON.stringify({ ...rest, source: { kind: source.kind, name: source.name }, extract: compiled });
}

function dialectOf(source: Source): typeof postgresDialect {
  if (source.kind === "postgres") return postgresDialect;
  return source.kind === "mysql" ? mysqlDialect : sqliteDialect;
}
