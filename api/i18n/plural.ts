/** Plural forms and numbers of a language, for texts with values. */

/** Forms by CLDR category; `other` serves every category that has none. */
export type PluralForms = { readonly [category in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/**
 * Chooses the plural form for a count.
 * @param language BCP 47
 * @example pluralOf("en")(2, { one: "row", other: "rows" }) // "rows"
 */
export const pluralOf = (language: string): ((count: number, forms: PluralForms) => string) => {
  const rules = new Intl.PluralRules(language);
  return (count, forms) => forms[rules.select(count)] ?? forms.other;
};

/** Prints whole numbers with the language's separators. @param language BCP 47 */
export const numbersOf = (language: string): ((value: number) => string) => {
  const format = new Intl.NumberFormat(language);
  return (value) => format.format(value);
};
