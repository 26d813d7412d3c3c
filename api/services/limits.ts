/** Limits of a server. */
export interface Limits {
  /** time a query may take, in milliseconds; default 60,000 */
  readonly queryMs: number;
  /** rows a query may return; default 1,000,000 */
  readonly rows: number;
  /** size of a request's body, in bytes; default 1 MiB */
  readonly bodyBytes: number;
  /** queries that run at once, the others wait in order; default 8 */
  readonly queriesAtOnce: number;
}

/** The limits of a server that sets none. */
export const DEFAULT_LIMITS: Limits = { queryMs: 60_000, rows: 1_000_000, bodyBytes: 1_048_576, queriesAtOnce: 8 };
