/**
 * Removes old rejected rows: they are kept with their load's version, or for two weeks if the load published nothing.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { warehousePaths, type State } from "../../engine/warehouse/index.ts";

const DAYS = 14;

/**
 * @param kept loads whose versions are kept
 * @param live loads that run
 * @returns ids of the loads whose rows were removed
 */
export function sweepRejects(
  warehouse: string,
  state: State,
  kept: { has(run: string): boolean },
  live: readonly string[],
  at: Date,
): string[] {
  const { rejects } = warehousePaths(warehouse);
  if (!existsSync(rejects)) return [];
  const gone: string[] = [];
  for (const run of readdirSync(rejects)) {
    if (kept.has(run) || live.includes(run)) continue;
    const row = state.prepare("SELECT started_at FROM runs WHERE id = ?").get(run) as
      | { readonly started_at: string }
      | undefined;
    if (row !== undefined && at.getTime() - Date.parse(row.started_at) < DAYS * 86_400_000) continue;
    rmSync(join(rejects, run), { recursive: true, force: true });
    gone.push(run);
  }
  return gone;
}
