/** `tessera diff OLD NEW`. */
import type { Command } from "commander";
import { diffModels } from "../../etl/diff.ts";
import { fromHere, type CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

export function register(program: Command, _context: CommandContext): void {
  program
    .command("diff")
    .description("measures that a changed model changes, on the data of the old one")
    .argument("<old>", "folder of the project whose warehouse is asked")
    .argument("<new>", "folder of the changed project")
    .option("--json", "print as JSON")
    .action(async (before: string, after: string, flags: { readonly json?: boolean }) => {
      const found = await diffModels(fromHere(before), fromHere(after));
      if (flags.json) return void process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      const text = (value: unknown): string => (value === null ? "–" : typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 4 }) : String(value));
      if (found.changes.length > 0) process.stdout.write(textTable(["measure", "", "before", "after", "months that differ"], found.changes.map((c) => [c.member, c.kind, text(c.before), text(c.after), c.problem ?? (c.months.length === 0 ? "" : `${c.months.slice(0, 3).map((m) => m.month).join(", ")}${c.months.length > 3 ? ", …" : ""}`)])));
      process.stdout.write(`${found.compared} measures compared on version ${found.version}, ${found.changes.length === 0 ? "no value changes" : `${found.changes.length} differ`}\n`);
    });
}
