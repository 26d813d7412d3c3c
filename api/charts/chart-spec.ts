/** A chart as plain data: the server draws it, and the browser draws it again with tips. */
import type { ChartKind } from "../../engine/model/declarations.ts";
import type { Catalogue } from "../i18n/catalogue.ts";
import type { Column, Row } from "../../engine/model/query.ts";

/** Texts in a chart; the browser gets them with the data. */
export type ChartWords = Pick<Catalogue["charts"], "before" | "tipBefore" | "tipChange">;

export interface ChartSpec {
  readonly kind: ChartKind;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** the dimension along the axis; in a scatter plot, the one that names the dots */
  readonly x: string;
  /** measures; several of one format are several series */
  readonly y: readonly string[];
  /** a second dimension: one series (or heat map row) a member */
  readonly series?: string;
  /** where each row's mark leads */
  readonly links?: readonly (string | null)[];
  /** members along a categorical axis at most */
  readonly most?: number;
  /** texts in the picture; default English */
  readonly words?: ChartWords;
}

/** The column with a name. @throws Error when the chart does not have it */
export const columnOf = (spec: Pick<ChartSpec, "columns">, name: string): Column => {
  const column = spec.columns.find((c) => c.name === name);
  if (!column) throw new Error(`column ${name} of the chart is missing`);
  return column;
};

/** True where the column is a period of time that can be laid out along an axis. */
export const isTime = (column: Column): boolean =>
  column.kind === "dimension" && (column.level !== undefined || column.type === "date" || column.type === "timestamp");
