/** Finds a person's texts as whole words: `C101` is not in `C1012`, nor `ada@x.example` in `mcada@x.example`. */

/** Escaped for the regular expressions of DuckDB and of JavaScript. */
const escaped = (values: readonly string[]): string =>
  values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");

/** A pattern for DuckDB, which has no look-around: groups 1 and 3 are the neighbouring characters. */
export const duckPattern = (values: readonly string[]): string =>
  `(^|[^\\pL\\pN._+-])(${escaped(values)})($|[^\\pL\\pN_@-])`;

/** A pattern for JavaScript: global and case-insensitive; it matches nothing without values. */
export const ownTexts = (values: readonly string[]): RegExp =>
  values.length === 0
    ? /(?!)/g
    : new RegExp(`(?<![\\p{L}\\p{N}._+-])(?:${escaped(values)})(?![\\p{L}\\p{N}_@-])`, "giu");
