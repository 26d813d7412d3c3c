/** Reads a project's query log, and says which rollups would have answered it. */
import { today } from "../../engine/model/time/clock.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { advise, type Advice } from "../../engine/rollup/index.ts";
import { TesseraError } from "../../engine/errors/index.ts";
import { currentVersion, openState } from "../../engine/warehouse/index.ts";
import { openServing } from "../../engine/warehouse/serving.ts";
import { catalogOf, loadConfig, warehouseFolder } from "../declare/config.ts";
import { join } from "node:path";
import { tmpdir } from "node:os";

/** How far back the log is read: the newest queries say what is needed now. */
const NEWEST = 20_000;

export async function adviseRollups(
  folder: string,
): Promise<{ readonly asked: number; readonly advice: readonly Advice[] }> {
  const spec = await loadConfig(folder);
  const warehouse = warehouseFolder(spec, folder);
  const current = await currentVersion(warehouse);
  if (!current)
    throw new TesseraError("no-version", "nothing has been loaded yet", {
      place: warehouse,
      remedy: "run `tessera load`",
    });
  const state = openState(warehouse);
  const log = (
    state
      .prepare(
        "SELECT members, milliseconds FROM query_log WHERE status = 'ok' AND kind = 'query' AND caller <> 'tool' ORDER BY id DESC LIMIT ?",
      )
      .all(NEWEST) as { members: string; milliseconds: number }[]
  ).map((row) => ({ members: row.members.split(" ").filter((m) => m !== ""), milliseconds: row.milliseconds }));
  state.close();
  const serving = await openServing(warehouse, current.manifest, {
    tempDirectory: join(tmpdir(), `tessera-advise-${process.pid}`),
    connections: 1,
  });
  try {
    const engine = await openEngine({ catalog: catalogOf(spec), serving, today: () => today(undefined, new Date()) });
    return { asked: log.length, advice: await advise(engine, log) };
  } finally {
    await serving.close();
  }
}
