/** `tessera notices`. */
import type { Command } from "commander";
import { openState } from "../../engine/warehouse/index.ts";
import { freshnessOf, noticesOf, sendNotices, troublesOf } from "../../etl/index.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import type { CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

type Told = Awaited<ReturnType<typeof sendNotices>>[number];

function howTold({ how, error }: Told): string {
  if (how === "outbox") return "written to the outbox: the target is not set up";
  return how === "sent" ? "sent" : (error ?? "failed");
}

export function register(program: Command, context: CommandContext): void {
  program
    .command("notices")
    .description("show failed jobs and stale data; --send notifies the declared recipients once per problem")
    .option("--send", "send unsent notices (a scheduler does so every minute)")
    .option("--json", "print JSON")
    .action(async (flags: { readonly send?: boolean; readonly json?: boolean }) => {
      const spec = await loadConfig(context.folder);
      const warehouse = warehouseFolder(spec, context.folder);
      const state = openState(warehouse);
      try {
        const now = new Date();
        const troubles = troublesOf(spec, state, now);
        const told = flags.send ? await sendNotices({ spec, state, warehouse, now: () => now }) : [];
        if (flags.json)
          process.stdout.write(
            `${JSON.stringify({ troubles, freshness: freshnessOf(spec, state, now), told }, null, 2)}\n`,
          );
        else {
          process.stdout.write(
            troubles.length === 0
              ? "no failed jobs, no stale data\n"
              : `${troubles.map((trouble) => trouble.message).join("\n")}\n`,
          );
          if (told.length > 0)
            process.stdout.write(
              textTable(
                ["notice", "job", ""],
                told.map((each) => [each.notice, each.trouble.job, howTold(each)]),
              ),
            );
          if (flags.send && noticesOf(spec).length === 0) process.stdout.write("the project declares no notices\n");
        }
        if (troubles.length > 0) process.exitCode = 1;
      } finally {
        state.close();
      }
    });
}
