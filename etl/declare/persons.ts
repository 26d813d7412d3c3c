/** Which rows and columns are about a person: what an erasure goes by. */

/** Rows of a table that are one person's. */
export interface PersonRule {
  /** the column that says whose row it is */
  readonly by: string;
  /** the system whose numbers `by` holds, as the table of identities names it; without it `by` holds the dimension's key */
  readonly system?: string;
  /** `by` stays as it is, because other tables join on it: a guest's order number */
  readonly keep?: boolean;
  /** columns that are emptied */
  readonly clear?: readonly string[];
  /** columns that get one made-up address for all of the person's rows, so that rows stay recognisable as one person's: e-mail addresses that rows are matched by */
  readonly alias?: readonly string[];
}

export interface PersonsSpec {
  /** the dimension whose members are persons */
  readonly dimension: string;
  /** column that holds the dimension's key, in every table that has one of this name; default the dimension's key */
  readonly key?: string;
  /** where each system's numbers and the dimension's key meet; without it a person has one number everywhere */
  readonly identities?: { readonly table: string; readonly system: string; readonly id: string; readonly key: string };
  readonly tables: { readonly [table: string]: PersonRule | readonly PersonRule[] };
}

export type Persons = PersonsSpec & { readonly kind: "persons" };

/**
 * Declares who is a person in the warehouse, for `tessera erase`.
 * @example definePersons({ dimension: "customer", tables: { customers: { by: "customer_id", clear: ["name", "email", "phone"] }, orders: { by: "customer_id" } } })
 */
export const definePersons = (spec: PersonsSpec): Persons => Object.freeze({ ...spec, kind: "persons" as const });

export const rulesOf = (persons: Persons, table: string): readonly PersonRule[] => {
  const rules = persons.tables[table];
  return rules === undefined ? [] : Array.isArray(rules) ? (rules as readonly PersonRule[]) : [rules as PersonRule];
};
