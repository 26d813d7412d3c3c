import type { Setting } from "../secret.ts";

export type RestAuth = { readonly bearer: Setting } | { readonly basic: { readonly user: Setting; readonly password: Setting } };

/** How one page leads to the next. `next` is a path into the answer, as `$.meta.next`. */
export type Pagination =
  | { readonly kind: "none" }
  /** `?page=1`, `2`, … until a page has no records, or fewer than `size` where that is given */
  | { readonly kind: "page"; readonly parameter?: string; readonly first?: number; readonly size?: number; readonly sizeParameter?: string }
  /** `?offset=0&limit=100`, … until a page has no records */
  | { readonly kind: "offset"; readonly parameter?: string; readonly size: number; readonly sizeParameter?: string }
  /** the answer holds the next cursor (or the next address), null or absent on the last page */
  | { readonly kind: "cursor"; readonly next: string; readonly parameter?: string; readonly size?: number; readonly sizeParameter?: string }
  /** the `Link: <…>; rel="next"` header, or an address in the answer */
  | { readonly kind: "link"; readonly next?: string };

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
}
export type RestSource = RestSpec & { readonly kind: "rest" };

/** A JSON service over HTTP. */
export const rest = (spec: RestSpec): RestSource => Object.freeze({ ...spec, kind: "rest" as const });
