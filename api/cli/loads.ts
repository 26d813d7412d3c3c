/** `tessera loads`. */
import type { Command } from "commander";
import { TesseraError } from "../../engine/errors/index.ts";
import { getRejects, getRun, listRuns, runLoad } from "../../etl/index.ts";
import { openState } from "../../engine/warehouse/index.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import type { LoadCommandContext } from "./load.ts";
import { runTable, textTable } from "./run-text.ts";

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("loads")
    .description("list loads, or show one load's steps, checks and rejected rows")
    .argument("[id]", "a load's id")
    .option("--job <name>", "only loads or rejected rows of this job")
    .option("--limit <n>", "number of loads or rejected rows", "20")
    .option("--replay-rejects", "load a load's rejected rows again, after the job was fixed")
    .option("--json", "print JSON")
    .action(
      async (
        id: string | undefined,
        flags: {
          readonly job?: string;
          readonly limit: string;
          readonly replayRejects?: boolean;
          readonly json?: boolean;
        },
      ) => {
        if (flags.replayRejects) {
          if (id === undefined)
            throw new TesseraError("usage", "the load is missing", { remedy: { action: "list-runs" } });
          const replayed = await runLoad({
            folder: context.folder,
            replay: id,
            ...(flags.job !== undefined && { jobs: [flags.job] }),
          });
          return void process.stdout.write(flags.json ? `${JSON.stringify(replayed, null, 2)}\n` : runTable(replayed));
        }
        const warehouse = warehouseFolder(await loadConfig(context.folder), context.folder);
        const state = openState(warehouse);
        const job = flags.job === undefined ? {} : { job: flags.job };
        try {
          if (id === undefined) {
            const runs = listRuns(state, { limit: Number(flags.limit), ...job });
            process.stdout.write(
              flags.json
                ? `${JSON.stringify(runs, null, 2)}\n`
                : textTable(
                    ["load", "kind", "read", "written", "rejected", "seconds", "version", "status"],
                    runs.map((run) => {
                      const jobs = run.steps.filter((step) => step.kind === "job");
                      const sum = (of: "read" | "written" | "rejected"): string =>
                        jobs.reduce((total, step) => total + step[of], 0).toLocaleString("en");
                      return [
                        run.id,
                        run.kind,
                        sum("read"),
                        sum("written"),
                        sum("rejected"),
                        run.seconds === null ? "" : String(run.seconds),
                        run.version === null ? "" : String(run.version),
                        run.status.replace("_", " "),
                      ];
                    }),
                  ),
            );
            return;
          }
          const run = getRun(state, id);
          const rejects = await getRejects(warehouse, state, id, { limit: Number(flags.limit), ...job });
          if (flags.json)
            return void process.stdout.write(`${JSON.stringify({ ...run, rejectedRows: rejects }, null, 2)}\n`);
          process.stdout.write(runTable(run));
          if (rejects.length > 0) {
            process.stdout.write(
              `\nrejected rows\n${textTable(
                ["job", "line", "column", "reason", "row"],
                rejects.map((each) => [
                  each.job,
                  each.line === null ? "" : `${each.file ?? ""}:${each.line}`,
                  each.column ?? "",
                  each.reason,
                  each.row.slice(0, 120),
                ]),
              )}`,
            );
          }
        } finally {
          state.close();
        }
      },
    );
}
