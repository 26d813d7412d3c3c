/** `tessera demo`: builds, loads, mines and serves the demo company; existing parts are used as they are. */
import type { Command } from "commander";
import { TesseraError } from "../../engine/errors/index.ts";
import { runLoad, runMine } from "../../etl/index.ts";
import { loadConfig, warehouseFolder } from "../../etl/declare/config.ts";
import { currentVersion } from "../../engine/warehouse/index.ts";
import type { CommandContext } from "./context.ts";
import { DEMO_FOLDER } from "./context.ts";
import { openDemoSystems } from "./demo-systems.ts";
import { progressLines } from "./load-progress.ts";
import { runTable } from "./run-text.ts";
import { serveProject, servingOptions, type ServeFlags } from "./serve.ts";

export function register(program: Command, _context: CommandContext): void {
  servingOptions(
    program
      .command("demo")
      .description("build the demo company's source systems, load them, run the mining models, then serve"),
  )
    .option("--no-serve", "do everything except serve")
    .action(async (flags: ServeFlags & { readonly serve: boolean }) => {
      const started = performance.now();
      const spec = await loadConfig(DEMO_FOLDER);
      const found = await currentVersion(warehouseFolder(spec, DEMO_FOLDER));
      if (!found) {
        const systems = await openDemoSystems();
        const progress = progressLines(process.stderr);
        try {
          const run = await runLoad({
            folder: DEMO_FOLDER,
            environment: systems.environment,
            startedBy: "demo",
            onProgress: progress.show,
          });
          progress.end();
          process.stderr.write(runTable(run));
        } finally {
          await systems.close();
        }
      }
      const mined = Object.keys(found?.manifest.labels ?? {});
      const missing = (spec.models ?? []).map((m) => m.name).filter((name) => !mined.includes(name));
      if (missing.length > 0) {
        try {
          const { reports, skipped, seconds } = await runMine({
            folder: DEMO_FOLDER,
            models: missing,
            startedBy: "demo",
            onProgress: ({ model, what }) => process.stderr.write(`mining ${model}: ${what}\n`),
          });
          for (const { model, reason } of skipped) process.stderr.write(`skipped ${model}: ${reason}\n`);
          process.stderr.write(`${reports.length} models in ${seconds.toFixed(1)} s\n`);
        } catch (error) {
          // a small demo has too few customers for some models and is useful without them
          if (!(error instanceof TesseraError) || error.code !== "too-little-data") throw error;
          process.stderr.write(`${error.message}\n`);
        }
      }
      if (!found || missing.length > 0)
        process.stderr.write(
          `ready after ${((performance.now() - started) / 1000).toFixed(1)} s; the next start reuses the warehouse\n`,
        );
      if (flags.serve) await serveProject(DEMO_FOLDER, flags, openDemoSystems);
    });
}
