/** Normalised forms of fields and their comparison, as DuckDB SQL over columns of the entries. */
import { quoteText } from "../../engine/warehouse/index.ts";
import type { MatchKind } from "../declare/match-rules.ts";

/** `translate` replaces single letters in one pass; letters that become several are replaced one by one below. */
const FULL_WIDTH = range(0xff01, 0xff5e);
const HALF_WIDTH = range(0x21, 0x7e);
const CYRILLIC = ["абвгдезийклмнопрстуфыэіўґѓќ", "abvgdeziiklmnoprstufyeiuggk"] as const;
const LETTERS: readonly (readonly [string, string])[] = [
  ["ä", "ae"],
  ["ö", "oe"],
  ["ü", "ue"],
  ["ß", "ss"],
  ["ø", "oe"],
  ["å", "aa"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ł", "l"],
  ["đ", "d"],
  ["þ", "th"],
  ["ð", "d"],
  ["ı", "i"],
];
const CYRILLIC_PAIRS: readonly (readonly [string, string])[] = [
  ["ж", "zh"],
  ["х", "kh"],
  ["ц", "ts"],
  ["ч", "ch"],
  ["ш", "sh"],
  ["щ", "shch"],
  ["ю", "yu"],
  ["я", "ya"],
  ["ё", "e"],
  ["є", "ye"],
  ["ї", "yi"],
  ["ъ", ""],
  ["ь", ""],
  ["љ", "lj"],
  ["њ", "nj"],
  ["ђ", "dj"],
  ["ћ", "c"],
  ["џ", "dz"],
];

function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join("");
}
const replaced = (text: string, pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((sql, [from, to]) => `replace(${sql}, ${quoteText(from)}, ${quoteText(to)})`, text);

/**
 * SQL of a text in lower-case Latin letters: no accents, umlauts as two letters, Cyrillic transliterated; others
 * unchanged.
 */
export function plainLetters(text: string): string {
  const small = `lower(nfc_normalize(${text}))`;
  // most texts are ASCII and need nothing of this
  const narrow = `translate(${small}, ${quoteText(FULL_WIDTH)}, ${quoteText(HALF_WIDTH)})`;
  const translated = `translate(${narrow}, ${quoteText(CYRILLIC[0])}, ${quoteText(CYRILLIC[1])})`;
  const latin = `CASE WHEN regexp_matches(${small}, '[^\\x00-\\x{24F}]')
    THEN ${replaced(translated, CYRILLIC_PAIRS)} ELSE ${small} END`;
  const plain = `lower(strip_accents(${replaced(latin, LETTERS)}))`;
  return `CASE WHEN strlen(${text}) = length(${text}) THEN lower(${text}) ELSE ${plain} END`;
}

const words = (text: string): string => `regexp_extract_all(${plainLetters(text)}, '[\\p{L}\\p{N}]+')`;

/** SQL of a column's normalised form; null when nothing is left to compare. Phones are normalised in `entries.ts`. */
export function comparable(kind: MatchKind, column: string): string {
  const text = `CAST(${column} AS VARCHAR)`;
  switch (kind) {
    case "exact":
      return `nullif(${text}, '')`;
    case "text":
      return `nullif(array_to_string(${words(text)}, ''), '')`;
    case "email":
      return `CASE WHEN regexp_full_match(lower(trim(${text})), '[^@\\s]+@[^@\\s]+\\.[^@\\s.]{2,}')
        THEN lower(trim(${text})) END`;
    // Chinese names are written with and without a blank, and their order is not visible: they are not sorted
    case "name":
      return `nullif(CASE WHEN regexp_matches(${text}, '\\p{Han}') THEN array_to_string(${words(text)}, '')
        ELSE array_to_string(list_sort(${words(text)}), ' ') END, '')`;
    case "address":
      return `nullif(regexp_replace(
        array_to_string(${words(text)}, ' '), '(str|strasse|straat|street)( |$)', 'str\\2'
      ), '')`;
    case "phone":
      return `nullif(${text}, '')`;
  }
}

const byWord =
  (limit: number) =>
  (a: string, b: string): string => {
    const rest = (text: string): string => `substr(${text}, strpos(${text}, ' ') + 1)`;
    const firstWord = (text: string): string => `split_part(${text}, ' ', 1)`;
    return `(jaro_winkler_similarity(${rest(a)}, ${rest(b)}) >= ${limit}
      AND jaro_winkler_similarity(${firstWord(a)}, ${firstWord(b)}) >= ${limit})`;
  };

/**
 * SQL of whether two texts are at most one insertion, deletion, substitution or swap of neighbours apart. The exact
 * distance takes a hundred times as long as the likeness, so what cannot be that close is left out before: with one
 * error in n >= 8 bytes, n - 1 of them match, and the Jaro likeness is at least 3/4 even if all were out of order.
 */
export function oneTypingError(a: string, b: string): string {
  const apart = `jaro_winkler_similarity(${a}, ${b}) < 0.75 AND least(strlen(${a}), strlen(${b})) >= 8`;
  return `CASE WHEN abs(strlen(${a}) - strlen(${b})) > 1 OR (${apart}) THEN false
    ELSE damerau_levenshtein(${a}, ${b}) <= 1 END`;
}

/**
 * SQL of the levels on which two values may agree below equality, best first; none of them is level 0, missing is -1.
 */
export function likeness(kind: MatchKind): readonly ((a: string, b: string) => string)[] {
  const above =
    (limit: number) =>
    (a: string, b: string): string =>
      `jaro_winkler_similarity(${a}, ${b}) >= ${limit}`;
  switch (kind) {
    // word by word: as whole texts "guenther jonas" and "guenther julia" are nearly equal
    case "name":
      return [byWord(0.93), byWord(0.85)];
    case "address":
      return [above(0.92)];
    // one typing error: addresses mostly consist of the name, so their likeness adds nothing to that of the name
    case "email":
      return [oneTypingError];
    default:
      return [];
  }
}
