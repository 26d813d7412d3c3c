/** A table of the star schema, built from loaded tables in the same load. */
import type { Kysely } from "kysely";
import type { TableSegments } from "../../engine/warehouse/index.ts";
import type { Check } from "./checks/check.ts";
import type { MatchRules } from "./match-rules.ts";

/** Tables of the company's systems, whose names the type checker cannot know. */
export interface AnyTables {
  readonly [table: string]: { readonly [column: string]: string | number | boolean | null };
}

/** A Kysely query. */
export interface Compilable {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
}

/** Columns of a loaded table that refer to members of a dimension. */
export interface LateMembers {
  readonly table: string;
  /** one for each column of the dimension's key, in its order; default the key's names */
  readonly columns?: readonly string[];
}

/** Versions of a dimension's members (SCD 2). */
export interface TableChanges {
  /** a change in one of these columns begins a new version */
  readonly track: readonly string[];
  /** a change in one of these columns only is written into every version; default none */
  readonly overwrite?: readonly string[];
  /** name of the version's key; default the table's name without `dim_`, and `_version` */
  readonly version?: string;
  /** column of the select with the date since which a row is valid; default the load's start */
  readonly validFrom?: string;
}

interface TableCommon {
  /** unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  readonly description?: string;
  /** columns that identify a row */
  readonly key?: string | readonly string[];
  /**
   * Keeps the versions of each member (SCD 2). The table gets `valid_from` (included), `valid_until` (excluded, null
   * while open) and the version's key. Default: the table is built again by each load.
   */
  readonly changes?: TableChanges;
  /**
   * Of a dimension: columns of loaded tables that refer to its members. A member that is referred to before it is
   * loaded gets a row with its key and `placeholder` true; the load that brings the member fills that row.
   */
  readonly lateMembers?: readonly LateMembers[];
  /** tables and jobs that must be done first; default: read from the select */
  readonly after?: readonly string[];
  /** rules that the table must pass before it is published */
  readonly checks?: readonly Check[];
  /** columns by which rows are stored in order, so that filters on them skip blocks */
  readonly sort?: readonly string[];
  /**
   * Stores a table of more than 20 million rows (or `rows`) in files by the months of a date; a load publishes only
   * those that changed. Not with `changes`.
   */
  readonly segments?: TableSegments;
}

type TableBody =
  | { readonly select: (db: Kysely<AnyTables>) => Compilable; readonly sql?: undefined }
  | { readonly sql: string; readonly select?: undefined };

/** What a table is in the star schema. */
export type TableRole = "dimension" | "fact" | "bridge";

/** A table as users write it. */
export type TableSpec = TableCommon &
  TableBody & {
    /** default `fact` */
    readonly kind?: TableRole;
  };

/** Made by `defineTable` and `defineMatch`. */
export type Table = TableCommon &
  TableBody & {
    readonly kind: "table";
    readonly role: TableRole;
    /** of a table made by `defineMatch`: the select gives entries, and the table resolves their identities */
    readonly match?: MatchRules;
  };

/**
 * Declares a table of the star schema.
 * @example
 * defineTable({
 *   name: "dim_customer",
 *   kind: "dimension",
 *   key: "customer_id",
 *   sql: "select customer_id, city from customers",
 *   changes: { track: ["city"] },
 * })
 */
export const defineTable = (spec: TableSpec): Table => {
  const role: TableRole = spec.kind ?? "fact";
  return Object.freeze({ ...spec, kind: "table" as const, role });
};
