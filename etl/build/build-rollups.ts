/** Builds the rollups of a version that is about to be published, from its finished main file. */
import type { ProjectSpec } from "../../engine/model/project.ts";
import { openEngine } from "../../engine/query/engine.ts";
import { dayOfMoment } from "../../engine/model/calendar.ts";
import { buildRollups } from "../../engine/rollup/index.ts";
import { describeFile } from "../../engine/warehouse/index.ts";
import { openWorkbench } from "../../engine/warehouse/workbench.ts";
import { catalogOf } from "../config.ts";

/** The role of the file that holds them. */
export const ROLLUPS = "rollups";

/** @param main the finished main file @param path the file to make @returns whether the model declares any */
export async function buildRollupFile(spec: ProjectSpec, main: string, path: string, onProgress: (name: string) => void): Promise<boolean> {
  if (!spec.cubes.some((cube) => Object.keys(cube.rollups ?? {}).length > 0)) return false;
  const manifest = { version: 0, files: [{ path: main, tables: await describeFile(main) }] };
  const workbench = await openWorkbench("/", manifest, path, { tempDirectory: `${path}.tmp`, ...(spec.warehouse.memoryLimit !== undefined && { memoryLimit: spec.warehouse.memoryLimit }), ...(spec.warehouse.threads !== undefined && { threads: spec.warehouse.threads }) });
  try {
    const engine = await openEngine({ catalog: catalogOf(spec), serving: workbench.serving, today: () => dayOfMoment(new Date()) });
    await buildRollups(engine, workbench.connection, workbench.out, onProgress);
    return true;
  } finally {
    await workbench.close();
  }
}
