/** `tessera diff OLD NEW`. */
import type { Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { diffModels } from "../../etl/project/diff.ts";
import { fromHere, type CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

interface DiffFlags {
  readonly own?: boolean;
  readonly by: string;
  readonly oldEnv?: string;
  readonly newEnv?: string;
  readonly json?: boolean;
}

export function register(program: Command, _context: CommandContext): void {
  program
    .command("diff")
    .description("compare the measures of two models on the same data, or of two warehouses")
    .argument("<old>", "folder of the project whose warehouse is queried")
    .argument("<new>", "folder of the changed project")
    .option("--own", "query the new project's own warehouse: a pilot, or a parallel run before a cut-over")
    .option("--by <period>", "month or day", "month")
    .option("--old-env <name>", "the old project's environment")
    .option("--new-env <name>", "the new project's environment; the folders may be the same")
    .option("--json", "print JSON")
    .action(async (before: string, after: string, flags: DiffFlags) => {
      if (flags.by !== "month" && flags.by !== "day")
        throw new TesseraError("usage", phrase`--by "${flags.by}" is not supported`, { remedy: "use month or day" });
      const found = await diffModels(fromHere(before), fromHere(after), {
        by: flags.by,
        ...(flags.own && { ownData: true }),
        ...((flags.oldEnv ?? flags.newEnv) !== undefined && { environments: [flags.oldEnv, flags.newEnv] as const }),
      });
      if (flags.json) return void process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      const text = (value: unknown): string => {
        if (value === null) return "–";
        return typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 4 }) : String(value);
      };
      if (found.changes.length > 0)
        process.stdout.write(
          textTable(
            ["measure", "", "before", "after", `${flags.by}s that differ`],
            found.changes.map((c) => [
              c.member,
              c.kind,
              text(c.before),
              text(c.after),
              c.problem ??
                (c.differing === 0
                  ? ""
                  : `${c.differing}: ${c.periods
                      .slice(0, 3)
                      .map((p) => `${p.period} (${text(p.before)} → ${text(p.after)})`)
                      .join(", ")}${c.differing > 3 ? ", …" : ""}`),
            ]),
          ),
        );
      const versions = `${found.version}${flags.own ? ` and the new one's ${found.newVersion}` : ""}`;
      const changes = found.changes.length === 0 ? "no value changes" : `${found.changes.length} differ`;
      process.stdout.write(`${found.compared} measures compared on version ${versions}, ${changes}\n`);
    });
}
