/** What can be asked from a cell of an answer. */
import type { Query, Value } from "../../model/query.ts";

export interface DrillRequest {
  readonly query: Query;
  /** which of the query's dimensions moves; the innermost by default */
  readonly dimension?: string;
  /** `{ to: attribute }`: across to another attribute */
  readonly direction: "down" | "up" | { readonly to: string };
  /** values of the query's dimensions in the row that was chosen; null is (unknown). Not needed to go up */
  readonly cell?: Readonly<Record<string, Value>>;
}

export interface DrillthroughRequest extends Query {
  /** the cell: one value for each dimension of the query that it was taken from; null is (unknown) */
  readonly cell?: { readonly [member: string]: Value };
}
