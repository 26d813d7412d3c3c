/** `tessera rollback`. */
import type { Command } from "commander";
import { rollbackLoad } from "../../etl/index.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import type { LoadCommandContext } from "./load.ts";

export function register(program: Command, context: LoadCommandContext): void {
  program
    .command("rollback")
    .description("restore the data version from before a load")
    .argument("<load>", "the load's id, from `tessera loads`")
    .option("--json", "print JSON")
    .action(async (load: string, flags: { readonly json?: boolean }) => {
      const result = await rollbackLoad(warehouseFolder(await loadConfig(context.folder), context.folder), load);
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(result, null, 2)}\n`
          : `version ${result.to} is served instead of ${result.from}; rolled back: ${result.runs.join(", ")}\n`,
      );
    });
}
