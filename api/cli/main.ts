/** The command line. */
import { Command, CommanderError } from "commander";
import { TesseraError } from "../../engine/errors/index.ts";
import { packageVersion } from "../../engine/package.ts";
import { registerCommands } from "./commands.ts";
import { DEMO_FOLDER, projectFolder, type CommandContext } from "./context.ts";

/** They read the source systems, which the demo company has only while it is asked. */
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
      "Analytical CRM and OLAP engine. Without --project it works on the project of the current folder, else on the bundled demo company.",
    )
    .version(packageVersion())
    .option("--project <dir>", "folder of tessera.config.ts")
    .showSuggestionAfterError()
    .showHelpAfterError("(--help lists commands and options)")
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

/** Whoever reads the output may have seen enough (`| head -1`): that is no error. What is said of progress may be lost, the work goes on. */
function endQuietly(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    else throw error;
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** Says what is wrong, where, and what to do. @returns 2 for wrong usage, else 1 */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { declaredRedactor } = await import("../../etl/declare/redact.ts");
  const redact = declaredRedactor(process.env);
  const say = (text: string): void => void process.stderr.write(redact(text));
  if (!(error instanceof TesseraError)) {
    say(`This is a bug in Tessera, not of yours:\n${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
  const { errorAt } = await import("../i18n/index.ts");
  const { message, problems } = errorAt("cli", error);
  say(`error: ${message}\n`);
  const shown = problems.slice(0, 50);
  for (const p of shown) {
    if (problems.length > 1) say(`  ${p.place ? `${p.place}: ` : ""}${p.message}\n`);
    else if (p.place) say(`  at ${p.place}\n`);
    if (p.remedy) say(`  ${problems.length > 1 ? "  " : ""}${p.remedy}\n`);
  }
  if (problems.length > shown.length) say(`  … and ${problems.length - shown.length} more\n`);
  return error.code === "usage" ||
    error.code === "not-found" ||
    error.code === "query-invalid" ||
    error.code === "unknown-member" ||
    error.code === "filter-invalid" ||
    error.code === "project-not-found"
    ? 2
    : 1;
}
