/** Repairs a warehouse at start: marks runs whose process died, and removes what they left. */
import {
  openState,
  pinnedVersions,
  sweep,
  takeLease,
  warehousePaths,
  type Swept,
} from "../../engine/warehouse/index.ts";
import { existsSync } from "node:fs";
import { TesseraError } from "../../engine/errors/index.ts";
import { publishedRuns } from "../runs/published.ts";
import { settleRuns } from "../runs/record.ts";

/** Repairs a warehouse. @returns what was removed; null while another process writes the warehouse */
export function repairWarehouse(warehouse: string, now = new Date()): Swept | null {
  if (!existsSync(warehousePaths(warehouse).state)) return null;
  const state = openState(warehouse);
  try {
    const lease = takeLease(state, "repair");
    try {
      const { live } = settleRuns(state, publishedRuns(warehouse));
      return sweep(warehouse, live, now, { pinned: pinnedVersions(state, now) });
    } finally {
      lease.release();
    }
  } catch (error) {
    if (error instanceof TesseraError && error.code === "lease-held") return null;
    throw error;
  } finally {
    state.close();
  }
}
