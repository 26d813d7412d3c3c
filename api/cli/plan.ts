/** `tessera plan`: a load that does everything but publish, told as what it would do. */
import type { Command } from "commander";
import { runLoad } from "../../etl/index.ts";
import { loadConfig } from "../../etl/config.ts";
import { jobsOf } from "../../etl/validate.ts";
import type { LoadCommandContext } from "./load.ts";
import { progressLines } from "./load-progress.ts";
import { runTable } from "./run-text.ts";

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("plan")
    .description("what a load would do: schema changes, rows to add, update and delete, checks, cubes touched")
    .argument("[jobs...]", "names of jobs; all without them")
    .option("--full", "as a full load")
    .option("--select <tag>", "jobs with this tag")
    .option("--json", "print as JSON")
    .action(async (jobs: string[], flags: { readonly full?: boolean; readonly select?: string; readonly json?: boolean }) => {
      const spec = await loadConfig(context.folder);
      const progress = progressLines(process.stderr);
      const run = await runLoad({
        folder: context.folder, dryRun: true, full: flags.full ?? false, startedBy: "plan", onProgress: progress.show, ...(jobs.length > 0 && { jobs }), ...(flags.select !== undefined && { select: flags.select }),
      }).finally(() => progress.end());
      const changed = new Set(run.steps.filter((step) => step.kind === "table" && step.status === "done").map((step) => step.name));
      for (const job of jobsOf(spec)) if (run.steps.some((step) => step.kind === "job" && step.name === job.name && step.written + step.deleted + step.removed > 0)) changed.add(job.into.table);
      const cubes = spec.cubes.filter((cube) => cube.table !== undefined && changed.has(cube.table)).map((cube) => cube.name);
      if (flags.json) return void process.stdout.write(`${JSON.stringify({ ...run, cubes }, null, 2)}\n`);
      process.stdout.write(`${runTable(run)}\nnothing was published; cubes touched: ${cubes.length === 0 ? "none" : cubes.join(", ")}\n`);
    });
}
