/** `tessera backup` and `tessera restore`. */
import type { Command } from "commander";
import { backupWarehouse } from "../../etl/backup/backup.ts";
import { restoreWarehouse } from "../../etl/backup/restore.ts";
import { TesseraError } from "../../engine/errors/index.ts";
import { eraseAgain } from "../../etl/erase/erase-again.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
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
      const made = await backupWarehouse(
        warehouseFolder(await loadConfig(context.folder), context.folder),
        fromHere(folder),
        { patience: Number(flags.wait) * 1000, onProgress: tell },
      );
      for (const warning of made.warnings) tell(`warning: ${warning.message}`);
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(made, null, 2)}\n`
          : `version ${made.version} and ${made.versions.length - 1} others are in ${made.folder}, every file verified; ${made.copied} copied now (${Math.round(made.bytes / 1e6)} MB)\n`,
      );
    });
  program
    .command("restore")
    .description("makes the warehouse from a backup, verified before anything is touched")
    .argument("<folder>", "of the backup")
    .option("--force", "put it in the place of the warehouse that is there, which is kept beside it")
    .option("--json", "print as JSON")
    .action(async (folder: string, flags: { readonly force?: boolean; readonly json?: boolean }) => {
      const spec = await loadConfig(context.folder);
      const warehouse = warehouseFolder(spec, context.folder);
      const restored = await restoreWarehouse(fromHere(folder), warehouse, {
        ...(flags.force && { force: true }),
        onProgress: tell,
      });
      const again = await eraseAgain({ spec, folder: context.folder, onProgress: tell });
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ ...restored, erasedAgain: again.map(({ key, proof }) => ({ key, left: proof.left })) }, null, 2)}\n`
          : `version ${again.at(-1)?.version ?? restored.version} is served from ${warehouse}\n${again.length === 0 ? "" : `${again.length} ${again.length === 1 ? "person" : "persons"} whom the list of erased persons names ${again.length === 1 ? "was" : "were"} in the backup and ${again.length === 1 ? "is" : "are"} erased again\n`}`,
      );
      if (restored.replaced !== null)
        tell(
          `warning: what was there is in ${restored.replaced}. No erasure reaches it: delete it as soon as it is not needed`,
        );
      else
        tell(
          "warning: no warehouse was there, so its list of erased persons is the backup's: who was erased after that is in it again, and has to be erased again",
        );
      const left = again.flatMap(({ proof }) => proof.left);
      if (left.length > 0)
        throw new TesseraError("check-failed", "something of an erased person is left", {
          problems: left.map((message) => ({ code: "check-failed" as const, message })),
        });
    });
}
