/** `tessera versions`. */
import type { Command } from "commander";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { keptVersions, pinKept, unpinKept } from "../../etl/backup/versions.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import type { CommandContext } from "./context.ts";
import { textTable } from "./run-text.ts";

interface VersionFlags {
  readonly pin?: string;
  readonly unpin?: string;
  readonly reason: string;
  readonly json?: boolean;
}

export function register(program: Command, context: CommandContext): void {
  program
    .command("versions")
    .description("list the kept data versions and why they are kept; pin one")
    .option("--pin <version>", "keep a version for 400 days")
    .option("--unpin <version>", "remove the pin of a version")
    .option("--reason <text>", "reason of the pin; each reason is a pin of its own", "kept by hand")
    .option("--json", "print JSON")
    .action(async (flags: VersionFlags) => {
      const warehouse = warehouseFolder(await loadConfig(context.folder), context.folder);
      if (flags.pin !== undefined) pinKept(warehouse, numberOf(flags.pin), flags.reason);
      if (flags.unpin !== undefined) unpinKept(warehouse, numberOf(flags.unpin), flags.reason);
      const kept = keptVersions(warehouse);
      if (flags.json) return void process.stdout.write(`${JSON.stringify(kept, null, 2)}\n`);
      process.stdout.write(
        textTable(
          ["version", "published", "run", "MB", "files", ""],
          kept.map((each) => [
            String(each.version),
            each.publishedAt.slice(0, 16).replace("T", " "),
            each.run,
            (each.bytes / 1e6).toFixed(1),
            String(each.roles.length),
            [
              ...(each.served ? ["served"] : []),
              ...(each.undone ? ["rolled back"] : []),
              ...each.pins.map((pin) => `pinned until ${pin.expiresAt.slice(0, 10)}: ${pin.reason}`),
            ].join(", "),
          ]),
        ),
      );
    });
}

function numberOf(text: string): number {
  if (!/^\d+$/.test(text))
    throw new TesseraError("usage", phrase`"${text}" is not a version`, {
      remedy: { action: "list-versions" },
    });
  return Number(text);
}
