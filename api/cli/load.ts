/** `tessera load`. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { parsePlan, runLoad, type LoadPlan, type RunSummary } from "../../etl/index.ts";
import { checkProject } from "../../etl/project/check.ts";
import { problemAt } from "../i18n/index.ts";
import { fromHere } from "./context.ts";
import { progressLines } from "./load-progress.ts";
import { runTable } from "./run-text.ts";

/** What commands about loads need; `folder` is resolved when a command runs. */
export interface LoadCommandContext {
  readonly folder: string;
}

interface LoadFlags {
  readonly full?: boolean;
  readonly dryRun?: boolean;
  readonly rollups?: boolean;
  readonly select?: string;
  readonly plan?: string;
  readonly wait?: string;
  readonly json?: boolean;
}

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("load")
    .description("run jobs in dependency order, build the star schema, check, and publish")
    .argument("[jobs...]", "jobs to run; default all")
    .option("--full", "read everything again and replace the tables")
    .option("--dry-run", "do everything except publish")
    .option("--rollups", "rebuild the star schema and the rollups without reading sources")
    .option("--select <tag>", "only jobs with this tag")
    .option("--plan <file>", "do exactly what a plan says, or nothing")
    .option("--wait <seconds>", "time to wait for another run to end", "0")
    .option("--json", "print the run as JSON")
    .action(async (jobs: string[], flags: LoadFlags) => {
      if (flags.rollups && (jobs.length > 0 || flags.plan !== undefined || flags.select !== undefined || flags.full))
        throw new TesseraError("usage", "--rollups runs no jobs", {
          remedy: "omit job names, --select, --plan and --full",
        });
      if (flags.plan !== undefined && (jobs.length > 0 || flags.select !== undefined))
        throw new TesseraError("usage", "--plan brings its own jobs", { remedy: "omit job names and --select" });
      const plan = flags.plan === undefined ? undefined : readPlan(flags.plan);
      const progress = progressLines(process.stderr);
      const run: RunSummary = await runLoad({
        folder: context.folder,
        ...(jobs.length > 0 && { jobs }),
        ...(flags.select !== undefined && { select: flags.select }),
        full: plan?.full ?? flags.full ?? false,
        ...(plan && { plan }),
        dryRun: flags.dryRun ?? false,
        ...(flags.rollups && { rollups: true }),
        patience: Number(flags.wait ?? 0) * 1000,
        onProgress: progress.show,
      }).finally(() => progress.end());
      process.stdout.write(flags.json ? `${JSON.stringify(run, null, 2)}\n` : runTable(run));
      if (run.status === "published") await warnOfModel(context.folder);
    });
}

/** Says what of the model does not fit the data that has just been loaded. */
async function warnOfModel(folder: string): Promise<void> {
  const { problems } = await checkProject(folder);
  for (const { place, message, remedy } of problems.map((each) => problemAt("cli", each)))
    process.stderr.write(`warning: ${message}\n${place ? `  at ${place}\n` : ""}${remedy ? `  ${remedy}\n` : ""}`);
}

function readPlan(file: string): LoadPlan {
  const path = fromHere(file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new TesseraError("usage", phrase`cannot read plan ${path}`, {
      remedy: { action: "make-plan" },
      cause: error,
    });
  }
  return parsePlan(text, path);
}
