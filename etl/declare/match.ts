/** Who is who: entries of several systems that are one person or company, declared as a table of the star. */
import type { Check } from "./checks/check.ts";
import type { AnyTables, Compilable, Table } from "./table.ts";
import type { Kysely } from "kysely";

/**
 * How a field is made comparable and compared. `text`: letters and digits alone; `exact`: as it is; `email`; `phone`: its international form, by the
 * country (two letters) in the column `country`; `name`: words in any order, accents, umlauts, full width and Cyrillic as plain Latin letters; Chinese as it is, and alike to its reading in Latin letters;
 * `address`: like a name, words in their order.
 */
export type MatchKind = "text" | "exact" | "email" | "phone" | "name" | "address";

export interface MatchField {
  readonly kind: MatchKind;
  /** column of the entries; default the field's name */
  readonly column?: string;
  /** of a phone: the column with the country's two letters, or the letters themselves in quotes (`'DE'`) */
  readonly country?: string;
}

/** Which of several values a golden record takes: of the first entry that has one (by source, then number), the `latest`, the `longest`, the most `frequent`. */
export type Survivor = "first" | "longest" | "frequent" | { readonly latest: string };

export interface GoldenSpec {
  readonly table: string;
  /** columns of the entries and which of their values survives */
  readonly columns: { readonly [column: string]: Survivor };
}

export interface MatchRules {
  /** the sources' names, the most trusted first */
  readonly sources: readonly string[];
  readonly fields: { readonly [name: string]: MatchField };
  /** fields that, equal, make two entries one: alone (`"mail"`) or together (`["tel", "called"]`) */
  readonly keys: readonly (string | readonly string[])[];
  /** a key that more entries than this share says nothing of a person (the switchboard, info@); default 50 */
  readonly sharedBy?: number;
  /** fields whose likeness is weighed where no key decides */
  readonly compare?: readonly string[];
  /** of these, fields that must be alike where both are known: a pair whose names differ is put before a person at most, however much else agrees (a household) */
  readonly must?: readonly string[];
  /** pairs are weighed when they agree on all fields of any of these; `"called:4"` is the first four letters */
  readonly blocks?: readonly (readonly string[])[];
  /** probability from which a pair is one person by itself; default .95 */
  readonly accept?: number;
  /** from which it is put before a person; default .5 */
  readonly review?: number;
  /** name of the customer's key; default `customer_id` */
  readonly as?: string;
  readonly golden?: GoldenSpec;
}

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

export const keyName = (rules: MatchRules): string => rules.as ?? "customer_id";
export const reviewTable = (name: string): string => `${name}_review`;

/** Names of the tables that a declared table becomes in the warehouse, its own first. */
export const madeBy = (table: Table): readonly string[] => [
  table.name,
  ...(table.match === undefined ? [] : [reviewTable(table.name)]),
  ...(table.match?.golden === undefined ? [] : [table.match.golden.table]),
];
