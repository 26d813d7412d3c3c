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

/** Which rows of a large table a file of its own holds: those whose date is within these months. */
export interface SegmentRange {
  readonly table: string;
  /** the column with the date */
  readonly by: string;
  /** the first month, `2024-01`; null for rows without a date, or with one of no year from 1 to 9999 */
  readonly from: string | null;
  /** the month after the last */
  readonly until: string | null;
}

export interface VersionSegment extends SegmentRange {
  /** least and greatest date, in DuckDB's words; null without rows or dates */
  readonly min: string | null;
  readonly max: string | null;
}

export interface VersionFile {
  /** relative to the warehouse folder, for example `files/000012-star.duckdb` */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly tables: readonly VersionTable[];
  /** DuckDB's version that wrote the file, where it is not the manifest's writer */
  readonly duckdb?: string;
  /** of a file that holds a part of a large table: the others of that table are files beside it */
  readonly segment?: VersionSegment;
}

export interface Manifest {
  readonly version: number;
  /** the version it was made from; null for the first */
  readonly parent: number | null;
  /** ISO instant */
  readonly publishedAt: string;
  /** the run that made it */
  readonly run: string;
  readonly files: readonly VersionFile[];
  /** job -> cursor up to which its source has been read */
  readonly watermarks: { readonly [job: string]: string | null };
  /** mining model -> its labels' table, the day they stand for, and their fingerprint */
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
 * version 15 wrote anew.
 */
export const roleOf = (file: Pick<VersionFile, "path">): string =>
  basename(file.path, ".duckdb").replace(/^\d+-/, "").replace(/~\d+$/, "");
