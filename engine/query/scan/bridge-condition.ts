/** Filters on the members of a many-to-many role. */
import type { BridgeRole } from "../../model/cube.ts";
import { binary, column, inSelect, notNull, type Expr } from "../../sql/tree.ts";
import type { Condition } from "../resolve/nodes.ts";
import { acceptsNull } from "../resolve/null-conditions.ts";
import { BridgeJoin } from "./bridge-join.ts";
import type { CompileContext } from "./compile-context.ts";
import { FACT } from "./role-join.ts";

/** A fact passes when one of its links passes; a fact without links counts as the unknown member. */
export function bridgeCondition(
  context: CompileContext,
  role: BridgeRole,
  condition: Extract<Condition, { t: "attribute" | "days" }>,
): Expr {
  const bridge = new BridgeJoin(context, "b", role);
  bridge.restrict(condition);
  const linked = inSelect(column(FACT, role.through.on), bridge.keys());
  return acceptsNull(condition) ? binary("or", linked, unlinked(role)) : linked;
}

/** Whether a fact has no links. */
export const unlinked = ({ through }: BridgeRole): Expr =>
  inSelect(
    column(FACT, through.on),
    {
      t: "select",
      columns: [{ expr: column(null, through.on), as: "k" }],
      from: { t: "table", name: through.table, as: through.table },
      where: notNull(column(null, through.on)),
    },
    true,
  );
