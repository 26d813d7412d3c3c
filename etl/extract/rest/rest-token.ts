/** How requests authenticate: by a fixed header, or by a token that is fetched and renewed. */
import { TesseraError, phrase } from "../../../engine/errors/index.ts";
import { resolveSetting, type Environment } from "../../declare/secret.ts";
import type { OAuthClient, RestSource } from "../../declare/sources/rest.ts";
import type { RestClock } from "./rest-clock.ts";

/** The credentials of a source. */
export interface Credentials {
  /** the `authorization` header; undefined for a service without authentication */
  header(): Promise<string | undefined>;
  /** discards the refused token; false when it cannot be renewed */
  refused(header: string | undefined): boolean;
}

/** Life of a token whose answer does not state it. */
const TOKEN_SECONDS = 600;
/** A token is renewed this many milliseconds before it expires. */
const EARLY = 30_000;

/** The credentials of a source; a token is fetched for the first request. */
export function credentials(
  source: RestSource,
  environment: Environment,
  place: string,
  signal: AbortSignal,
  clock: RestClock,
): Credentials {
  const { auth } = source;
  if (auth !== undefined && "oauth" in auth) return oauth(auth.oauth, environment, place, signal, clock);
  const header = fixed(source, environment, place);
  return { header: () => Promise.resolve(header), refused: () => false };
}

function fixed({ auth }: RestSource, environment: Environment, place: string): string | undefined {
  if (auth === undefined || "oauth" in auth) return undefined;
  if ("bearer" in auth) return `Bearer ${resolveSetting(auth.bearer, environment, place)}`;
  return basic(
    resolveSetting(auth.basic.user, environment, place),
    resolveSetting(auth.basic.password, environment, place),
  );
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;

function oauth(
  client: OAuthClient,
  environment: Environment,
  place: string,
  signal: AbortSignal,
  clock: RestClock,
): Credentials {
  const url = new URL(resolveSetting(client.tokenUrl, environment, place));
  const [id, secret] = [
    resolveSetting(client.clientId, environment, place),
    resolveSetting(client.clientSecret, environment, place),
  ];
  let token: { readonly header: string; readonly until: number } | undefined;

  const fetchToken = async (): Promise<{ readonly header: string; readonly until: number }> => {
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    if (client.scope !== undefined) form.set("scope", client.scope);
    if (client.audience !== undefined) form.set("audience", client.audience);
    const headers: Record<string, string> = {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    };
    if (client.clientAuthentication === "basic")
      headers["authorization"] = basic(encodeURIComponent(id), encodeURIComponent(secret));
    else {
      form.set("client_id", id);
      form.set("client_secret", secret);
    }
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: form,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    // the caller repeats requests to a busy service
    if (response.status === 429 || response.status >= 500)
      throw new Error(`the token service answered ${response.status}`);
    const answer = tokenAnswer(await response.json().catch(() => undefined));
    if (!response.ok || answer === undefined)
      throw new TesseraError(
        "source-refused",
        response.ok ? "the token service sent no token" : phrase`the token service answered ${response.status}`,
        { place, remedy: "check the client's id and secret in the environment" },
      );
    const seconds = Number(answer.expiresIn);
    const life = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : TOKEN_SECONDS * 1000;
    return { header: `Bearer ${answer.token}`, until: clock.now() + Math.max(life - EARLY, life / 2) };
  };

  return {
    header: async () => {
      if (token === undefined || clock.now() >= token.until) token = await fetchToken();
      return token.header;
    },
    refused: (header) => {
      if (token?.header === header) token = undefined;
      return true;
    },
  };
}

function tokenAnswer(answer: unknown): { readonly token: string; readonly expiresIn: unknown } | undefined {
  if (typeof answer !== "object" || answer === null || !("access_token" in answer)) return undefined;
  const { access_token: token } = answer;
  if (typeof token !== "string" || token === "") return undefined;
  return { token, expiresIn: "expires_in" in answer ? answer.expires_in : undefined };
}
