/** What can be asked from a cell of an answer: its rows, or the next query. */
import type { Query, Value } from "../../model/query.ts";

/** The next query from a cell. */
export interface DrillRequest {
  readonly query: Query;
  /** the query's dimension that moves; default: the innermost */
  readonly dimension?: string;
  /** down or up a hierarchy; `{ to: attribute }`: across to another attribute */
  readonly direction: "down" | "up" | { readonly to: string };
  /** values of the query's dimensions in the chosen row; null is (unknown). Not needed to go up */
  readonly cell?: Readonly<Record<string, Value>>;
}

/** The fact rows behind a cell. */
export interface DrillthroughRequest extends Query {
  /** one value for each dimension of the query that the cell comes from; null is (unknown) */
  readonly cell?: { readonly [member: string]: Value };
}
