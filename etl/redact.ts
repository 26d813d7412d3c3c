/** Keeping secrets out of what is stored, shown and thrown. */
import { TesseraError, type Problem } from "../engine/errors.ts";
import { compileQuery, mysqlWords, postgresWords, sqliteWords } from "./extract/kysely-dialects.ts";
import type { Job } from "./job.ts";
import type { Environment, Secret } from "./secret.ts";

/** Takes the values of the jobs' secrets out of a text. */
export type Scrub = (text: string) => string;

const isSecret = (value: unknown): value is Secret => typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === "env" && typeof (value as { name?: unknown }).name === "string";

function secretsIn(value: unknown, found: Set<string>): void {
  if (isSecret(value)) found.add(value.name);
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) secretsIn(each, found);
}

/** A scrubber for everything that the jobs' sources read from the environment, and for passwords inside addresses. */
export function scrubber(jobs: readonly Job[], environment: Environment): Scrub {
  const names = new Set<string>();
  for (const job of jobs) secretsIn(job.source, names);
  const hidden: [string, string][] = [];
  const hide = (value: string, shown: string): void => void (value.length >= 4 && hidden.push([value, shown]));
  const hideAddress = (value: string, shown: string): void => {
    if (!URL.canParse(value)) return;
    const { password } = new URL(value);
    hide(password, shown);
    hide(decodeURIComponent(password), shown);
  };
  for (const name of names) {
    const value = environment[name];
    if (value === undefined) continue;
    // a folder or a plain address is no secret, and errors need it
    if (!/^[./]|^[A-Za-z]:\\|^https?:\/\/[^@]*$/.test(value)) hide(value, `(${name})`);
    hideAddress(value, `(${name})`);
  }
  for (const job of jobs) if ((job.source.kind === "postgres" || job.source.kind === "mysql") && typeof job.source.url === "string") hideAddress(job.source.url, "(password)");
  hidden.sort((a, b) => b[0].length - a[0].length);
  return (text) => hidden.reduce((clean, [value, shown]) => clean.replaceAll(value, shown), text);
}

/** The error without secrets in its words; its cause stays behind. */
export function scrubError(error: unknown, scrub: Scrub): unknown {
  if (!(error instanceof TesseraError)) {
    if (error instanceof Error) {
      const clean = new Error(scrub(error.message));
      clean.stack = scrub(error.stack ?? "");
      return clean;
    }
    return error;
  }
  const problems = error.problems.map((problem): Problem => ({ ...problem, message: scrub(problem.message), ...(problem.remedy && { remedy: scrub(problem.remedy) }) }));
  return new TesseraError(error.code, scrub(error.message), { problems, ...(error.place && { place: scrub(error.place) }), ...(error.remedy && { remedy: scrub(error.remedy) }) });
}

/** The job as it was, for the record: secrets by name, addresses and passwords written in the config left out, queries as SQL. */
export function jobDefinition(job: Job): string {
  const { source, extract, ...rest } = job;
  const words = source.kind === "postgres" ? postgresWords : source.kind === "mysql" ? mysqlWords : sqliteWords;
  const how = "query" in extract && (typeof extract.query === "function" || typeof extract.query === "string") ? { ...extract, query: compileQuery(extract.query, words).sql } : extract;
  return JSON.stringify({ ...rest, source: { kind: source.kind, name: source.name }, extract: how });
}
