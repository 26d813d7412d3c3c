/** Requests to a JSON service: rate limit, a bounded number of tries with jitter, `Retry-After`, no partial answers. */
import { phrase, TesseraError } from "../../../engine/errors/index.ts";
import { resolveSetting, type Environment } from "../../declare/secret.ts";
import type { RestSource } from "../../declare/sources/rest.ts";
import { atPath, parsePath } from "../json-path.ts";
import { describeFailure, isErrorValue, readText, retryAfter } from "./rest-answer.ts";
import { systemClock, type RestClock } from "./rest-clock.ts";
import { credentials } from "./rest-token.ts";

/** A complete answer. */
export interface RestAnswer {
  readonly text: string;
  readonly json: unknown;
  /** the `Link` header */
  readonly link: string | null;
}

/** A client of one source. */
export interface RestClient {
  readonly base: URL;
  /** a GET, or a POST of the JSON text */
  get(address: URL, body?: string): Promise<RestAnswer>;
}

const LONGEST_WAIT = 120_000;
const LONGEST_BACKOFF = 30_000;
const DEFAULT_RETRIES = 5;
const DEFAULT_TIMEOUT = 60;
/** Characters of an invalid answer that are shown. */
const SHOWN = 60;

/** A failure that another try may not meet again. */
class Temporary extends Error {
  readonly after: number | undefined;

  constructor(message: string, after?: number) {
    super(message);
    this.after = after;
  }
}

/** A client of the source; secrets stay inside it. @throws TesseraError `secret-missing` */
export function restClient(
  source: RestSource,
  environment: Environment,
  signal: AbortSignal,
  clock: RestClock = systemClock,
): RestClient {
  const place = `source ${source.name}`;
  const base = new URL(resolveSetting(source.baseUrl, environment, place));
  const login = credentials(source, environment, place, signal, clock);
  const errorAt = source.errorAt === undefined ? undefined : parsePath(source.errorAt, place);
  const headers: Record<string, string> = { accept: "application/json" };
  for (const [name, value] of Object.entries(source.headers ?? {}))
    headers[name] = resolveSetting(value, environment, place);
  const gap = source.rateLimit === undefined ? 0 : 1000 / source.rateLimit.perSecond;
  const tries = (source.retries ?? DEFAULT_RETRIES) + 1;
  let nextAllowed = 0;

  const keepRate = async (): Promise<void> => {
    const wait = nextAllowed - clock.now();
    nextAllowed = Math.max(nextAllowed, clock.now()) + gap;
    if (wait > 0) await clock.sleep(wait, signal);
  };

  const once = async (address: URL, body: string | undefined, isRenewed = false): Promise<RestAnswer> => {
    await keepRate();
    const authorization = await login.header();
    const response = await fetch(address, {
      headers: {
        ...headers,
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      // a redirect could carry the token to another host
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout((source.timeout ?? DEFAULT_TIMEOUT) * 1000)]),
      ...(body !== undefined && { method: "POST", body }),
    });
    // a token may end before the date it states
    if (response.status === 401 && !isRenewed && login.refused(authorization)) {
      await response.body?.cancel();
      return once(address, body, true);
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(response, address, place, clock);
    }
    const text = await readText(response, place);
    const json = parseAnswer(text, address);
    if (errorAt !== undefined && isErrorValue(atPath(json, errorAt)))
      throw new Temporary(`the service answered 200 with an error at ${source.errorAt}`);
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
            const reason = error instanceof Temporary ? error.message : describeFailure(error);
            throw new TesseraError("source-unavailable", phrase`${reason}, ${attempt} times`, {
              place,
              remedy: "try again later: nothing was changed",
              cause: error,
            });
          }
          const backoff = Math.min(LONGEST_BACKOFF, 200 * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2);
          const wait = error instanceof Temporary ? (error.after ?? backoff) : backoff;
          await clock.sleep(Math.min(LONGEST_WAIT, wait), signal);
        }
      }
    },
  };
}

/** The error for a status other than 2xx. */
function refusal(response: Response, address: URL, place: string, clock: RestClock): Error {
  const { status } = response;
  if (status >= 300 && status < 400)
    return new TesseraError(
      "source-refused",
      phrase`the service redirects ${address.pathname} (${status}); redirects are not followed`,
      { place, remedy: "set baseUrl to the service's new address" },
    );
  if (status === 429 || status >= 500)
    return new Temporary(
      `the service answered ${status}`,
      retryAfter(response.headers.get("retry-after"), clock.now()),
    );
  return new TesseraError("source-refused", phrase`the service answered ${status} for ${address.pathname}`, {
    place,
    ...(status === 401 && { remedy: "check the token or password in the environment" }),
  });
}

/** A torn answer may be complete the next time. */
function parseAnswer(text: string, address: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const shown = JSON.stringify(text.slice(0, SHOWN));
    throw new Temporary(`the service's answer for ${address.pathname} is not JSON: ${shown}`);
  }
}
