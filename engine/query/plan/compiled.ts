/** One planned statement, with what is known about it. */
import type { Leaf } from "../resolve/nodes.ts";
import type { Finished } from "./finish.ts";

export interface Compiled extends Finished {
  /** cubes read, with the leaves taken from each */
  readonly facts: readonly { readonly cube: string; readonly leaves: readonly Leaf[] }[];
  /** rollups that answer in place of facts */
  readonly rollups: readonly string[];
  /** rollups alone answer, of not many rows */
  readonly quick: boolean;
  /** leaves grouped by a many-to-many or parent-child dimension: their groups overlap */
  readonly overlapping: ReadonlySet<string>;
}
