/** DuckDB's errors by kind. DuckDB tells them apart by their texts alone, so this is the only file that reads them. */
import { TesseraError, phrase } from "../errors/index.ts";
import { WarehouseFault, type FaultKind } from "./fault.ts";

/** What went wrong in a statement, where it is known; `name` is the table or column that is missing. */
export type DuckdbFault =
  | { readonly kind: "out-of-memory" | "disk-full" | "expression" | FaultKind }
  | { readonly kind: "missing-table" | "missing-column"; readonly name: string };

const OVERFLOW = /^(Out of Range Error|Conversion Error: (Casting value|Type .+ with value|Failed to cast decimal))/;
const TABLE = /^Catalog Error: Table with name (.+) does not exist/;
const COLUMN = /^Binder Error: (?:Referenced column|Table ".+" does not have a column named) "(.+?)"/;

/** The fault of a DuckDB error; null for any other error. */
export function duckdbFault(error: unknown): DuckdbFault | null {
  if (!(error instanceof Error) || error instanceof TesseraError) return null;
  const { message } = error;
  if (message.startsWith("Out of Memory Error")) return { kind: "out-of-memory" };
  if (/^IO Error.*(No space left|disk full)/is.test(message)) return { kind: "disk-full" };
  if (OVERFLOW.test(message)) return { kind: /STDDEV|VARIANCE/i.test(message) ? "deviation-overflow" : "overflow" };
  if (message.startsWith("Conversion Error")) return { kind: "conversion" };
  const [, table] = TABLE.exec(message) ?? [];
  if (table !== undefined) return { kind: "missing-table", name: table };
  const [, column] = COLUMN.exec(message) ?? [];
  if (column !== undefined) return { kind: "missing-column", name: column };
  return /^(Catalog|Binder|Parser) Error/.test(message) ? { kind: "expression" } : null;
}

/**
 * A DuckDB error in our own words, with DuckDB's as its cause; a fault of the data by its kind; any other error as it
 * is.
 */
export function inOurWords(error: unknown): unknown {
  const fault = duckdbFault(error);
  switch (fault?.kind) {
    case "out-of-memory":
      return new TesseraError("too-large", "the query needs more memory than it may have", {
        remedy: "ask for fewer dimensions or a shorter period, or raise warehouse.memoryLimit",
        cause: error,
      });
    case "disk-full":
      return new TesseraError("disk-full", "the disk is full", { remedy: "free some space", cause: error });
    case "missing-table":
      return new TesseraError("model-invalid", phrase`table "${fault.name}" not found in the warehouse`, {
        remedy: { action: "load" },
        cause: error,
      });
    case "missing-column":
      return new TesseraError("model-invalid", phrase`column "${fault.name}" not found in the warehouse`, {
        remedy: { action: "check-model" },
        cause: error,
      });
    case "expression":
      return new TesseraError("model-invalid", "the warehouse cannot read an expression of the model", {
        remedy: { action: "check-model" },
        cause: error,
      });
    case "overflow":
    case "deviation-overflow":
    case "conversion":
      return error instanceof Error ? new WarehouseFault(fault.kind, error) : error;
    default:
      return error;
  }
}

/** The kind of a fault of the data, before or after the connection was given back; null for any other error. */
export function faultKind(error: unknown): FaultKind | null {
  const found = error instanceof WarehouseFault ? error : inOurWords(error);
  return found instanceof WarehouseFault ? found.kind : null;
}

/** Whether a value did not fit into the type that it was cast to. */
export const isCastFailure = (error: unknown): boolean =>
  error instanceof Error && /could not (be )?cast|out of range/i.test(error.message);
