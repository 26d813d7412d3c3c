import type { Setting } from "../secret.ts";

/** OAuth 2.0 client credentials: a token is fetched, used until it is about to end, and fetched again when the service no longer takes it. */
export interface OAuthClient {
  readonly tokenUrl: Setting;
  readonly clientId: Setting;
  readonly clientSecret: Setting;
  readonly scope?: string;
  readonly audience?: string;
  /** how the client says who it is; default `body` */
  readonly clientAuthentication?: "body" | "basic";
}

export type RestAuth =
  | { readonly bearer: Setting }
  | { readonly basic: { readonly user: Setting; readonly password: Setting } }
  | { readonly oauth: OAuthClient };

/** How one page leads to the next. `next` is a path into the answer, as `$.meta.next`. */
export type Pagination =
  | { readonly kind: "none" }
  /** `?page=1`, `2`, … until a page has no records, or fewer than `size` where that is given; `total`: path to the number of records, by which a list that changes meanwhile is found out */
  | {
      readonly kind: "page";
      readonly parameter?: string;
      readonly first?: number;
      readonly size?: number;
      readonly sizeParameter?: string;
      readonly total?: string;
    }
  /** `?offset=0&limit=100`, … until a page has no records */
  | {
      readonly kind: "offset";
      readonly parameter?: string;
      readonly size: number;
      readonly sizeParameter?: string;
      readonly total?: string;
    }
  /** the answer holds the next cursor (or the next address), null or absent on the last page */
  | {
      readonly kind: "cursor";
      readonly next: string;
      readonly parameter?: string;
      readonly size?: number;
      readonly sizeParameter?: string;
      readonly window?: SearchWindow;
    }
  /** the `Link: <…>; rel="next"` header, or an address in the answer */
  | { readonly kind: "link"; readonly next?: string };

/**
 * A search that ends after so many results whatever there is. Its records come sorted by a key that no two share; after `size` of them it is asked anew
 * for keys above the last one, which stands as `{{last}}` in the query or body.
 */
export interface SearchWindow {
  readonly size: number;
  /** path to the key in a record */
  readonly key: string;
  /** below all keys */
  readonly first: string;
}

export interface RestSpec {
  readonly name: string;
  readonly title?: string;
  readonly baseUrl: Setting;
  readonly auth?: RestAuth;
  readonly headers?: { readonly [name: string]: Setting };
  readonly pagination?: Pagination;
  readonly rateLimit?: { readonly perSecond: number };
  /** tries after the first of one request; default 5 */
  readonly retries?: number;
  /** seconds for one request; default 60 */
  readonly timeout?: number;
  /** a path that is there (and not null or false) in an answer that reports an error with status 200, for example `$.errors` */
  readonly errorAt?: string;
}
export type RestSource = RestSpec & { readonly kind: "rest" };

/** A JSON service over HTTP. */
export const rest = (spec: RestSpec): RestSource => Object.freeze({ ...spec, kind: "rest" as const });
