/** How entries of several systems are compared and joined. */

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

/** Name of the key column that the match assigns. */
export const keyName = (rules: MatchRules): string => rules.as ?? "customer_id";
