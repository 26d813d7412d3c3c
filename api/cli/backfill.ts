/** `tessera backfill`. */
import type { Command } from "commander";
import { runLoad } from "../../etl/index.ts";
import type { LoadCommandContext } from "./load.ts";
import { progressLines } from "./load-progress.ts";
import { runTable } from "./run-text.ts";

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("backfill")
    .description("read a range of one job's cursor again, whatever was read before")
    .argument("<job>", "a job with a cursor and a key")
    .requiredOption("--from <value>", "first cursor value, inclusive")
    .requiredOption("--until <value>", "end of the range, exclusive")
    .option("--dry-run", "do everything except publish")
    .option("--json", "print the run as JSON")
    .action(
      async (
        job: string,
        flags: { readonly from: string; readonly until: string; readonly dryRun?: boolean; readonly json?: boolean },
      ) => {
        const progress = progressLines(process.stderr);
        const run = await runLoad({
          folder: context.folder,
          jobs: [job],
          backfill: { from: flags.from, until: flags.until },
          dryRun: flags.dryRun ?? false,
          onProgress: progress.show,
        }).finally(() => progress.end());
        process.stdout.write(flags.json ? `${JSON.stringify(run, null, 2)}\n` : runTable(run));
      },
    );
}
