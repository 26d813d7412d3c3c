/** How entries of several systems are compared and joined. */

/**
 * How a field is normalised and compared.
 *
 * - `text`: letters and digits only
 * - `exact`: as it is
 * - `email`: lower case, one typing error apart
 * - `phone`: in international form
 * - `name`: words in any order, in plain Latin letters (accents, umlauts, full width, Cyrillic); Chinese as it is, and
 *   equal to its reading in Latin letters
 * - `address`: like a name, with the words in their order
 */
export type MatchKind = "text" | "exact" | "email" | "phone" | "name" | "address";

/** A field of the entries that is compared. */
export interface MatchField {
  readonly kind: MatchKind;
  /** column of the entries; default the field's name */
  readonly column?: string;
  /** of a phone: column with the two-letter country, or the letters in quotes (`'DE'`); default `'US'` */
  readonly country?: string;
}

/** Which value a golden record takes: that of the `first` entry with one (by source, then number), the `longest`… */
export type Survivor = "first" | "longest" | "frequent" | { readonly latest: string };

/** A table with one record for each person or company. */
export interface GoldenSpec {
  readonly table: string;
  /** columns of the entries, and which of their values survives */
  readonly columns: { readonly [column: string]: Survivor };
}

/** The rules of a match. */
export interface MatchRules {
  /** names of the sources, the most trusted first */
  readonly sources: readonly string[];
  /** fields by name */
  readonly fields: { readonly [name: string]: MatchField };
  /** fields that join two entries when equal: alone (`"mail"`) or together (`["tel", "called"]`) */
  readonly keys: readonly (string | readonly string[])[];
  /** a key that more entries share (a switchboard, info@) joins nobody; default 50 */
  readonly sharedBy?: number;
  /** fields whose likeness counts where no key decides; default none */
  readonly compare?: readonly string[];
  /** of these, fields that must be alike: otherwise a pair at most goes to review (a household) */
  readonly must?: readonly string[];
  /** pairs are compared when they agree on all fields of any of these; `"called:4"` is the first four letters */
  readonly blocks?: readonly (readonly string[])[];
  /** probability from which a pair is joined; default 0.95 */
  readonly accept?: number;
  /** probability from which a pair goes to review; default 0.5 */
  readonly review?: number;
  /** name of the key column; default `customer_id` */
  readonly as?: string;
  /** default: no golden record */
  readonly golden?: GoldenSpec;
}

/** Name of the key column that the match assigns. */
export const keyName = (rules: MatchRules): string => rules.as ?? "customer_id";
