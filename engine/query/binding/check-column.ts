/** What measures take and attributes read, held against the columns that the warehouse has: said in the model's words before the engine below says it in its own. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { Binding } from "./binding.ts";

/** @param who says the column @throws TesseraError `model-invalid` */
export function checkColumn(binding: Binding, table: string, column: string, who: string, place: string): void {
  const columns = binding.columns.get(table.toLowerCase());
  if (!columns || columns.has(column.toLowerCase()) || column === "rowid") return;
  throw new TesseraError(
    "model-invalid",
    phrase`${who} reads ${column}, which ${table.includes(":") ? "its sql" : `the table ${table}`} has not${didYouMean(column, columns.keys())}`,
    { place, remedy: phrase`it has ${[...columns.keys()].slice(0, 30).join(", ")}` },
  );
}
