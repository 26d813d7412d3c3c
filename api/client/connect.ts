/** Asks a Tessera server over HTTP, with the same types as an open project. */
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Query, Value } from "../../engine/model/query.ts";
import type { AskMethod, Provenance, QueryMethod } from "../../etl/project/opened-project.ts";
import { answerOf, unreachable } from "./answer.ts";

export interface ConnectOptions {
  /** where the server is, for example `http://127.0.0.1:4100`; a path in it is kept */
  readonly url: string | URL;
  /** sends the requests; default the global `fetch`. A proxy's user and password go in here */
  readonly fetch?: typeof fetch;
  /** ends every request of this client */
  readonly signal?: AbortSignal;
}

export interface AskOptions {
  /** a data version other than the current one */
  readonly version?: number;
  /** ends this request */
  readonly signal?: AbortSignal;
}

export interface MemberSearch {
  /** a part of the value; default all values */
  readonly search?: string;
  /** from 1 to 1000; default 50 */
  readonly limit?: number;
}

/** Untyped without a project; `connect<typeof project>(…)` knows members and rows as `openProject(project)` does. */
export interface Client<P extends ProjectSpec = ProjectSpec> {
  /** @throws TesseraError with the code, place and remedy that the server gives */
  readonly query: QueryMethod<P, AskOptions>;
  /** How an answer comes about: statement, formulas, rollups, tables and loads. */
  readonly explain: AskMethod<P, unknown, Query, Provenance, Pick<AskOptions, "signal">>;
  /** Values of an attribute such as `customer.country`. */
  members(
    member: string,
    request?: MemberSearch,
    options?: AskOptions,
  ): Promise<{ readonly values: readonly Value[]; readonly truncated: boolean }>;
  /** Cubes, dimensions, measures, segments, models and dashboards. */
  catalog(options?: Pick<AskOptions, "signal">): Promise<CatalogView>;
}

/**
 * Connects to a server; nothing is sent before the first question.
 * @example
 * import { connect } from "tessera/client";
 * import type project from "./tessera.config.ts";
 * const shop = connect<typeof project>({ url: "http://127.0.0.1:4100" });
 * const { rows } = await shop.query({ measures: ["sales.revenue"] });
 */
export function connect<const P extends ProjectSpec = ProjectSpec>(options: ConnectOptions): Client<P> {
  const base = new URL(options.url);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);

  const ask = async (
    path: string,
    words: { readonly [name: string]: string | number | undefined },
    { signal }: AskOptions,
    body?: unknown,
  ): Promise<unknown> => {
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(words))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const signals = [options.signal, signal].filter((each) => each !== undefined);
    const request: RequestInit = {
      headers: { accept: "application/json", ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    };
    try {
      return await answerOf(await send(url, request), url);
    } catch (error) {
      throw unreachable(error, url);
    }
  };

  const client: Client = {
    query: (query, given = {}) =>
      ask("v1/query", { version: given.version }, given, query) as ReturnType<Client["query"]>,
    explain: (query, given = {}) => ask("v1/explain", {}, given, query) as ReturnType<Client["explain"]>,
    members: (member, { search, limit } = {}, given = {}) =>
      ask(`v1/members/${encodeURIComponent(member)}`, { search, limit, version: given.version }, given) as ReturnType<
        Client["members"]
      >,
    catalog: (given = {}) => ask("v1/catalog", {}, given) as ReturnType<Client["catalog"]>,
  };
  // the server checks every question; the project's types are the compiler's alone
  return client as unknown as Client<P>;
}
