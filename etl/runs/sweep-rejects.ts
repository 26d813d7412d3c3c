/** Rejected rows are kept as long as what their load published; those of a load that published nothing for two weeks. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { warehousePaths, type State } from "../../engine/warehouse/index.ts";

const DAYS = 14;

/** `kept`: loads whose versions are still there; `live`: those at work. Answers whose rows went. */
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
