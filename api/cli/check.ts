/** `tessera check`: every problem of model, jobs and dashboards, checked against the warehouse if it exists. */
import type { Command } from "commander";
import { problemAt } from "../i18n/index.ts";
import { checkProject } from "../../etl/project/check.ts";
import type { CommandContext } from "./context.ts";

export function register(program: Command, context: CommandContext): void {
  program
    .command("check")
    .description("check model, jobs, mining models and dashboards against the warehouse; list every problem")
    .option("--json", "print the problems as JSON")
    .action(async (flags: { readonly json?: boolean }) => {
      const found = await checkProject(context.folder);
      if (flags.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      else {
        for (const p of found.problems.map((each) => problemAt("cli", each)))
          process.stdout.write(`${p.place ?? found.folder}: ${p.message}${p.remedy ? `\n    ${p.remedy}` : ""}\n`);
        for (const note of found.notes) process.stdout.write(`note: ${note}\n`);
        process.stdout.write(
          found.problems.length === 0
            ? `no problems: ${found.checked.join(", ")}\n`
            : `${found.problems.length} problem${found.problems.length === 1 ? "" : "s"}\n`,
        );
      }
      if (found.problems.length > 0) process.exitCode = 1;
    });
}
