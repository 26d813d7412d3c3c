/** A table of the star schema: made from loaded tables inside the same load. */
import type { Kysely } from "kysely";
import type { TableSegments } from "../../engine/warehouse/index.ts";
import type { Check } from "./checks/check.ts";
import type { MatchRules } from "./match-rules.ts";

/** Names are not known to the type checker: they belong to the company's systems. */
export interface AnyTables {
  readonly [table: string]: { readonly [column: string]: string | number | boolean | null };
}

/** A Kysely query. */
export interface Compilable {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
}

export interface LateMembers {
  readonly table: string;
  /** as many as the key has, in its order; default the key's own names */
  readonly columns?: readonly string[];
}

interface TableCommon {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly key?: string | readonly string[];
  /**
   * Keeps history: a new version where a column of `track` changes; where only one of `overwrite` does, it is changed in place in every version.
   * The table gets `valid_from` (included), `valid_until` (not included, null while open) and the version's key.
   */
  readonly changes?: {
    readonly track: readonly string[];
    readonly overwrite?: readonly string[];
    /** name of the version's key; default the table's name without `dim_`, and `_version` */
    readonly version?: string;
    /** column of the select that says since when the row is so; default the load's start */
    readonly validFrom?: string;
  };
  /**
   * Of a dimension: columns of loaded tables that name its members. A member that is named there before it has come gets a row with its key alone and
   * `placeholder` true, so that facts find it; the load that brings the member fills that row, and keeps the key of its version.
   */
  readonly lateMembers?: readonly LateMembers[];
  /** tables and jobs that must be done before; without it this is read from the select */
  readonly after?: readonly string[];
  readonly checks?: readonly Check[];
  /** rows of each table are stored sorted by these columns, so that filters on them skip blocks */
  readonly sort?: readonly string[];
  /** beyond 20 million rows (or `rows`) the table lies in files by the months of this date, of which a load publishes those that came out otherwise. Not with `changes` */
  readonly segments?: TableSegments;
}

type TableBody =
  | { readonly select: (db: Kysely<AnyTables>) => Compilable; readonly sql?: undefined }
  | { readonly sql: string; readonly select?: undefined };

export type TableRole = "dimension" | "fact" | "bridge";

export type TableSpec = TableCommon &
  TableBody & {
    /** a dimension with `changes` keeps history, everything else is made anew by each load. Default `fact` */
    readonly kind?: TableRole;
  };

export type Table = TableCommon &
  TableBody & {
    readonly kind: "table";
    readonly role: TableRole;
    /** of a table made by `defineMatch`: the select answers entries, and the table becomes who is who */
    readonly match?: MatchRules;
  };

/**
 * Declares a table of the star schema.
 * @example defineTable({ name: "dim_customer", kind: "dimension", key: "customer_id", sql: "select customer_id, city from customers", changes: { track: ["city"] } })
 */
export const defineTable = (spec: TableSpec): Table => {
  const role: TableRole = spec.kind ?? "fact";
  return Object.freeze({ ...spec, kind: "table" as const, role });
};
