/** What one query is planned with. */
import type { BuiltRollup } from "../rollup/fit.ts";
import type { WindowContext } from "../windows/cell-windows.ts";

export interface PlanContext extends WindowContext {
  /** rollups of the served version that were built from the current model */
  readonly rollups: readonly BuiltRollup[];
}
