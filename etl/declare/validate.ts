/** What is wrong with a project's jobs and tables, as far as their words tell. */
import { didYouMean, type Problem, problem, type Sentence } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { inOrder } from "./order.ts";
import type { Job } from "./job.ts";
import { keyOf, modeOf } from "./load-mode.ts";
import { scheduleProblem } from "./schedule.ts";
import { jobsOf, tablesOf } from "./project-parts.ts";

const OWN_NAMES = /^tessera_/;
/** A list that something filled, and that came out empty, would publish what nobody looked at. */
const [EMPTY_CHECKS, NO_CHECKS] = ["the list of checks is empty", "leave `checks` out where nothing is to be checked"];

/** All problems at once; empty when there are none. */
export function validateLoads(spec: ProjectSpec): Problem[] {
  const problems: Problem[] = [];
  const jobs = jobsOf(spec);
  const tables = tablesOf(spec);
  const jobNames = new Set(jobs.map((job) => job.name));
  const targets = new Map<string, Job[]>();
  const wrong = (place: string, message: Sentence, remedy?: Sentence): void =>
    void problems.push(problem("job-invalid", message, { place, ...(remedy && { remedy }) }));

  const seen = new Set<string>();
  for (const job of jobs) {
    const place = `job ${job.name}`;
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(job.name))
      wrong(place, `"${job.name}" is no name for a job`, "use letters, digits, _ and -");
    if (seen.has(job.name)) wrong(place, `there are two jobs named ${job.name}`);
    seen.add(job.name);
    targets.set(job.into.table, [...(targets.get(job.into.table) ?? []), job]);
    if (OWN_NAMES.test(job.into.table))
      wrong(place, `the table ${job.into.table} is one of Tessera's own`, "give it another name");
    for (const name of job.after ?? [])
      if (!jobNames.has(name)) wrong(place, `after names ${name}, which is no job${didYouMean(name, jobNames)}`);
    const schedule = job.schedule && scheduleProblem(job.schedule, spec.timeZone);
    if (schedule)
      wrong(
        place,
        `the schedule cannot be read: ${schedule}`,
        "a cron text has five fields, for example 0 2 * * *; a time zone is an IANA name",
      );
    const mode = modeOf(job);
    if (job.checks?.length === 0) wrong(place, EMPTY_CHECKS, NO_CHECKS);
    if ((mode === "merge" || mode === "scd2") && keyOf(job).length === 0)
      wrong(place, `${mode} needs a key`, "set into.key");
    if (job.deletes === "compare_keys" && mode !== "merge") wrong(place, "compare_keys works with merge alone");
    if (job.into.segments !== undefined && mode === "scd2")
      wrong(
        place,
        "a table with history cannot be cut into segments",
        "leave segments out, or keep the history in a table of the star",
      );
    if (job.columns !== undefined) {
      if (job.into.segments !== undefined && mode !== "snapshot" && !(job.into.segments.by in job.columns))
        wrong(
          place,
          `segments names ${job.into.segments.by}, which is not among the columns${didYouMean(job.into.segments.by, Object.keys(job.columns))}`,
        );
      for (const name of keyOf(job))
        if (!(name in job.columns))
          wrong(place, `the key ${name} is not among the columns${didYouMean(name, Object.keys(job.columns))}`);
      if (job.into.validFrom !== undefined && !(job.into.validFrom in job.columns))
        wrong(place, `validFrom names ${job.into.validFrom}, which is not among the columns`);
    }
    if ("lag" in job.extract && job.extract.lag !== undefined && job.extract.cursor === undefined)
      wrong(place, "a lag without a cursor has no meaning");
    if ("lag" in job.extract && job.extract.lag !== undefined && mode === "append")
      wrong(place, "append with a lag would add rows twice", "use merge with a key");
  }
  for (const [table, owners] of targets) {
    if (owners.length > 1 && owners.some((job) => modeOf(job) !== "append" && modeOf(job) !== "merge"))
      wrong(
        `job ${owners[1]!.name}`,
        `several jobs write ${table}: ${owners.map((job) => job.name).join(", ")}`,
        "several jobs may only append or merge into one table",
      );
  }
  for (const [table, owners] of targets) {
    if (new Set(owners.map((job) => JSON.stringify([job.into.segments?.by, job.into.segments?.rows]))).size > 1)
      wrong(
        `job ${owners[1]!.name}`,
        `the jobs that write ${table} cut it into segments differently: ${owners.map((job) => job.name).join(", ")}`,
        "give all of them the same segments",
      );
  }
  const tableNames = new Set<string>();
  for (const table of tables) {
    const place = `table ${table.name}`;
    if (OWN_NAMES.test(table.name)) wrong(place, `${table.name} is one of Tessera's own names`);
    if (tableNames.has(table.name)) wrong(place, `there are two tables named ${table.name}`);
    if (targets.has(table.name))
      wrong(place, `${table.name} is written by job ${targets.get(table.name)![0]!.name} already`);
    tableNames.add(table.name);
    if (table.checks?.length === 0) wrong(place, EMPTY_CHECKS, NO_CHECKS);
    for (const name of table.after ?? []) {
      if (!tables.some((other) => other.name === name) && !targets.has(name) && !jobNames.has(name))
        wrong(
          place,
          `after names ${name}, which is neither a table nor a job${didYouMean(name, [...tables.map((other) => other.name), ...targets.keys()])}`,
        );
    }
    for (const late of table.lateMembers ?? []) {
      if (table.role !== "dimension" || table.key === undefined)
        wrong(place, "late members belong to a dimension with a key");
      if (!targets.has(late.table) && !tables.some((other) => other.name === late.table))
        wrong(
          place,
          `lateMembers names ${late.table}, which is neither a table nor a job's`,
          `there are ${[...targets.keys()].join(", ")}`,
        );
    }
    if (table.segments !== undefined && table.changes !== undefined)
      wrong(place, "a table with history cannot be cut into segments");
    if (table.changes !== undefined && table.key === undefined) wrong(place, "a table that keeps history needs a key");
  }
  try {
    inOrder(
      jobs.map((job) => ({ name: job.name, needs: job.after ?? [] })),
      "job",
    );
  } catch (error) {
    wrong("jobs", error instanceof Error ? error.message : String(error));
  }
  return problems;
}
