/** Reading the answer of one request. */
import { phrase, TesseraError } from "../../../engine/errors/index.ts";

const LARGEST_ANSWER = 256 << 20;

/** The answer's text. @throws TesseraError `source-refused` beyond 256 MB */
export async function readText(response: Response, place: string): Promise<string> {
  const tooLarge = (): TesseraError =>
    new TesseraError("source-refused", phrase`the service sent more than ${LARGEST_ANSWER >> 20} MB in one answer`, {
      place,
      remedy: "ask for smaller pages",
    });
  if (Number(response.headers.get("content-length") ?? 0) > LARGEST_ANSWER) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > LARGEST_ANSWER) throw tooLarge();
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

/** Milliseconds to wait by a `Retry-After` header, which holds seconds or a date; undefined without one. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = header.trim() !== "" && Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Whether the value at a source's `errorAt` reports an error. */
export const isErrorValue = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0);

/** Why a request got no answer. Node's fetch keeps the reason in the error's cause. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "the service did not answer in time";
  const { cause } = error;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? ` (${String(cause.code)})` : "";
  return `the service cannot be reached${code}`;
}
