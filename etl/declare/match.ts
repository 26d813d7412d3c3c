/** Who is who: entries of several systems that are one person or company, declared as a table of the star. */
import type { Check } from "./checks/check.ts";
import type { MatchRules } from "./match-rules.ts";
import type { AnyTables, Compilable, Table } from "./table.ts";
import type { Kysely } from "kysely";

export interface MatchSpec extends MatchRules {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** entries: `source`, `source_id`, the fields' columns and, where there is one, `entry_no`: a number that is the entry's own for ever */
  readonly entries: string | ((db: Kysely<AnyTables>) => Compilable);
  readonly after?: readonly string[];
  readonly checks?: readonly Check[];
}

/**
 * Declares a step that resolves identities within the load. It makes a table of its name (`source`, `source_id`, the key, `entry_no`, `confidence`, `how`) and
 * `NAME_review` with the pairs that a person should look at; `golden.table` where asked for.
 * @example defineMatch({ name: "who", entries: "SELECT …", sources: ["erp", "shop"], fields: { mail: { kind: "email" }, called: { kind: "name" } }, keys: ["mail"], compare: ["called"], blocks: [["called:3"]] })
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

/** Grows when matching itself changes, so that the next load matches anew though nothing else did. */
export const MATCH_FORM = 4;

export const reviewTable = (name: string): string => `${name}_review`;

/** Names of the tables that a declared table becomes in the warehouse, its own first. */
export const madeBy = (table: Table): readonly string[] => [
  table.name,
  ...(table.match === undefined ? [] : [reviewTable(table.name)]),
  ...(table.match?.golden === undefined ? [] : [table.match.golden.table]),
];
