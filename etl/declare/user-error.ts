import { phrase, TesseraError } from "../../engine/errors/index.ts";
import { describeDuckdb } from "./duckdb-message.ts";

/** Errors of statements that the model wrote: names, types and syntax. */
const OF_THE_MODEL = /^(Catalog|Binder|Conversion|Parser) Error/;

/** A DuckDB error that a person can cause or cure, as a TesseraError; every other error as it is. */
export function asUserError(error: unknown): unknown {
  if (error instanceof TesseraError || !(error instanceof Error)) return error;
  if (error.message.startsWith("Out of Memory Error"))
    return new TesseraError("too-large", "the query needs more memory than its limit", {
      remedy: "ask for fewer dimensions or a shorter period, or raise warehouse.memoryLimit",
      cause: error,
    });
  if (!OF_THE_MODEL.test(error.message)) return error;
  const meaning = describeDuckdb(error.message);
  return new TesseraError(
    "model-invalid",
    meaning === undefined
      ? "an expression of the model does not fit the warehouse"
      : phrase`the model does not fit the warehouse: ${meaning}`,
    { remedy: { action: "check-model" }, cause: error },
  );
}
