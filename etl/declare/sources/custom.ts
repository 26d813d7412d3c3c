import type { Setting } from "../secret.ts";

/** A value that a source written in a project gives; dates become ISO texts, objects and lists become JSON. */
export type CustomValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | undefined
  | readonly CustomValue[]
  | { readonly [field: string]: CustomValue };

/** A row by the names of its columns. */
export interface CustomRow {
  readonly [column: string]: CustomValue;
}

/** What a load asks a source for. */
export interface RowsRequest {
  /** the name of the job */
  readonly job: string;
  /**
   * rows whose cursor is at or above this value, the highest of the last load less the job's lag; null: all rows. Rows
   * below it do no harm where the job merges by a key
   */
  readonly cursor: string | null;
  /** in a backfill, only rows whose cursor is below this value; otherwise null */
  readonly until: string | null;
  /** the options of the job's extract */
  readonly options: { readonly [name: string]: unknown };
  /** the source's settings, with their values from the environment */
  readonly settings: { readonly [name: string]: string };
  /** the project's folder, for relative paths */
  readonly folder: string;
  /** aborted when the load is cancelled */
  readonly signal: AbortSignal;
}

/** A source written in a project. */
export interface SourceSpec {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  /** texts that `rows` needs; name secrets with `env("…")`, so that they are redacted everywhere */
  readonly settings?: { readonly [name: string]: Setting };
  /** Yields rows, one by one or in lists, usually as an async generator. An error that it throws ends the load. */
  rows(request: RowsRequest): AsyncIterable<CustomRow | readonly CustomRow[]>;
  /** Says in a few words that the source answers, for `tessera source test`. Default: reads until the first row. */
  test?(request: Omit<RowsRequest, "job" | "cursor" | "until" | "options">): Promise<string>;
}

/** Made by `defineSource`. */
export type CustomSource = SourceSpec & { readonly kind: "custom" };

/**
 * A source written in the project: anything that an async generator can read. Rows are typed, checked, merged and
 * rejected like those of any other source.
 * @example
 * defineSource({
 *   name: "tickets",
 *   settings: { token: env("TICKETS_TOKEN") },
 *   async *rows({ cursor, settings, signal }) {
 *     for (let page = 1; ; page++) {
 *       const answer = await fetch(`https://tickets.example/v1?page=${page}&since=${cursor ?? ""}`, {
 *         headers: { authorization: `Bearer ${settings.token}` },
 *         signal,
 *       });
 *       const { tickets } = await answer.json();
 *       if (tickets.length === 0) return;
 *       yield tickets;
 *     }
 *   },
 * })
 */
export const defineSource = (spec: SourceSpec): CustomSource => Object.freeze({ ...spec, kind: "custom" as const });
