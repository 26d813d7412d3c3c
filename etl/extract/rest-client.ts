/** One request to a JSON service: rate limit, bounded tries with jitter, `Retry-After`, no partial answers. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import type { RestSource } from "../declare/sources/rest.ts";
import { atPath, parsePath } from "./json-path.ts";
import { systemClock, type RestClock } from "./rest-clock.ts";
import { credentials } from "./rest-token.ts";

export interface RestAnswer {
  readonly text: string;
  readonly json: unknown;
  readonly link: string | null;
}

export interface RestClient {
  readonly base: URL;
  /** A GET, or a POST of the JSON text. */
  get(address: URL, body?: string): Promise<RestAnswer>;
}

const LONGEST_WAIT = 120_000;
const LARGEST_ANSWER = 256 << 20;

/** A client for the source; the secrets stay inside it. */
export function restClient(
  source: RestSource,
  environment: Environment,
  signal: AbortSignal,
  clock: RestClock = systemClock,
): RestClient {
  const place = `source ${source.name}`;
  const base = new URL(resolveSetting(source.baseUrl, environment, place));
  const headers: Record<string, string> = { accept: "application/json" };
  const who = credentials(source, environment, place, signal, clock);
  const errorAt = source.errorAt === undefined ? undefined : parsePath(source.errorAt, place);
  for (const [name, value] of Object.entries(source.headers ?? {}))
    headers[name] = resolveSetting(value, environment, place);
  const gap = source.rateLimit === undefined ? 0 : 1000 / source.rateLimit.perSecond;
  const tries = (source.retries ?? 5) + 1;
  let free = 0;

  const once = async (address: URL, body: string | undefined, renewed = false): Promise<RestAnswer> => {
    const wait = free - clock.now();
    free = Math.max(free, clock.now()) + gap;
    if (wait > 0) await clock.sleep(wait, signal);
    const authorization = await who.header();
    // redirects could carry the token to another host
    const response = await fetch(address, {
      headers: {
        ...headers,
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout((source.timeout ?? 60) * 1000)]),
      ...(body !== undefined && { method: "POST", body }),
    });
    if (response.status === 401 && !renewed && who.refused(authorization)) {
      // the token ended while the pages were read, whatever its date said
      await response.body?.cancel();
      return once(address, body, true);
    }
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new TesseraError(
        "source-refused",
        phrase`the service sends ${address.pathname} elsewhere (${response.status}), and no redirect is followed`,
        { place, remedy: "set baseUrl to where the service is now" },
      );
    }
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      throw new Temporary(
        `the service answered ${response.status}`,
        retryAfter(response.headers.get("retry-after"), clock),
      );
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new TesseraError(
        "source-refused",
        phrase`the service answered ${response.status} for ${address.pathname}`,
        {
          place,
          ...(response.status === 401 && { remedy: "check the token or password in the environment" }),
        },
      );
    }
    const text = await bounded(response, place);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      // a torn answer may be whole next time; an error page with status 200 will not, and ends the tries
      throw new Temporary(
        `the service's answer for ${address.pathname} is no JSON: ${JSON.stringify(text.slice(0, 60))}`,
        undefined,
      );
    }
    if (errorAt !== undefined && isError(atPath(json, errorAt)))
      throw new Temporary(`the service answered 200 with an error at ${source.errorAt}`, undefined);
    return { text, json, link: response.headers.get("link") };
  };

  return {
    base,
    get: async (address, body) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(address, body);
        } catch (error) {
          if (signal.aborted) throw new TesseraError("cancelled", "the read was cancelled", { place });
          if (error instanceof TesseraError) throw error;
          if (attempt >= tries) {
            throw new TesseraError("source-unavailable", phrase`${messageOf(error)}, ${attempt} times`, {
              place,
              remedy: "try again later: nothing was changed",
            });
          }
          const backoff = Math.min(30_000, 200 * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2);
          await clock.sleep(
            Math.min(LONGEST_WAIT, error instanceof Temporary && error.after !== undefined ? error.after : backoff),
            signal,
          );
        }
      }
    },
  };
}

/** A fault that another try may mend. */
class Temporary extends Error {
  constructor(
    message: string,
    readonly after: number | undefined,
  ) {
    super(message);
  }
}

const isError = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0);

/** The answer's text, as long as it is no longer than anybody can want. */
async function bounded(response: Response, place: string): Promise<string> {
  const tooLong = (): TesseraError =>
    new TesseraError("source-refused", phrase`the service sent more than ${LARGEST_ANSWER >> 20} MB in one answer`, {
      place,
      remedy: "ask for smaller pages",
    });
  if (Number(response.headers.get("content-length") ?? 0) > LARGEST_ANSWER) {
    await response.body?.cancel();
    throw tooLong();
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > LARGEST_ANSWER) throw tooLong();
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

/** Milliseconds to wait, from seconds or a date. */
function retryAfter(header: string | null, clock: RestClock): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.now());
}

/** Node's fetch hides the reason of a broken connection one level down. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Temporary) return error.message;
  if (error.name === "TimeoutError") return "the service did not answer in time";
  const cause = error.cause as { readonly code?: string } | undefined;
  return `the service cannot be reached${cause?.code === undefined ? "" : ` (${cause.code})`}`;
}
