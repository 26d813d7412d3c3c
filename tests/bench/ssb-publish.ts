/** The Star Schema Benchmark's tables as a warehouse on disk, with the rollups of a project. */
import { join } from "node:path";
import type { ProjectSpec } from "../../engine/index.ts";
import { MAIN, makeWorkFolder, openForWriting, publishVersion, type Manifest } from "../../engine/warehouse/index.ts";
import { buildRollupFile, ROLLUPS } from "../../etl/build/build-rollups.ts";
import { timed } from "./_bench.ts";
import { ssbTables } from "./ssb-data.ts";

/** The tables in a file and the rollups of a project in another, published. */
export async function publishSsb(
  folder: string,
  scale: number,
  project: ProjectSpec,
): Promise<{
  readonly manifest: Manifest;
  readonly rollupRows: readonly number[];
  readonly madeMs: number;
  readonly builtMs: number;
}> {
  const work = makeWorkFolder(folder, "bench");
  const main = join(work, "main.duckdb");
  const madeMs = await timed(async () => {
    const writer = await openForWriting({ warehouse: main }, { tempDirectory: join(work, "temp") });
    for (const statement of ssbTables(scale)) await writer.connection.run(statement);
    await writer.close();
  });
  const rollups = join(work, "rollups.duckdb");
  let rollupRows: readonly number[] = [];
  const builtMs = await timed(async () => {
    rollupRows = (
      (await buildRollupFile(project, { files: [{ path: main }], changed: new Set() }, rollups, () => {
        /* the table tells */
      })) ?? []
    ).map((built) => built.rows);
  });
  return {
    manifest: await publishVersion(folder, { base: null, run: "bench", files: { [MAIN]: main, [ROLLUPS]: rollups } }),
    rollupRows,
    madeMs,
    builtMs,
  };
}
