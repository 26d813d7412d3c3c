/** The command line. */
import { Command, CommanderError } from "commander";
import { readFileSync } from "node:fs";
import { TesseraError } from "../../engine/errors.ts";
import { scrubDeclared } from "../../etl/redact.ts";
import * as advise from "./advise.ts";
import * as backfill from "./backfill.ts";
import * as campaign from "./campaign.ts";
import * as backup from "./backup.ts";
import * as check from "./check.ts";
import { DEMO_FOLDER, projectFolder, type CommandContext } from "./context.ts";
import { openDemoSystems } from "./demo-systems.ts";
import * as control from "./control.ts";
import * as demo from "./demo.ts";
import * as diff from "./diff.ts";
import * as exports from "./export.ts";
import * as identities from "./identities.ts";
import * as erase from "./erase.ts";
import * as init from "./init.ts";
import * as load from "./load.ts";
import * as loads from "./loads.ts";
import * as mine from "./mine.ts";
import * as notices from "./notices.ts";
import * as notebook from "./notebook.ts";
import * as plan from "./plan.ts";
import * as query from "./query.ts";
import * as rollback from "./rollback.ts";
import * as schedule from "./schedule.ts";
import * as serve from "./serve.ts";
import * as source from "./source.ts";
import * as versions from "./versions.ts";

/** In the order of the help. */
const COMMANDS = [demo, init, check, load, plan, backfill, loads, rollback, versions, mine, campaign, query, notebook, serve, schedule, control, source, identities, exports, notices, erase, backup, advise, diff];
/** They read the source systems, which the demo company has only while it is asked. */
const READS_SOURCES = new Set(["load", "plan", "backfill", "test"]);

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("tessera");
  const context: CommandContext = {
    get folder() { return projectFolder(program.opts<{ project?: string }>().project); },
    get isDemo() { return this.folder === DEMO_FOLDER; },
  };
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  program
    .description("Analytical CRM and OLAP engine. Without --project it works on the project of the current folder, else on the bundled demo company.")
    .version(version)
    .option("--project <dir>", "folder of tessera.config.ts")
    .showSuggestionAfterError()
    .showHelpAfterError("(--help lists commands and options)")
    .exitOverride();
  for (const command of COMMANDS) command.register(program, context);
  for (const command of program.commands) command.exitOverride();

  let close: (() => Promise<void>) | null = null;
  program.hook("preAction", async (_, command) => {
    if (!context.isDemo || !READS_SOURCES.has(command.name())) return;
    const systems = await openDemoSystems();
    Object.assign(process.env, systems.environment);
    close = systems.close;
  });
  try {
    await program.parseAsync(argv as string[]);
  } catch (error) {
    process.exitCode = report(error);
  } finally {
    await (close as (() => Promise<void>) | null)?.();
  }
}

/** Says what is wrong, where, and what to do. @returns 2 for wrong usage, else 1 */
function report(error: unknown): number {
  const scrub = scrubDeclared(process.env);
  const say = (text: string): void => void process.stderr.write(scrub(text));
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof TesseraError)) {
    say(`This is a bug in Tessera, not of yours:\n${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
  say(`error: ${error.message}\n`);
  const shown = error.problems.slice(0, 50);
  for (const p of shown) {
    if (error.problems.length > 1) say(`  ${p.place ? `${p.place}: ` : ""}${p.message}\n`);
    else if (p.place) say(`  at ${p.place}\n`);
    if (p.remedy) say(`  ${error.problems.length > 1 ? "  " : ""}${p.remedy}\n`);
  }
  if (error.problems.length > shown.length) say(`  … and ${error.problems.length - shown.length} more\n`);
  return error.code === "usage" || error.code === "not-found" || error.code === "query-invalid" || error.code === "unknown-member" || error.code === "filter-invalid" || error.code === "project-not-found" ? 2 : 1;
}
