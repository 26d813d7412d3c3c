/** The command line. */
import { Command, CommanderError } from "commander";
import { TesseraError, type ErrorCode } from "../../engine/errors/index.ts";
import { packageVersion } from "../../engine/package.ts";
import { registerCommands } from "./commands.ts";
import { DEMO_FOLDER, projectFolder, type CommandContext } from "./context.ts";

/** Commands that read source systems; those of the demo company live only during a command. */
const READS_SOURCES = new Set(["load", "plan", "backfill", "test"]);

export async function main(argv: readonly string[]): Promise<void> {
  endQuietly();
  const program = new Command("tessera");
  const context: CommandContext = {
    get folder() {
      return projectFolder(program.opts<{ project?: string }>().project);
    },
    get isDemo() {
      return this.folder === DEMO_FOLDER;
    },
  };
  program
    .description(
      "Analytical CRM and OLAP engine. Works on the project of the current folder, else on the bundled demo company.",
    )
    .version(packageVersion())
    .option("--project <dir>", "the folder of tessera.config.ts")
    .showSuggestionAfterError()
    .showHelpAfterError("(see --help for commands and options)")
    .exitOverride();
  await registerCommands(program, context, argv.slice(2));
  for (const command of program.commands) command.exitOverride();

  let close: (() => Promise<void>) | null = null;
  program.hook("preAction", async (_, command) => {
    if (!context.isDemo || !READS_SOURCES.has(command.name())) return;
    const { openDemoSystems } = await import("./demo-systems.ts");
    const systems = await openDemoSystems();
    Object.assign(process.env, systems.environment);
    close = systems.close;
  });
  try {
    await program.parseAsync(argv as string[]);
  } catch (error) {
    process.exitCode = await report(error);
  } finally {
    await (close as (() => Promise<void>) | null)?.();
  }
}

/** A reader may close the output early (`| head -1`): the command then ends without an error. */
function endQuietly(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    else throw error;
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** Codes of wrong usage: the command line or the query has to change. */
const USAGE: ReadonlySet<ErrorCode> = new Set([
  "usage",
  "not-found",
  "query-invalid",
  "unknown-member",
  "filter-invalid",
  "project-not-found",
]);

/** Prints what is wrong, where, and what to do. @returns the exit code: 2 for wrong usage, else 1 */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { declaredRedactor } = await import("../../etl/declare/redact.ts");
  const redact = declaredRedactor(process.env);
  const print = (text: string): void => void process.stderr.write(redact(text));
  if (!(error instanceof TesseraError)) {
    print(`This is a bug in Tessera:\n${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
  const { errorAt } = await import("../i18n/index.ts");
  const { message, problems } = errorAt("cli", error);
  print(`error: ${message}\n`);
  const shown = problems.slice(0, 50);
  for (const p of shown) {
    if (problems.length > 1) print(`  ${p.place ? `${p.place}: ` : ""}${p.message}\n`);
    else if (p.place) print(`  at ${p.place}\n`);
    if (p.remedy) print(`  ${problems.length > 1 ? "  " : ""}${p.remedy}\n`);
  }
  if (problems.length > shown.length) print(`  … and ${problems.length - shown.length} more\n`);
  return USAGE.has(error.code) ? 2 : 1;
}
