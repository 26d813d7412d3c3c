import type { Expr, Join, Relation } from "../../sql/tree.ts";

/** FROM, JOIN and WHERE of a SELECT. */
export interface SourceParts {
  readonly from: Relation;
  readonly joins: readonly Join[];
  readonly where: Expr | null;
}
