import { TesseraError, phrase } from "../../engine/errors/index.ts";

/** What DuckDB says of a table or column that the version lacks, as an error with a remedy. */
export function asUserError(error: unknown): unknown {
  if (error instanceof TesseraError || !(error instanceof Error)) return error;
  const first = error.message.split("\n")[0]!;
  if (/^(Catalog|Binder) Error/.test(first))
    return new TesseraError(
      "model-invalid",
      phrase`the warehouse does not have what the model names: ${first.replace(/^(Catalog|Binder) Error: /, "")}`,
      { remedy: "run `tessera check`, then `tessera load` the job that fills it", cause: error },
    );
  if (/^Out of Memory Error/.test(first))
    return new TesseraError("too-large", "the query needs more memory than it may have", {
      remedy: "ask for fewer dimensions or a shorter period, or raise warehouse.memoryLimit",
      cause: error,
    });
  return error;
}
