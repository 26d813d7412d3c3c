/** `tessera source test`. */
import type { Command } from "commander";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { testSource, type Source } from "../../etl/index.ts";
import { loadConfig } from "../../etl/declare/config.ts";
import { jobsOf } from "../../etl/declare/project-parts.ts";
import type { LoadCommandContext } from "./load.ts";

export function register(program: Command, context: LoadCommandContext): void {
  const source = program.command("source").description("work with the systems that data comes from");
  source
    .command("test")
    .description("test the connection to sources")
    .argument("[name]", "a source; default all")
    .action(async (name: string | undefined) => {
      const spec = await loadConfig(context.folder);
      const sources = new Map<string, Source>(jobsOf(spec).map((job) => [job.source.name, job.source]));
      if (name !== undefined && !sources.has(name))
        throw new TesseraError("not-found", phrase`source "${name}" not found${didYouMean(name, sources.keys())}`, {
          remedy: phrase`use one of ${[...sources.keys()].join(", ")}`,
        });
      let failed = 0;
      for (const [each, found] of sources) {
        if (name !== undefined && each !== name) continue;
        try {
          process.stdout.write(`${each}: ${await testSource(found, context.folder)}\n`);
        } catch (error) {
          if (!(error instanceof TesseraError)) throw error;
          failed++;
          process.stdout.write(`${each}: ${error.message}\n`);
        }
      }
      if (failed > 0) process.exitCode = 1;
    });
}
