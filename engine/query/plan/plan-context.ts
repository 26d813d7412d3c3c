/** What one query is planned with. */
import { present } from "../../lookup.ts";
import type { Printed } from "../../sql/printer.ts";
import type { SelectLike } from "../../sql/tree.ts";
import type { BuiltRollup } from "../rollup/fit.ts";
import type { ResolveContext } from "../resolve/resolve-context.ts";
import type { WindowContext } from "../windows/window-context.ts";

/** The context of windows, with the rollups that may answer. */
export interface PlanContext extends WindowContext {
  /** rollups of the served version that were built from the current model */
  readonly rollups: readonly BuiltRollup[];
  /** a statement in the warehouse's dialect */
  readonly print: (tree: SelectLike) => Printed;
  /** what segments are resolved against */
  readonly whole: ResolveContext;
}

/** The rollup of a name that a plan chose. */
export const rollupNamed = ({ rollups }: Pick<PlanContext, "rollups">, name: string): BuiltRollup =>
  present(
    rollups.find((rollup) => rollup.name === name),
    `rollup ${name}`,
  );
