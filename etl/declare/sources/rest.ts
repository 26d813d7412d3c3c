import type { Setting } from "../secret.ts";

/** OAuth 2.0 client credentials. The token is renewed shortly before it expires, and when the service refuses it. */
export interface OAuthClient {
  readonly tokenUrl: Setting;
  readonly clientId: Setting;
  readonly clientSecret: Setting;
  readonly scope?: string;
  readonly audience?: string;
  /** where the client's id and secret are sent; default `body` */
  readonly clientAuthentication?: "body" | "basic";
}

/** How requests authenticate. */
export type RestAuth =
  | { readonly bearer: Setting }
  | { readonly basic: { readonly user: Setting; readonly password: Setting } }
  | { readonly oauth: OAuthClient };

/** How one page leads to the next. `next` is a path into the answer, for example `$.meta.next`. */
export type Pagination =
  /** one answer holds everything */
  | { readonly kind: "none" }
  /** `?page=1`, `2`, … until a page has no records, or fewer than `size` */
  | {
      readonly kind: "page";
      /** default `page` */
      readonly parameter?: string;
      /** number of the first page; default 1 */
      readonly first?: number;
      readonly size?: number;
      readonly sizeParameter?: string;
      /** path to the number of records, which shows whether the list changed meanwhile */
      readonly total?: string;
    }
  /** `?offset=0&limit=100`, … until a page has no records */
  | {
      readonly kind: "offset";
      /** default `offset` */
      readonly parameter?: string;
      readonly size: number;
      readonly sizeParameter?: string;
      /** as for `page` */
      readonly total?: string;
    }
  /** the answer holds the next cursor or address; null or absent on the last page */
  | {
      readonly kind: "cursor";
      readonly next: string;
      /** query parameter for the cursor; default `cursor`, unless `next` is an address */
      readonly parameter?: string;
      readonly size?: number;
      readonly sizeParameter?: string;
      readonly window?: SearchWindow;
    }
  /** the `Link: <…>; rel="next"` header, or an address in the answer */
  | { readonly kind: "link"; readonly next?: string };

/**
 * A search that ends after a fixed number of results. Its records are sorted by a unique key; after `size` records the
 * search is repeated for keys above the last one, which the query or body contains as `{{last}}`.
 */
export interface SearchWindow {
  readonly size: number;
  /** path to the key in a record */
  readonly key: string;
  /** a value below all keys */
  readonly first: string;
}

/** A JSON service as users write it. */
export interface RestSpec {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  readonly baseUrl: Setting;
  /** default none */
  readonly auth?: RestAuth;
  /** further headers of every request */
  readonly headers?: { readonly [name: string]: Setting };
  /** default none; a job may have its own */
  readonly pagination?: Pagination;
  /** default: as fast as the service answers */
  readonly rateLimit?: { readonly perSecond: number };
  /** further tries of one request after the first; default 5 */
  readonly retries?: number;
  /** seconds for one request; default 60 */
  readonly timeout?: number;
  /** path that marks an answer with status 200 as an error, unless it is null or false, for example `$.errors` */
  readonly errorAt?: string;
}

/** Made by `rest`. */
export type RestSource = RestSpec & { readonly kind: "rest" };

/**
 * A JSON service over HTTP.
 * @example rest({ name: "desk", baseUrl: env("DESK_URL"), auth: { bearer: env("DESK_TOKEN") } })
 */
export const rest = (spec: RestSpec): RestSource => Object.freeze({ ...spec, kind: "rest" as const });
