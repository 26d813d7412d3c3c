/** Who the client says it is: a fixed header, or a token that is fetched and renewed. */
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import type { OAuthClient, RestSource } from "../declare/sources/rest.ts";
import type { RestClock } from "./rest-clock.ts";

export interface Credentials {
  /** the `authorization` header; undefined without any */
  header(): Promise<string | undefined>;
  /** forgets the token that was refused; false where there is nothing to renew */
  refused(header: string | undefined): boolean;
}

const TOKEN_SECONDS = 600;
/** Renewed this long before it ends: a request takes its time. */
const EARLY = 30_000;

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
    // a service that is busy is asked again by the caller; one that says no is not
    if (response.status === 429 || response.status >= 500)
      throw new Error(`the token service answered ${response.status}`);
    const answer = (await response.json().catch(() => undefined)) as
      | { readonly access_token?: unknown; readonly expires_in?: unknown }
      | undefined;
    if (!response.ok || typeof answer?.access_token !== "string" || answer.access_token === "") {
      throw new TesseraError(
        "source-refused",
        phrase`the token service answered ${response.status}${response.ok ? " without a token" : ""}`,
        { place, remedy: "check the client's id and secret in the environment" },
      );
    }
    const seconds = Number(answer.expires_in);
    const life = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : TOKEN_SECONDS * 1000;
    return { header: `Bearer ${answer.access_token}`, until: clock.now() + Math.max(life - EARLY, life / 2) };
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
