/** Finds what is wrong with the declarations of a project's jobs and tables. */
import { didYouMean, phrase, problem, type Problem, type Sentence, TesseraError } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { first } from "../../engine/lookup.ts";
import { encodingNamed } from "./encoding.ts";
import type { Job } from "./job.ts";
import { keyOf, modeOf } from "./load-mode.ts";
import { inOrder } from "./order.ts";
import { jobsOf, tablesOf } from "./project-parts.ts";
import { scheduleProblem } from "./schedule.ts";
import type { Table } from "./table.ts";

/** Prefix of the tables that loads themselves write. */
const OWN_NAMES = /^tessera_/;
const JOB_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Reports a problem at a place. */
type Report = (place: string, message: Sentence, remedy?: Sentence) => void;

/** The names that a declaration can refer to. */
interface Names {
  readonly jobs: ReadonlySet<string>;
  /** tables that jobs write, each with its jobs */
  readonly loaded: ReadonlyMap<string, readonly Job[]>;
  readonly tables: ReadonlySet<string>;
}

/** All problems of a project's jobs and tables; empty for a valid project. */
export function validateLoads(spec: ProjectSpec): Problem[] {
  const problems: Problem[] = [];
  const jobs = jobsOf(spec);
  const tables = tablesOf(spec);
  const report: Report = (place, message, remedy) => {
    problems.push(problem("job-invalid", message, { place, ...(remedy && { remedy }) }));
  };
  const loaded = new Map<string, Job[]>();
  for (const job of jobs) loaded.set(job.into.table, [...(loaded.get(job.into.table) ?? []), job]);
  const names: Names = {
    jobs: new Set(jobs.map((job) => job.name)),
    loaded,
    tables: new Set(tables.map((table) => table.name)),
  };
  checkUnique("job", jobs, report);
  for (const job of jobs) {
    checkJob(job, names, spec.timeZone, report);
    checkKeyAndSegments(job, report);
    checkColumns(job, report);
  }
  checkSharedTables(names, report);
  checkUnique("table", tables, report);
  for (const table of tables) checkTable(table, names, report);
  checkJobOrder(jobs, report);
  return problems;
}

function checkUnique(what: "job" | "table", list: readonly (Job | Table)[], report: Report): void {
  const seen = new Set<string>();
  for (const { name } of list) {
    if (seen.has(name)) report(`${what} ${name}`, phrase`${what} "${name}" is declared twice`, "rename one of them");
    seen.add(name);
  }
}

/** An empty list of checks usually comes from code that forgot to fill it, and would publish unchecked data. */
function checkNotEmpty(checks: readonly unknown[] | undefined, place: string, report: Report): void {
  if (checks?.length === 0) report(place, "the list of checks is empty", "leave `checks` out to check nothing");
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function checkJob(job: Job, names: Names, projectZone: string | undefined, report: Report): void {
  const place = `job ${job.name}`;
  if (!JOB_NAME.test(job.name)) report(place, phrase`invalid job name "${job.name}"`, "use letters, digits, _ and -");
  if (OWN_NAMES.test(job.into.table))
    report(
      place,
      phrase`table name "${job.into.table}" is reserved`,
      "choose a name that does not begin with tessera_",
    );
  for (const name of job.after ?? [])
    if (!names.jobs.has(name)) report(place, phrase`job "${name}" not found${didYouMean(name, names.jobs)}`);
  if ("footer" in job.extract && job.extract.footer !== undefined && !isPattern(job.extract.footer))
    report(`${place} › extract.footer`, phrase`"${job.extract.footer}" is not a regular expression`);
  if ("encoding" in job.extract && job.extract.encoding !== undefined && encodingNamed(job.extract.encoding) === null)
    report(
      `${place} › extract.encoding`,
      phrase`encoding "${job.extract.encoding}" is unknown`,
      "use a label of the WHATWG Encoding Standard, such as utf-8, windows-1252, gb18030 or shift_jis",
    );
  const wrong = job.schedule && scheduleProblem(job.schedule, projectZone);
  if (wrong)
    report(
      `${place} › schedule`,
      wrong,
      "a cron expression has five fields, for example 0 2 * * *; a time zone is an IANA name",
    );
  checkNotEmpty(job.checks, place, report);
  if (!("lag" in job.extract) || job.extract.lag === undefined) return;
  if (job.extract.cursor === undefined) report(place, "lag needs a cursor", "name the cursor in `extract.cursor`");
  if (modeOf(job) === "append") report(place, "append with a lag would add rows twice", "use merge with a key");
}

function checkKeyAndSegments(job: Job, report: Report): void {
  const place = `job ${job.name}`;
  const mode = modeOf(job);
  if ((mode === "merge" || mode === "scd2") && keyOf(job).length === 0)
    report(place, phrase`mode ${mode} needs a key`, "set into.key");
  if (job.deletes === "compare_keys" && mode !== "merge")
    report(place, phrase`compare_keys works with mode merge; got ${mode}`);
  if (job.into.segments !== undefined && mode === "scd2")
    report(
      place,
      "an scd2 table cannot be stored in segments",
      "leave `segments` out, or keep versions in a star table",
    );
}

function checkColumns(job: Job, report: Report): void {
  if (job.columns === undefined) return;
  const place = `job ${job.name}`;
  const columns = Object.keys(job.columns);
  const { segments, validFrom } = job.into;
  const check = (setting: string, name: string): void => {
    if (columns.includes(name)) return;
    report(place, phrase`${setting}: column "${name}" not found in columns${didYouMean(name, columns)}`);
  };
  if (segments !== undefined && modeOf(job) !== "snapshot") check("segments.by", segments.by);
  for (const name of keyOf(job)) check("key", name);
  if (validFrom !== undefined) check("validFrom", validFrom);
}

function checkSharedTables({ loaded }: Names, report: Report): void {
  for (const [table, owners] of loaded) {
    const [, second] = owners;
    if (second === undefined) continue;
    const place = `job ${second.name}`;
    const list = owners.map((job) => job.name).join(", ");
    if (owners.some((job) => modeOf(job) !== "append" && modeOf(job) !== "merge"))
      report(
        place,
        phrase`several jobs write table ${table}: ${list}`,
        "use append or merge in all jobs that share a table",
      );
    const segments = new Set(owners.map(({ into }) => JSON.stringify([into.segments?.by, into.segments?.rows])));
    if (segments.size > 1)
      report(
        place,
        phrase`the jobs that write table ${table} have different segments: ${list}`,
        "give all of them the same segments",
      );
  }
}

function checkTable(table: Table, names: Names, report: Report): void {
  const place = `table ${table.name}`;
  if (OWN_NAMES.test(table.name))
    report(place, phrase`table name "${table.name}" is reserved`, "choose a name that does not begin with tessera_");
  const owners = names.loaded.get(table.name);
  if (owners !== undefined) report(place, phrase`table ${table.name} is written by job ${first(owners).name}`);
  checkNotEmpty(table.checks, place, report);
  const known = [...names.tables, ...names.loaded.keys()];
  for (const name of table.after ?? [])
    if (!known.includes(name) && !names.jobs.has(name))
      report(place, phrase`table or job "${name}" not found${didYouMean(name, known)}`);
  for (const late of table.lateMembers ?? []) {
    if (table.role !== "dimension" || table.key === undefined)
      report(place, "lateMembers needs a dimension with a key");
    if (!known.includes(late.table))
      report(place, phrase`lateMembers: table "${late.table}" not found${didYouMean(late.table, known)}`);
  }
  if (table.changes === undefined) return;
  if (table.segments !== undefined) report(place, "a table with `changes` cannot be stored in segments");
  if (table.key === undefined) report(place, "a table with `changes` needs a key", "set key");
}

function checkJobOrder(jobs: readonly Job[], report: Report): void {
  try {
    inOrder(
      jobs.map((job) => ({ name: job.name, needs: job.after ?? [] })),
      "job",
    );
  } catch (error) {
    if (!(error instanceof TesseraError)) throw error;
    report("jobs", error.message, error.remedy);
  }
}
