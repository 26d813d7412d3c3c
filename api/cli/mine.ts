/** `tessera mine`. */
import type { Command } from "commander";
import { runMine } from "../../etl/index.ts";
import { formatNumber } from "../charts/format-value.ts";
import type { CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

export function register(program: Command, context: CommandContext): void {
  program
    .command("mine")
    .description("trains and scores the mining models, prints each one's quality figures")
    .argument("[models...]", "names of models; all without them")
    .option("--as-of <date>", "label members as they stood on a day, from the facts up to it; later labels are kept")
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
          `\n${report.title} (${report.technique} over ${report.over}, as of ${report.asOf}, ${report.members.toLocaleString("en")} members, ${report.seconds.toFixed(1)} s)\n`,
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
        if (report.verdict)
          process.stdout.write(
            `  ${report.verdict.beats ? "beats" : "does not beat"} ${report.verdict.against} on ${report.verdict.by}: ${report.verdict.model.toPrecision(4)} against ${report.verdict.rival.toPrecision(4)}, lead ${report.verdict.lead[0].toPrecision(3)} to ${report.verdict.lead[1].toPrecision(3)}\n`,
          );
        for (const note of report.notes) process.stdout.write(`  ${note}\n`);
      }
      for (const { model, reason } of summary.skipped) process.stdout.write(`\n${model} was left out: ${reason}\n`);
      process.stdout.write(`\nversion ${summary.version} holds the labels\n`);
    });
}
