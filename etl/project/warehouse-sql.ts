/** Rows of a warehouse table by a statement of our own code. */
import { at } from "../../engine/lookup.ts";
import type { Column, Row, Value } from "../../engine/model/query.ts";
import { attributeTypeOf } from "../../engine/query/binding/binding.ts";
import { columnTypeOf } from "../../engine/warehouse/column-types.ts";
import type { RunOptions, Serving } from "../../engine/warehouse/serving.ts";
import { translated } from "./noted-answers.ts";

/** Columns and rows. */
export interface SqlResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

function typeOf(value: Value): "integer" | "double" | "boolean" | "text" {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "double";
  return typeof value === "boolean" ? "boolean" : "text";
}

/** Runs a statement with parameters `$1`, `$2`, … */
export async function runSql(
  serving: Serving,
  statement: string,
  parameters: readonly Value[],
  options: RunOptions,
): Promise<SqlResult> {
  const typed = parameters.map((value) => ({ value, type: typeOf(value) }));
  const { names, types, columns, rowCount } = await translated(serving.run(statement, typed, options));
  return {
    columns: names.map((name, i): Column => {
      const type = attributeTypeOf(columnTypeOf(at(types, i)));
      return { name, type, title: name, kind: type === "number" ? "measure" : "dimension" };
    }),
    rows: Array.from({ length: rowCount }, (_, row) =>
      Object.fromEntries(names.map((name, column) => [name, columns[column]?.[row] as Value])),
    ),
  };
}
