/** One planned statement, and what is known of it. */
import type { Leaf } from "../resolve/nodes.ts";
import type { Finished } from "./fold/finish.ts";
import type { QueryPlan } from "./logical/nodes.ts";

/** A planned statement. */
export interface Compiled extends Finished {
  /** what it was made from */
  readonly plan: QueryPlan;
  /** the aggregates that are read, of any fact */
  readonly leaves: readonly Leaf[];
  /** rollups that answer in place of facts */
  readonly rollups: readonly string[];
  /** only rollups are read, and not many rows of them */
  readonly quick: boolean;
  /** columns of leaves that are grouped by a many-to-many or parent-child dimension: their groups overlap */
  readonly overlapping: ReadonlySet<string>;
}
