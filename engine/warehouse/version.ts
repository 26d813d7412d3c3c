/**
 * A warehouse version: an immutable set of DuckDB files, named by a manifest; `current` points to the one that is
 * served.
 */
import { basename } from "node:path";

export interface VersionTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** The rows of a large table that are in one file: those whose date is within these months. */
export interface SegmentRange {
  readonly table: string;
  /** the column with the date */
  readonly by: string;
  /** the first month, `2024-01`; null for rows without a date, or with one outside the years 1 to 9999 */
  readonly from: string | null;
  /** the month after the last */
  readonly until: string | null;
}

export interface VersionSegment extends SegmentRange {
  /** least and greatest date, as DuckDB writes them; null without rows or dates */
  readonly min: string | null;
  readonly max: string | null;
}

export interface VersionFile {
  /** relative to the warehouse folder, for example `files/000012-star.duckdb` */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly tables: readonly VersionTable[];
  /** the version of DuckDB that wrote the file; default: the manifest's writer */
  readonly duckdb?: string;
  /** of a file with a part of a large table: which part */
  readonly segment?: VersionSegment;
}

export interface Manifest {
  readonly version: number;
  /** the version that it was made from; null for the first */
  readonly parent: number | null;
  /** ISO instant */
  readonly publishedAt: string;
  /** the run that made it */
  readonly run: string;
  readonly files: readonly VersionFile[];
  /** by job: the cursor up to which its source has been read */
  readonly watermarks: { readonly [job: string]: string | null };
  /** by mining model: its labels' table, their day, and their fingerprint */
  readonly labels: {
    readonly [model: string]: {
      readonly table: string;
      readonly asOf: string;
      readonly fingerprint: string;
      readonly stale: boolean;
    };
  };
  readonly writer: { readonly tessera: string; readonly duckdb: string };
}

/**
 * The role of a version's file: `files/000012-main.duckdb` is `main`, and so is `files/000012-main~15.duckdb`, which
 * version 15 rewrote.
 */
export const roleOf = (file: Pick<VersionFile, "path">): string =>
  basename(file.path, ".duckdb").replace(/^\d+-/, "").replace(/~\d+$/, "");
