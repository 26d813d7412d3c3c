/** A server's answer, or the error that its problem document describes. */
import { TesseraError, type Problem } from "../../engine/errors/index.ts";
import type { ProblemDocument } from "../http/problem.ts";

/** @throws TesseraError with the server's code, message, place and remedy */
export async function answerOf(response: Response, url: URL): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("application/problem+json")) throw errorOf((await response.json()) as ProblemDocument);
  if (response.ok && type.startsWith("application/json")) return response.json();
  throw new TesseraError("source-unavailable", `${url.origin} answers ${response.status} and not as Tessera does`, {
    place: url.href,
    remedy: "check the address, and any proxy in front of the server",
  });
}

function errorOf({ code, detail, place, remedy, problems }: ProblemDocument): Error {
  // an error of the server's own has no code that a program could act on
  if (code === "internal") return new Error(`${detail}${remedy === undefined ? "" : ` ${remedy}`}`);
  return new TesseraError(code, detail, {
    ...(place !== undefined && { place }),
    ...(remedy !== undefined && { remedy }),
    ...(problems !== undefined && { problems: problems satisfies readonly Problem[] }),
  });
}

/** What `fetch` throws, as an error with a remedy; an ended request is `cancelled`. */
export function unreachable(error: unknown, url: URL): unknown {
  if (error instanceof TypeError)
    return new TesseraError("source-unavailable", `${url.origin} does not answer`, {
      place: url.href,
      remedy: "start the server (tessera serve), or check the address",
      cause: error,
    });
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError" || name === "TimeoutError")
    return new TesseraError("cancelled", "the request was ended before its answer came", {
      place: url.href,
      cause: error,
    });
  return error;
}
