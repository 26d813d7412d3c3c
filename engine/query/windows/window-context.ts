/** What windows are computed from. */
import type { FactSpan } from "../binding/fact-spans.ts";
import type { CompileContext } from "../scan/compile-context.ts";
import type { DaySet } from "../time/day-set.ts";
import type { TimeCell } from "../time/time-cells.ts";

/** A cell of the time keys, with the days that a measure reads for it. */
export interface CellWindow {
  readonly values: TimeCell["values"];
  readonly days: DaySet;
  /** how many of the days are not after now; at least 1 */
  readonly length: number;
}

/** The facts' dates, and the cells computed so far. */
export interface WindowContext extends CompileContext {
  /** first and last day of a cube's facts along a date role, in the query's zone; null without dates */
  spanOf(cube: string, role: string): FactSpan | null;
  /** cells that were computed before, by all that decides about them: several steps of planning ask for them */
  readonly cells: Map<string, readonly CellWindow[]>;
}
