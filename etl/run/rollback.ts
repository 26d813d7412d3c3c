/** Taking loads back. */
import { openState, rollBack, takeLease, type RolledBack } from "../../engine/warehouse/index.ts";
import { publishedRuns } from "../runs/published.ts";
import { asRunError, beginRun, endRun, settleRuns } from "../runs/record.ts";

/**
 * Puts the warehouse back to what it was before the load, watermarks and all; the next incremental load begins from there.
 * Throws `not-found`, `version-gone`, or `lease-held` while another run writes.
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
