/** Which rows and columns are about a person: what an erasure goes by. */

/** The rows of a table that belong to one person, and what is personal in them. */
export interface PersonRule {
  /** column with the person's number */
  readonly by: string;
  /** system whose numbers `by` holds, as the table of identities names it; default: `by` holds the dimension's key */
  readonly system?: string;
  /** leave `by` as it is, because other tables join on it (a guest's order number); default false */
  readonly keep?: boolean;
  /** columns that an erasure empties */
  readonly clear?: readonly string[];
  /**
   * columns that get one made-up address for all rows of the person, so that rows can still be matched: e-mail
   * addresses
   */
  readonly alias?: readonly string[];
}

/** Who is a person in the warehouse. */
export interface PersonsSpec {
  /** the dimension whose members are persons */
  readonly dimension: string;
  /** column with the dimension's key, in every table that has a column of this name; default the dimension's key */
  readonly key?: string;
  /** table that maps each system's numbers to the dimension's key; default: a person has one number everywhere */
  readonly identities?: { readonly table: string; readonly system: string; readonly id: string; readonly key: string };
  /** rules by table */
  readonly tables: { readonly [table: string]: PersonRule | readonly PersonRule[] };
}

/** Made by `definePersons`. */
export type Persons = PersonsSpec & { readonly kind: "persons" };

/**
 * Declares who is a person in the warehouse, for `tessera erase`.
 * @example
 * definePersons({
 *   dimension: "customer",
 *   tables: {
 *     customers: { by: "customer_id", clear: ["name", "email", "phone"] },
 *     orders: { by: "customer_id" },
 *   },
 * })
 */
export const definePersons = (spec: PersonsSpec): Persons => Object.freeze({ ...spec, kind: "persons" as const });

const isList = (rules: PersonRule | readonly PersonRule[]): rules is readonly PersonRule[] => Array.isArray(rules);

/** The rules of a table; empty when it holds nothing of a person. */
export const rulesOf = (persons: Persons, table: string): readonly PersonRule[] => {
  const rules = persons.tables[table];
  if (rules === undefined) return [];
  return isList(rules) ? rules : [rules];
};
