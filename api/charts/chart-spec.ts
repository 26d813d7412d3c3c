/** A chart as plain data: what the server draws, and what the page hands to the browser to draw again with tips. */
import type { ChartKind } from "../../engine/model/declarations.ts";
import type { Column, Row } from "../../engine/model/query.ts";

export interface ChartSpec {
  readonly kind: ChartKind;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** the dimension along the axis; of a scatter plot the dimension that names the dots */
  readonly x: string;
  /** measures; several of one format are several series */
  readonly y: readonly string[];
  /** a second dimension: one series (or heat map row) a member */
  readonly series?: string;
  /** where a click on a row's mark leads */
  readonly links?: readonly (string | null)[];
  /** upper bound on the members shown along a categorical axis */
  readonly most?: number;
}

export const columnOf = (spec: Pick<ChartSpec, "columns">, name: string): Column => {
  const column = spec.columns.find((c) => c.name === name);
  if (!column) throw new Error(`chart of ${name}: the result has no such column`);
  return column;
};

/** True where the column is a period of time that can be laid out along an axis. */
export const isTime = (column: Column): boolean =>
  column.kind === "dimension" && (column.level !== undefined || column.type === "date" || column.type === "timestamp");
