/** `tessera backup` and `tessera restore`. */
import type { Command } from "commander";
import { backupWarehouse } from "../../etl/backup/backup.ts";
import { restoreWarehouse } from "../../etl/backup/restore.ts";
import { TesseraError } from "../../engine/errors/index.ts";
import { eraseAgain } from "../../etl/erase/erase-again.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import { fromHere, type CommandContext } from "./context.ts";

const log = (message: string): void => void process.stderr.write(`${message}\n`);

function erasedAgainText(count: number): string {
  if (count === 0) return "";
  const one = count === 1;
  return (
    `${count} ${one ? "person" : "persons"} whom the list of erased persons names ${one ? "was" : "were"} in the ` +
    `backup and ${one ? "is" : "are"} erased again\n`
  );
}

export function register(program: Command, context: CommandContext): void {
  program
    .command("backup")
    .description("copy the warehouse and its state into a folder; later backups copy only what is new")
    .argument("<folder>", "empty, or with an earlier backup")
    .option("--wait <seconds>", "time to wait for a run to end", "0")
    .option("--json", "print JSON")
    .action(async (folder: string, flags: { readonly wait: string; readonly json?: boolean }) => {
      const made = await backupWarehouse(
        warehouseFolder(await loadConfig(context.folder), context.folder),
        fromHere(folder),
        { patience: Number(flags.wait) * 1000, onProgress: log },
      );
      for (const warning of made.warnings) log(`warning: ${warning.message}`);
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(made, null, 2)}\n`
          : `backed up version ${made.version} and ${made.versions.length - 1} others to ${made.folder}: ` +
              `all files verified, ${made.copied} copied (${Math.round(made.bytes / 1e6)} MB)\n`,
      );
    });
  program
    .command("restore")
    .description("restore the warehouse from a backup, verified before anything changes")
    .argument("<folder>", "the backup")
    .option("--force", "replace the existing warehouse, which is kept next to it")
    .option("--json", "print JSON")
    .action(async (folder: string, flags: { readonly force?: boolean; readonly json?: boolean }) => {
      const spec = await loadConfig(context.folder);
      const warehouse = warehouseFolder(spec, context.folder);
      const restored = await restoreWarehouse(fromHere(folder), warehouse, {
        ...(flags.force && { force: true }),
        onProgress: log,
      });
      const again = await eraseAgain({ spec, folder: context.folder, onProgress: log });
      const erasedAgain = again.map(({ key, proof }) => ({ key, left: proof.left }));
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ ...restored, erasedAgain }, null, 2)}\n`
          : `version ${again.at(-1)?.version ?? restored.version} is served from ${warehouse}\n` +
              erasedAgainText(again.length),
      );
      if (restored.replaced !== null)
        log(
          `warning: the replaced warehouse is in ${restored.replaced}. Erasures do not reach it: delete ` +
            "it when possible",
        );
      else
        log("warning: the list of erased persons is that of the backup: erase persons again who were erased after it");
      const left = again.flatMap(({ proof }) => proof.left);
      if (left.length > 0)
        throw new TesseraError("check-failed", "data of an erased person remains", {
          problems: left.map((message) => ({ code: "check-failed" as const, message })),
        });
    });
}
