/** Columns that the model names, checked against the warehouse, so that DuckDB never has to complain of them. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { Binding } from "./binding.ts";

/**
 * @param who the member that reads the column
 * @throws TesseraError `model-invalid` for a column that the table lacks
 */
export function checkColumn(binding: Binding, table: string, column: string, who: string, place: string): void {
  const columns = binding.columns.get(table.toLowerCase());
  if (!columns || columns.has(column.toLowerCase()) || column === "rowid") return;
  const remedy = phrase`it has ${[...columns.keys()].slice(0, 30).join(", ")}`;
  const suggestion = didYouMean(column, columns.keys());
  throw new TesseraError(
    "model-invalid",
    table.includes(":")
      ? phrase`${who} reads the column "${column}", which its sql lacks${suggestion}`
      : phrase`${who} reads the column "${column}", which table ${table} lacks${suggestion}`,
    { place, remedy },
  );
}
