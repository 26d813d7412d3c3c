/** Identity resolution: entries of several systems that are one person or company, declared as a table of the star. */
import type { Kysely } from "kysely";
import type { Check } from "./checks/check.ts";
import type { MatchRules } from "./match-rules.ts";
import type { AnyTables, Compilable, Table } from "./table.ts";

/** A match as users write it. */
export interface MatchSpec extends MatchRules {
  /** of the table; unique in the project */
  readonly name: string;
  /** default the name */
  readonly title?: string;
  readonly description?: string;
  /**
   * Selects the entries: `source`, `source_id`, the columns of the fields and optionally `entry_no`, a number that
   * belongs to the entry for ever.
   */
  readonly entries: string | ((db: Kysely<AnyTables>) => Compilable);
  /** tables and jobs that must be done first; default: read from the select */
  readonly after?: readonly string[];
  /** rules that the table must pass before it is published */
  readonly checks?: readonly Check[];
}

/**
 * Declares a step of the load that resolves identities. It makes a table of its name (`source`, `source_id`, the key,
 * `entry_no`, `confidence`, `how`), `NAME_review` with the pairs for review, and `golden.table` if declared.
 * @example
 * defineMatch({
 *   name: "who",
 *   entries: "SELECT …",
 *   sources: ["erp", "shop"],
 *   fields: { mail: { kind: "email" }, called: { kind: "name" } },
 *   keys: ["mail"],
 *   compare: ["called"],
 *   blocks: [["called:3"]],
 * })
 */
export const defineMatch = (spec: MatchSpec): Table => {
  const { name, title, description, entries, after, checks, ...match } = spec;
  const common = {
    kind: "table" as const,
    role: "bridge" as const,
    name,
    key: ["source", "source_id"],
    match,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(after && { after }),
    ...(checks && { checks }),
  };
  return Object.freeze(typeof entries === "string" ? { ...common, sql: entries } : { ...common, select: entries });
};

/** Version of the matching algorithm: a higher number makes the next load match again although no data changed. */
export const MATCH_FORM = 4;

/** Name of the table with the pairs for review. */
export const reviewTable = (name: string): string => `${name}_review`;

/** Names of the warehouse tables that a declared table becomes, its own first. */
export const madeBy = (table: Table): readonly string[] => [
  table.name,
  ...(table.match === undefined ? [] : [reviewTable(table.name)]),
  ...(table.match?.golden === undefined ? [] : [table.match.golden.table]),
];
