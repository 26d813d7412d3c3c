import { phrase, TesseraError } from "../../../engine/errors/index.ts";

/** An error of a project's own code as one of the source; a TesseraError passes as it is. */
export function sourceFailed(error: unknown, name: string): unknown {
  if (error instanceof TesseraError || (error instanceof Error && error.name === "AbortError")) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TesseraError("source-unavailable", phrase`source "${name}" failed: ${message}`, {
    place: `source ${name}`,
    remedy: "correct `rows` of the source, or load again when what it reads answers: nothing was changed",
    cause: error,
  });
}
