/** Finding a person's texts as whole words: `C101` is not in `C1012`, nor `ada@x.example` in `mcada@x.example`. */

const escaped = (values: readonly string[]): string =>
  values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");

/** For DuckDB, whose expressions know no looking around: groups 1 and 3 are what stands beside. */
export const duckPattern = (values: readonly string[]): string =>
  `(^|[^\\pL\\pN._+-])(${escaped(values)})($|[^\\pL\\pN_@-])`;

/** For texts here; global, without regard to case. */
export const ownTexts = (values: readonly string[]): RegExp =>
  values.length === 0
    ? /(?!)/g
    : new RegExp(
        `(?<![\\p{L}\\p{N}._+-])(?:${values.map((value) => value.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}_@-])`,
        "giu",
      );
