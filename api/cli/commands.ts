/** The commands in the order of the help, with what the help says of each: a command's own module is read in when it is asked for. */
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

export interface CommandEntry {
  /** name and arguments, as the help shows them */
  readonly spec: string;
  /** the command's own description; a test holds the two together */
  readonly summary: string;
  readonly from: () => Promise<{ readonly register: (program: Command, context: CommandContext) => void }>;
}

// modules of several commands
const control = () => import("./control.ts");
const backup = () => import("./backup.ts");

export const COMMANDS: readonly CommandEntry[] = [
  {
    spec: "demo",
    summary: "builds the demo company's source systems, loads them, mines them, then serves",
    from: () => import("./demo.ts"),
  },
  {
    spec: "init [dir]",
    summary: "writes a small project a person can edit: config, one source, one cube, one dashboard",
    from: () => import("./init.ts"),
  },
  {
    spec: "check",
    summary: "validates model, jobs, models and dashboards against the warehouse's real schema; lists every problem",
    from: () => import("./check.ts"),
  },
  {
    spec: "load [jobs...]",
    summary: "runs the jobs in dependency order, builds the star, checks and publishes",
    from: () => import("./load.ts"),
  },
  {
    spec: "plan [jobs...]",
    summary: "what a load would do: schema changes, rows to add, update and delete, checks, cubes touched",
    from: () => import("./plan.ts"),
  },
  {
    spec: "backfill <job>",
    summary: "reads a part of the past again: rows of one job whose cursor is within, whatever was read before",
    from: () => import("./backfill.ts"),
  },
  {
    spec: "loads [id]",
    summary: "the load history; one load's steps, checks and rejected rows",
    from: () => import("./loads.ts"),
  },
  {
    spec: "rollback <load>",
    summary: "puts the warehouse back to what it was before a load",
    from: () => import("./rollback.ts"),
  },
  {
    spec: "versions",
    summary: "the versions that are kept, and why; keeps one for longer",
    from: () => import("./versions.ts"),
  },
  {
    spec: "mine [models...]",
    summary: "trains and scores the mining models, prints each one's quality figures",
    from: () => import("./mine.ts"),
  },
  {
    spec: "campaign",
    summary: "plans campaigns, draws them once with a random hold-out, writes their lists",
    from: () => import("./campaign.ts"),
  },
  { spec: "query [file]", summary: "answers one query", from: () => import("./query.ts") },
  {
    spec: "notebook [name]",
    summary: "runs a notebook over the warehouse and writes its page; without a name, lists them",
    from: () => import("./notebook.ts"),
  },
  { spec: "serve", summary: "API and web pages", from: () => import("./serve.ts") },
  {
    spec: "schedule",
    summary: "the next runs of each job, with zone, daylight-saving and catch-up policy spelled out",
    from: () => import("./schedule.ts"),
  },
  { spec: "cancel <run>", summary: "stops a running load or mining run; nothing of it is published", from: control },
  { spec: "pause <job>", summary: "keeps the schedule from starting a job", from: control },
  { spec: "resume <job>", summary: "lets the schedule start a job again", from: control },
  { spec: "source", summary: "the systems that data comes from", from: () => import("./source.ts") },
  {
    spec: "identities [action] [what]",
    summary: "who is who: pairs to look at, decisions on them, taking an entry out of its group",
    from: () => import("./identities.ts"),
  },
  {
    spec: "export [what]",
    summary: "writes a list of members back to a system (CSV, database table, webhook)",
    from: () => import("./export.ts"),
  },
  {
    spec: "notices",
    summary: "failed jobs and stale data now; --send tells whom the project names, each trouble once",
    from: () => import("./notices.ts"),
  },
  {
    spec: "erase <customer>",
    summary:
      "removes a person from every kept version, rejected row and list, and proves it; facts stay, so no total changes",
    from: () => import("./erase.ts"),
  },
  {
    spec: "backup <folder>",
    summary: "copies the warehouse with its state into a folder; a second time only what is new",
    from: backup,
  },
  {
    spec: "restore <folder>",
    summary: "makes the warehouse from a backup, verified before anything is touched",
    from: backup,
  },
  {
    spec: "advise",
    summary: "rollups worth having, from the query log, with what each would save",
    from: () => import("./advise.ts"),
  },
  {
    spec: "diff <old> <new>",
    summary:
      "measures that a changed model changes on the data of the old one, or between two warehouses loaded side by side",
    from: () => import("./diff.ts"),
  },
];

const nameOf = ({ spec }: CommandEntry): string => spec.split(" ")[0]!;

/** Registers what the words of a command line may mean with their modules, all else by what the help says of it. */
export async function registerCommands(
  program: Command,
  context: CommandContext,
  words: readonly string[],
): Promise<void> {
  const done = new Set<string>();
  for (const entry of COMMANDS) {
    const name = nameOf(entry);
    if (done.has(name)) continue;
    // one module may hold several commands, which the help shows one after the other
    if (COMMANDS.some((each) => each.from === entry.from && words.includes(nameOf(each)))) {
      (await entry.from()).register(program, context);
      for (const command of program.commands) done.add(command.name());
    } else program.command(entry.spec).description(entry.summary);
  }
}
