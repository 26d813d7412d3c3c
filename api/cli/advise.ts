/** `tessera advise`. */
import type { Command } from "commander";
import { adviseRollups } from "../../etl/project/advise.ts";
import type { CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

export function register(program: Command, context: CommandContext): void {
  program
    .command("advise")
    .description("suggest rollups from the query log, with the time each would save")
    .option("--json", "print JSON")
    .action(async (flags: { readonly json?: boolean }) => {
      const { advice, asked } = await adviseRollups(context.folder);
      if (flags.json) return void process.stdout.write(`${JSON.stringify({ asked, advice }, null, 2)}\n`);
      if (advice.length === 0)
        return void process.stdout.write(
          `${asked.toLocaleString("en")} queries in the log; no rollup saves half the rows of at least three of them\n`,
        );
      process.stdout.write(
        textTable(
          ["cube", "queries", "took", "fact rows", "rollup rows", "saves"],
          advice.map((a) => [
            a.cube,
            String(a.queries),
            `${(a.spent / 1000).toFixed(1)} s`,
            a.factRows.toLocaleString("en"),
            a.rollupRows.toLocaleString("en"),
            `${Math.round(a.gain * 100)} %`,
          ]),
        ),
      );
      for (const a of advice) process.stdout.write(`\ncube ${a.cube}:\n  ${a.declaration}\n`);
      process.stdout.write("\nThe estimate assumes that time is proportional to the rows read.\n");
    });
}
