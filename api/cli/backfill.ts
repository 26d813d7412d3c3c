/** `tessera backfill`. */
import type { Command } from "commander";
import { runLoad } from "../../etl/index.ts";
import type { LoadCommandContext } from "./load.ts";
import { progressLines } from "./load-progress.ts";
import { runTable } from "./run-text.ts";

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("backfill")
    .description("reads a part of the past again: rows of one job whose cursor is within, whatever was read before")
    .argument("<job>", "a job with a cursor and a key")
    .requiredOption("--from <value>", "in the cursor's own notation, included")
    .requiredOption("--until <value>", "not included")
    .option("--dry-run", "do everything but publish")
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
