/**
 * The commands in the order of the help. A command's module is imported when the command runs, so `--help` stays
 * fast.
 */
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

export interface CommandEntry {
  /** name and arguments, as the help shows them */
  readonly spec: string;
  /** the same text as the module's own description; a test compares them */
  readonly summary: string;
  readonly from: () => Promise<{ readonly register: (program: Command, context: CommandContext) => void }>;
}

// modules of several commands
const control = () => import("./control.ts");
const backup = () => import("./backup.ts");

export const COMMANDS: readonly CommandEntry[] = [
  {
    spec: "demo",
    summary: "build the demo company's source systems, load them, run the mining models, then serve",
    from: () => import("./demo.ts"),
  },
  {
    spec: "init [dir]",
    summary: "write a small project to edit: config, one source, one cube, one dashboard",
    from: () => import("./init.ts"),
  },
  {
    spec: "check",
    summary: "check model, jobs, mining models and dashboards against the warehouse; list every problem",
    from: () => import("./check.ts"),
  },
  {
    spec: "load [jobs...]",
    summary: "run jobs in dependency order, build the star schema, check, and publish",
    from: () => import("./load.ts"),
  },
  {
    spec: "plan [jobs...]",
    summary: "show what a load would do: schema changes, row changes, checks, cubes",
    from: () => import("./plan.ts"),
  },
  {
    spec: "backfill <job>",
    summary: "read a range of one job's cursor again, whatever was read before",
    from: () => import("./backfill.ts"),
  },
  {
    spec: "loads [id]",
    summary: "list loads, or show one load's steps, checks and rejected rows",
    from: () => import("./loads.ts"),
  },
  {
    spec: "rollback <load>",
    summary: "restore the data version from before a load",
    from: () => import("./rollback.ts"),
  },
  {
    spec: "versions",
    summary: "list the kept data versions and why they are kept; pin one",
    from: () => import("./versions.ts"),
  },
  {
    spec: "mine [models...]",
    summary: "train and score the mining models, and print their quality",
    from: () => import("./mine.ts"),
  },
  {
    spec: "campaign",
    summary: "plan campaigns, draw their control groups once, write their lists",
    from: () => import("./campaign.ts"),
  },
  { spec: "query [file]", summary: "answer one query", from: () => import("./query.ts") },
  {
    spec: "notebook [name]",
    summary: "run a notebook and write its page; without a name, list the notebooks",
    from: () => import("./notebook.ts"),
  },
  { spec: "serve", summary: "serve the API and the web pages", from: () => import("./serve.ts") },
  {
    spec: "schedule",
    summary: "list the next runs of each job, with time zone, clock changes and catch-up policy",
    from: () => import("./schedule.ts"),
  },
  { spec: "cancel <run>", summary: "stop a running load or mining run; nothing of it is published", from: control },
  { spec: "pause <job>", summary: "pause a job's schedule", from: control },
  { spec: "resume <job>", summary: "resume a job's schedule", from: control },
  { spec: "source", summary: "work with the systems that data comes from", from: () => import("./source.ts") },
  {
    spec: "identities [action] [what]",
    summary: "review pairs that may be the same person, decide on them, separate an entry",
    from: () => import("./identities.ts"),
  },
  {
    spec: "export [what]",
    summary: "write a list of members to a system (CSV, database table, webhook)",
    from: () => import("./export.ts"),
  },
  {
    spec: "notices",
    summary: "show failed jobs and stale data; --send notifies the declared recipients once per problem",
    from: () => import("./notices.ts"),
  },
  {
    spec: "erase <customer>",
    summary: "remove a person from every version, rejected row and list, and verify it; facts and totals stay",
    from: () => import("./erase.ts"),
  },
  {
    spec: "backup <folder>",
    summary: "copy the warehouse and its state into a folder; later backups copy only what is new",
    from: backup,
  },
  {
    spec: "restore <folder>",
    summary: "restore the warehouse from a backup, verified before anything changes",
    from: backup,
  },
  {
    spec: "advise",
    summary: "suggest rollups from the query log, with the time each would save",
    from: () => import("./advise.ts"),
  },
  {
    spec: "diff <old> <new>",
    summary: "compare the measures of two models on the same data, or of two warehouses",
    from: () => import("./diff.ts"),
  },
];

const nameOf = ({ spec }: CommandEntry): string => spec.split(" ", 1).join();

/**
 * Registers the commands that the command line names from their modules, all others by their summary. @param words
 * the command line
 */
export async function registerCommands(
  program: Command,
  context: CommandContext,
  words: readonly string[],
): Promise<void> {
  const done = new Set<string>();
  for (const entry of COMMANDS) {
    const name = nameOf(entry);
    if (done.has(name)) continue;
    // one module may register several commands
    if (COMMANDS.some((each) => each.from === entry.from && words.includes(nameOf(each)))) {
      (await entry.from()).register(program, context);
      for (const command of program.commands) done.add(command.name());
    } else program.command(entry.spec).description(entry.summary);
  }
}
