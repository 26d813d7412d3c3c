/** `tessera plan`: a load that does everything except publish, shown as a plan. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { planOf, runLoad } from "../../etl/index.ts";
import { loadConfig } from "../../etl/declare/config.ts";
import { fromHere } from "./context.ts";
import type { LoadCommandContext } from "./load.ts";
import { progressLines } from "./load-progress.ts";
import { runTable } from "./run-text.ts";

interface PlanFlags {
  readonly full?: boolean;
  readonly select?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("plan")
    .description("show what a load would do: schema changes, row changes, checks, cubes")
    .argument("[jobs...]", "jobs to run; default all")
    .option("--full", "plan a full load")
    .option("--select <tag>", "only jobs with this tag")
    .option("--out <file>", "write the plan to a file for `load --plan`")
    .option("--json", "print JSON")
    .action(async (jobs: string[], flags: PlanFlags) => {
      const spec = await loadConfig(context.folder);
      const progress = progressLines(process.stderr);
      const run = await runLoad({
        folder: context.folder,
        dryRun: true,
        full: flags.full ?? false,
        startedBy: "plan",
        onProgress: progress.show,
        ...(jobs.length > 0 && { jobs }),
        ...(flags.select !== undefined && { select: flags.select }),
      }).finally(() => progress.end());
      const plan = planOf(spec, run, flags.full ?? false);
      if (flags.out !== undefined) writeFileSync(fromHere(flags.out), `${JSON.stringify(plan, null, 2)}\n`);
      if (flags.json)
        return void process.stdout.write(`${JSON.stringify({ ...run, ...plan, kind: run.kind }, null, 2)}\n`);
      process.stdout.write(
        `${runTable(run)}\nnothing was published; cubes touched: ` +
          `${plan.cubes.length === 0 ? "none" : plan.cubes.join(", ")}\n`,
      );
    });
}
