/** Signed requests, repeated as the receiver asks. */
import { createHmac } from "node:crypto";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { systemClock, type RestClock } from "../extract/rest/rest-clock.ts";
import type { WebhookTarget } from "../declare/destination.ts";
import { milliseconds, type Duration } from "../declare/duration.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import { retryAfter } from "../extract/rest/rest-answer.ts";

/** A webhook with its settings resolved. */
export interface Hook {
  readonly url: string;
  readonly secret: string;
  readonly hosts?: readonly string[];
  readonly retries?: number;
  readonly timeout?: Duration;
}

const LONGEST_WAIT = 120_000;
const SHORTEST_SECRET = 16;
const DEFAULT_RETRIES = 5;
const DEFAULT_TIMEOUT: Duration = { seconds: 30 };

/** The signature header, `t=1790000000,v1=9f86d0…`: HMAC-SHA-256 over the time in seconds, a point, and the body. */
export const signature = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;

/** The webhook of a target. @throws TesseraError `secret-missing` */
export const hookOf = (
  { url, secret, hosts, timeout }: WebhookTarget,
  environment: Environment,
  place: string,
  retries: number | undefined,
): Hook => ({
  url: resolveSetting(url, environment, place),
  secret: resolveSetting(secret, environment, place),
  ...(hosts && { hosts }),
  ...(retries !== undefined && { retries }),
  ...(timeout && { timeout }),
});

/**
 * The address of a webhook.
 * @throws TesseraError `project-invalid` for an invalid address, http to another machine or a short secret, `forbidden`
 * for a host that the project does not name
 */
export function checkHook(hook: Hook, place: string): URL {
  if (!URL.canParse(hook.url))
    throw new TesseraError("project-invalid", "invalid webhook address", {
      place,
      remedy: "write it like https://example.com/hook",
    });
  const url = new URL(hook.url);
  const local = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(local && url.protocol === "http:"))
    throw new TesseraError("project-invalid", "the webhook address must begin with https://", {
      place,
      remedy: "use https; http works for this machine only",
    });
  if (url.username !== "" || url.password !== "")
    throw new TesseraError("project-invalid", "the webhook address must not contain a password", {
      place,
      remedy: "remove it: requests are signed",
    });
  if (hook.hosts !== undefined && !hook.hosts.includes(url.host))
    throw new TesseraError("forbidden", phrase`webhook host ${url.host} is not allowed`, {
      place,
      remedy: phrase`use one of ${hook.hosts.join(", ")}, or add it to hosts`,
    });
  if (hook.secret.length < SHORTEST_SECRET)
    throw new TesseraError("project-invalid", phrase`the webhook secret needs at least ${SHORTEST_SECRET} characters`, {
      place,
      remedy: "set a longer secret on both sides",
    });
  return url;
}

/**
 * Sends one body.
 * @param id sent as `Idempotency-Key`, by which the receiver recognises a repeated request
 * @throws TesseraError `source-unavailable` when all tries fail, `source-refused` when the receiver refuses it
 */
export async function postSigned(
  hook: Hook,
  body: string,
  id: string,
  place: string,
  clock: RestClock = systemClock,
): Promise<void> {
  const url = checkHook(hook, place);
  const tries = (hook.retries ?? DEFAULT_RETRIES) + 1;
  const limit = milliseconds(hook.timeout ?? DEFAULT_TIMEOUT);
  let reason = "";
  for (let number = 0; number < tries; number++) {
    const seconds = Math.floor(clock.now() / 1000);
    let wait: number | undefined;
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        // a redirect could lead to another host
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
              ? "set the address to its new place: redirects are not followed"
              : "check the receiver's log",
        });
      reason = `it answered ${response.status}`;
      wait = retryAfter(response.headers.get("retry-after"), clock.now());
    } catch (error) {
      if (error instanceof TesseraError) throw error;
      reason =
        error instanceof Error && error.name === "TimeoutError"
          ? `no answer within ${limit / 1000} s`
          : "it cannot be reached";
    }
    if (number < tries - 1)
      await clock.sleep(Math.min(LONGEST_WAIT, wait ?? 500 * 2 ** number * (1 + clock.random() / 2)));
  }
  throw new TesseraError("source-unavailable", phrase`the webhook failed ${tries} times: ${reason}`, {
    place,
    remedy: "try again later",
  });
}
