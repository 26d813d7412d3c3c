import type { Job } from "../declare/job.ts";
import { compileQuery, mysqlWords, postgresWords, sqliteWords } from "./kysely-dialects.ts";

/** The job as it was, for the record: secrets by name, addresses and passwords written in the config left out, queries as SQL. */
export function jobDefinition(job: Job): string {
  const { source, extract, ...rest } = job;
  const words = source.kind === "postgres" ? postgresWords : source.kind === "mysql" ? mysqlWords : sqliteWords;
  const how =
    "query" in extract && (typeof extract.query === "function" || typeof extract.query === "string")
      ? { ...extract, query: compileQuery(extract.query, words).sql }
      : extract;
  return JSON.stringify({ ...rest, source: { kind: source.kind, name: source.name }, extract: how });
}
