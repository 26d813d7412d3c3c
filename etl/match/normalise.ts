/** Fields in the form in which they are compared, as DuckDB SQL over columns of the entries. */
import { quoteText } from "../../engine/warehouse/index.ts";
import type { MatchKind } from "../declare/match-rules.ts";

/** One letter for one, `translate` does in a single pass; what becomes several letters is replaced one after the other. */
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

/** Small Latin letters without accents, umlauts spelled out, Cyrillic transliterated; Han, Kana and others as they are. */
export function plainLetters(text: string): string {
  const small = `lower(nfc_normalize(${text}))`;
  // most texts hold nothing but ASCII, and need none of this
  const latin = `CASE WHEN regexp_matches(${small}, '[^\\x00-\\x{24F}]') THEN ${replaced(`translate(translate(${small}, ${quoteText(FULL_WIDTH)}, ${quoteText(HALF_WIDTH)}), ${quoteText(CYRILLIC[0])}, ${quoteText(CYRILLIC[1])})`, CYRILLIC_PAIRS)} ELSE ${small} END`;
  return `CASE WHEN strlen(${text}) = length(${text}) THEN lower(${text}) ELSE lower(strip_accents(${replaced(latin, LETTERS)})) END`;
}

const words = (text: string): string => `regexp_extract_all(${plainLetters(text)}, '[\\p{L}\\p{N}]+')`;

/** SQL of the comparable form of a column; null where nothing is left to compare. Phones are looked up apart, see `entries.ts`. */
export function comparable(kind: MatchKind, column: string): string {
  const text = `CAST(${column} AS VARCHAR)`;
  switch (kind) {
    case "exact":
      return `nullif(${text}, '')`;
    case "text":
      return `nullif(array_to_string(${words(text)}, ''), '')`;
    case "email":
      return `CASE WHEN regexp_full_match(lower(trim(${text})), '[^@\\s]+@[^@\\s]+\\.[^@\\s.]{2,}') THEN lower(trim(${text})) END`;
    // the parts of a Chinese name stand together or apart; no order can be told from the signs, so none is made
    case "name":
      return `nullif(CASE WHEN regexp_matches(${text}, '\\p{Han}') THEN array_to_string(${words(text)}, '') ELSE array_to_string(list_sort(${words(text)}), ' ') END, '')`;
    case "address":
      return `nullif(regexp_replace(array_to_string(${words(text)}, ' '), '(str|strasse|straat|street)( |$)', 'str\\2'), '')`;
    case "phone":
      return `nullif(${text}, '')`;
  }
}

const byWord =
  (limit: number) =>
  (a: string, b: string): string => {
    const rest = (text: string): string => `substr(${text}, strpos(${text}, ' ') + 1)`;
    return `(jaro_winkler_similarity(${rest(a)}, ${rest(b)}) >= ${limit} AND jaro_winkler_similarity(split_part(${a}, ' ', 1), split_part(${b}, ' ', 1)) >= ${limit})`;
  };

/** The levels on which two values of a kind may agree, from the best; what is on none of them is level 0, a missing value is -1. */
export function likeness(kind: MatchKind): readonly ((a: string, b: string) => string)[] {
  const above =
    (limit: number) =>
    (a: string, b: string): string =>
      `jaro_winkler_similarity(${a}, ${b}) >= ${limit}`;
  switch (kind) {
    // word by word: as a whole, "guenther jonas" and "guenther julia" would be nearly the same
    case "name":
      return [byWord(0.93), byWord(0.85)];
    case "address":
      return [above(0.92)];
    // one slip: addresses are mostly made of the name, so that being alike says nothing that the name has not said
    case "email":
      return [(a, b) => `damerau_levenshtein(${a}, ${b}) <= 1`];
    default:
      return [];
  }
}
