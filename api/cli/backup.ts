/** `tessera backup` and `tessera restore`. */
import type { Command } from "commander";
import { backupWarehouse } from "../../etl/backup/backup.ts";
import { restoreWarehouse } from "../../etl/backup/restore.ts";
import { loadConfig, warehouseFolder } from "../../etl/config.ts";
import { fromHere, type CommandContext } from "./context.ts";

const tell = (message: string): void => void process.stderr.write(`${message}\n`);

export function register(program: Command, context: CommandContext): void {
  program
    .command("backup")
    .description("copies the warehouse with its state into a folder; a second time only what is new")
    .argument("<folder>", "empty, or with an earlier backup")
    .option("--wait <seconds>", "wait so long for a run to end", "0")
    .option("--json", "print as JSON")
    .action(async (folder: string, flags: { readonly wait: string; readonly json?: boolean }) => {
      const made = await backupWarehouse(warehouseFolder(await loadConfig(context.folder), context.folder), fromHere(folder), { patience: Number(flags.wait) * 1000, onProgress: tell });
      for (const warning of made.warnings) tell(`warning: ${warning.message}`);
      process.stdout.write(flags.json ? `${JSON.stringify(made, null, 2)}\n` : `version ${made.version} and ${made.versions.length - 1} others are in ${made.folder}, every file verified; ${made.copied} copied now (${Math.round(made.bytes / 1e6)} MB)\n`);
    });
  program
    .command("restore")
    .description("makes the warehouse from a backup, verified before anything is touched")
    .argument("<folder>", "of the backup")
    .option("--force", "put it in the place of the warehouse that is there, which is kept beside it")
    .option("--json", "print as JSON")
    .action(async (folder: string, flags: { readonly force?: boolean; readonly json?: boolean }) => {
      const warehouse = warehouseFolder(await loadConfig(context.folder), context.folder);
      const restored = await restoreWarehouse(fromHere(folder), warehouse, { ...(flags.force && { force: true }), onProgress: tell });
      process.stdout.write(flags.json ? `${JSON.stringify(restored, null, 2)}\n` : `version ${restored.version} is served from ${warehouse}${restored.replaced === null ? "" : `; what was there is in ${restored.replaced}`}\nwho was erased after the backup was made is in it again: erase him again\n`);
    });
}
