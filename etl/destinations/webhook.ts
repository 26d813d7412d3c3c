/** Signed requests in batches, tried again as the receiver wishes. */
import { createHmac } from "node:crypto";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { systemClock, type RestClock } from "../extract/rest-clock.ts";
import type { Duration } from "../declare/duration.ts";

export interface Hook {
  readonly url: string;
  readonly secret: string;
  readonly hosts?: readonly string[];
  readonly retries?: number;
  readonly timeout?: Duration;
}

const LONGEST_WAIT = 120_000;
const SHORTEST_SECRET = 16;

/** `t=1790000000,v1=9f86d0…`: HMAC-SHA-256 over the time in seconds, a point, and the body as it is sent. */
export const signature = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;

/** @throws TesseraError `project-invalid` for an address that is not among the hosts, no HTTPS beyond this machine, or a short secret */
export function checkHook(hook: Hook, place: string): URL {
  if (!URL.canParse(hook.url))
    throw new TesseraError("project-invalid", "the address of the webhook is none", { place });
  const url = new URL(hook.url);
  const local = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(local && url.protocol === "http:"))
    throw new TesseraError("project-invalid", "a webhook's address begins with https://", {
      place,
      remedy: "plain http is taken on this machine alone",
    });
  if (url.username !== "" || url.password !== "")
    throw new TesseraError("project-invalid", "a webhook's address holds no password", {
      place,
      remedy: "requests are signed; take it out",
    });
  if (hook.hosts !== undefined && !hook.hosts.includes(url.host))
    throw new TesseraError("forbidden", phrase`the webhook's host ${url.host} is not among those of the project`, {
      place,
      remedy: phrase`it names ${hook.hosts.join(", ")}`,
    });
  if (hook.secret.length < SHORTEST_SECRET)
    throw new TesseraError("project-invalid", phrase`a webhook's secret has at least ${SHORTEST_SECRET} characters`, {
      place,
    });
  return url;
}

/**
 * Sends one body. `id` lets the receiver see that a request came twice.
 * @throws TesseraError `source-unavailable` when all tries failed, `source-refused` when it was refused
 */
export async function postSigned(
  hook: Hook,
  body: string,
  id: string,
  place: string,
  clock: RestClock = systemClock,
): Promise<void> {
  const url = checkHook(hook, place);
  const tries = (hook.retries ?? 5) + 1;
  const limit = milliseconds(hook.timeout) ?? 30_000;
  let words = "";
  for (let number = 0; number < tries; number++) {
    const seconds = Math.floor(clock.now() / 1000);
    let wait: number | undefined;
    try {
      // a redirect could lead to another host
      const response = await fetch(url, {
        method: "POST",
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(limit),
        headers: {
          "content-type": "application/json",
          "x-tessera-signature": signature(hook.secret, seconds, body),
          "idempotency-key": id,
        },
      });
      await response.body?.cancel();
      if (response.ok) return;
      if (response.status !== 429 && response.status !== 408 && response.status < 500)
        throw new TesseraError("source-refused", phrase`the webhook answered ${response.status}`, {
          place,
          remedy:
            response.status < 400
              ? "no redirect is followed: set the address to where it is now"
              : "see what the receiver says of it",
        });
      words = `it answered ${response.status}`;
      wait = retryAfter(response.headers.get("retry-after"), clock.now());
    } catch (error) {
      if (error instanceof TesseraError) throw error;
      words =
        error instanceof Error && error.name === "TimeoutError"
          ? `no answer within ${limit / 1000} s`
          : "it cannot be reached";
    }
    if (number < tries - 1)
      await clock.sleep(Math.min(LONGEST_WAIT, wait ?? 500 * 2 ** number * (1 + clock.random() / 2)));
  }
  throw new TesseraError("source-unavailable", phrase`the webhook took nothing in ${tries} tries: ${words}`, {
    place,
    remedy: "try again later",
  });
}

const milliseconds = (length: Duration | undefined): number | undefined =>
  length === undefined
    ? undefined
    : (((length.days ?? 0) * 24 + (length.hours ?? 0)) * 60 + (length.minutes ?? 0)) * 60_000 +
      (length.seconds ?? 0) * 1000;

function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const at = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(at) ? undefined : Math.max(0, at);
}
