/** Recommends rollups from a project's query log. */
import { today } from "../../engine/model/time/clock.ts";
import { openEngine } from "../../engine/query/answer/open-engine.ts";
import { advise, type Advice } from "../../engine/rollup/index.ts";
import { TesseraError } from "../../engine/errors/index.ts";
import { currentVersion, openState } from "../../engine/warehouse/index.ts";
import { openServing } from "../../engine/warehouse/serving.ts";
import { catalogOf, loadConfig, warehouseFolder } from "../declare/config.ts";
import { join } from "node:path";
import { tmpdir } from "node:os";

/** Number of queries that are read, the newest first. */
const NEWEST = 20_000;

interface LogRow {
  readonly members: string;
  readonly milliseconds: number;
}

/** The recommendation for a project. */
export interface RollupAdvice {
  /** queries of the log that were considered */
  readonly asked: number;
  readonly advice: readonly Advice[];
}

/** Recommends rollups. @param folder the project's folder @throws TesseraError `no-version` before the first load */
export async function adviseRollups(folder: string): Promise<RollupAdvice> {
  const spec = await loadConfig(folder);
  const warehouse = warehouseFolder(spec, folder);
  const current = await currentVersion(warehouse);
  if (!current)
    throw new TesseraError("no-version", "nothing has been loaded yet", {
      place: warehouse,
      remedy: { action: "load" },
    });
  const state = openState(warehouse);
  const rows = state
    .prepare(
      `SELECT members, milliseconds FROM query_log
       WHERE status = 'ok' AND kind = 'query' AND caller <> 'tool' ORDER BY id DESC LIMIT ?`,
    )
    .all(NEWEST) as LogRow[];
  state.close();
  const log = rows.map(({ members, milliseconds }) => ({
    members: members.split(" ").filter((member) => member !== ""),
    milliseconds,
  }));
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
