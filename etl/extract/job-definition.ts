import type { Job } from "../declare/job.ts";
import { kindOf } from "./kinds.ts";
import { compileQuery } from "./kysely-dialects.ts";

/** A job as JSON for the record of a run: the source by kind and name, without its settings; queries as SQL. */
export function jobDefinition(job: Job): string {
  const { source, extract, ...rest } = job;
  const { sql } = kindOf(source);
  const compiled =
    sql !== undefined &&
    "query" in extract &&
    (typeof extract.query === "function" || typeof extract.query === "string")
      ? { ...extract, query: compileQuery(extract.query, sql).sql }
      : extract;
  return JSON.stringify({ ...rest, source: { kind: source.kind, name: source.name }, extract: compiled });
}
