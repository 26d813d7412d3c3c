/** `tessera load`. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { parsePlan, runLoad, type LoadPlan, type RunSummary } from "../../etl/index.ts";
import { fromHere } from "./context.ts";
import { progressLines } from "./load-progress.ts";
import { runTable } from "./run-text.ts";

/** What the commands of loads need to know; `folder` is looked at when a command runs. */
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
    .description("runs the jobs in dependency order, builds the star, checks and publishes")
    .argument("[jobs...]", "names of jobs; all without them")
    .option("--full", "read everything again, and let the tables become what was read")
    .option("--dry-run", "do everything but publish")
    .option("--rollups", "read no source: build the star and the rollups as the model declares them now")
    .option("--select <tag>", "jobs with this tag")
    .option("--plan <file>", "do just what this plan says, with its jobs, or nothing")
    .option("--wait <seconds>", "wait so long for another run to end", "0")
    .option("--json", "print the run as JSON")
    .action(async (jobs: string[], flags: LoadFlags) => {
      if (flags.rollups && (jobs.length > 0 || flags.plan !== undefined || flags.select !== undefined || flags.full))
        throw new TesseraError("usage", "--rollups runs no job", {
          remedy: "leave the names, --select, --plan and --full out",
        });
      if (flags.plan !== undefined && (jobs.length > 0 || flags.select !== undefined))
        throw new TesseraError("usage", "a plan has its own jobs", { remedy: "leave the names out" });
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
    });
}

function readPlan(file: string): LoadPlan {
  const path = fromHere(file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new TesseraError("usage", phrase`there is no plan ${path}`, { remedy: "make one: tessera plan --out FILE" });
  }
  return parsePlan(text, path);
}
