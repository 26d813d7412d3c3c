/** Rolls back loads. */
import { openState, rollBack, takeLease, type RolledBack } from "../../engine/warehouse/index.ts";
import { publishedRuns } from "../runs/published.ts";
import { asRunError, beginRun, endRun, settleRuns } from "../runs/record.ts";

/**
 * Restores the version before a load, with its watermarks; the next incremental load continues from there.
 * @param load id of the load
 * @throws TesseraError `not-found`, `version-gone`; `lease-held` while another run writes
 */
export async function rollbackLoad(warehouse: string, load: string, startedBy = "owner"): Promise<RolledBack> {
  const state = openState(warehouse);
  try {
    settleRuns(state, publishedRuns(warehouse));
    const id = beginRun(state, { kind: "rollback", startedAt: new Date(), startedBy, options: { load } });
    try {
      const lease = takeLease(state, id);
      try {
        const result = await rollBack(warehouse, load);
        for (const run of result.runs) state.prepare("UPDATE runs SET status = 'rolled_back' WHERE id = ?").run(run);
        endRun(state, id, "published", { baseVersion: result.from, version: result.to });
        return result;
      } finally {
        lease.release();
      }
    } catch (error) {
      endRun(state, id, "failed", { error: asRunError(error) });
      throw error;
    }
  } finally {
    state.close();
  }
}
