/** `tessera mine`. */
import type { Command } from "commander";
import type { Verdict } from "../../engine/mining/index.ts";
import { runMine } from "../../etl/index.ts";
import { formatNumber } from "../charts/format-value.ts";
import type { CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

const verdictText = ({ beats, against, by, model, rival, lead: [from, to] }: Verdict): string =>
  `${beats ? "better than" : "not better than"} ${against} on ${by}: ${model.toPrecision(4)} against ` +
  `${rival.toPrecision(4)}, lead ${from.toPrecision(3)} to ${to.toPrecision(3)}`;

export function register(program: Command, context: CommandContext): void {
  program
    .command("mine")
    .description("train and score the mining models, and print their quality")
    .argument("[models...]", "models to run; default all")
    .option("--as-of <date>", "label members as of a day, from the facts up to it; later labels are kept")
    .option("--json", "print the reports as JSON")
    .action(async (models: string[], flags: { readonly json?: boolean; readonly asOf?: string }) => {
      const summary = await runMine({
        folder: context.folder,
        ...(models.length > 0 && { models }),
        ...(flags.asOf !== undefined && { asOf: flags.asOf }),
        onProgress: ({ model, what, number, of }) => process.stderr.write(`${number}/${of} ${model}: ${what}\n`),
      });
      if (flags.json) return void process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
      for (const report of summary.reports) {
        process.stdout.write(
          `\n${report.title} (${report.technique} over ${report.over}, as of ${report.asOf}, ` +
            `${report.members.toLocaleString("en")} members, ${report.seconds.toFixed(1)} s)\n`,
        );
        process.stdout.write(
          textTable(
            ["figure", "value", ""],
            report.figures.map((f) => [
              f.title,
              f.value === null ? "–" : formatNumber(f.value, { format: f.format }),
              f.note ?? "",
            ]),
          ),
        );
        if (report.verdict) process.stdout.write(`  ${verdictText(report.verdict)}\n`);
        for (const note of report.notes) process.stdout.write(`  ${note}\n`);
      }
      for (const { model, reason } of summary.skipped) process.stdout.write(`\nskipped ${model}: ${reason}\n`);
      process.stdout.write(`\npublished the labels as version ${summary.version}\n`);
    });
}
