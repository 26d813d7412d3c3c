/**
 * Customers as people say and write them: words in any order and script, phone numbers in any notation, numbers of
 * customers and of orders, one typing error a word.
 */
import type { Attribute, Dimension } from "../../../engine/model/dimension.ts";
import { isBridge } from "../../../engine/model/cube.ts";
import type { ProjectSpec } from "../../../engine/model/project.ts";
import type { Row } from "../../../engine/model/query.ts";
import { quoteIdentifier } from "../../../engine/warehouse/index.ts";
import { findTable, findWordsTable, wordsSql } from "../../../etl/search/find-table.ts";
import type { Reader } from "../reader.ts";
import type { Services } from "../services.ts";
import { CUSTOMER_ROLE } from "./customer-model.ts";

const MOST_WORDS = 8;
/** Fewer digits are not looked for in phone numbers. */
const LEAST_DIGITS = 4;
/** With fewer customers found, words with typing errors count, too. */
const FEW = 3;
/** Shorter words are not corrected. */
const LEAST_LETTERS = 4;
/** From this length on, a word may have two errors. */
const LONG_WORD = 8;
/** Letters of its beginning, or of its end, that a mistyped word has right. */
const ENDS = 2;
/** Shorter words are not looked for within others. */
const LEAST_INSIDE = 3;
/** Words that a mistyped word may be. */
const MOST_LIKE = 20;

/** A customer's key as text, and how well it fits. */
interface Hit {
  readonly key: string;
  readonly score: number;
}

interface Asked {
  /** in plain letters */
  readonly words: readonly string[];
  /** digits of a phone number without country code, trunk zero and signs; null for other searches */
  readonly digits: string | null;
}

/** Runs a statement of this file; values travel as parameters. */
type Run = (statement: string, parameters: readonly string[]) => Promise<readonly Row[]>;

/** True where the version has the table that loads build for the search. */
export const canSearch = (spec: Dimension, { manifest }: Reader): boolean =>
  manifest.files.some(({ tables }) => tables.some(({ name }) => name === findTable(spec.name)));

/**
 * What is left of a phone number when it is written as people do: `0173 602439`, `+49 (0)173 602439`, `0049173602439`
 * all end in 173602439.
 */
const phoneDigits = async (search: string): Promise<string | null> => {
  if (!/^[\d\s()+./-]+$/.test(search)) return null;
  const text = search.replace("(0)", "");
  const digits = text.replace(/\D/g, "");
  if (digits.length < LEAST_DIGITS) return null;
  const international = /^\s*(?:\+|00)/.test(text);
  if (!international) return digits.replace(/^0/, "");
  const { parsePhoneNumberFromString } = await import("libphonenumber-js");
  return parsePhoneNumberFromString(`+${digits.replace(/^00/, "")}`)?.nationalNumber ?? digits.replace(/^00/, "");
};

const askedOf = async (search: string, run: Run): Promise<Asked> => {
  const [row] = await run(`SELECT array_to_string(list_distinct(${wordsSql("$1")}), ' ') AS words`, [search]);
  const words = String(row?.["words"] ?? "").split(" ");
  return { words: words.filter((word) => word !== "").slice(0, MOST_WORDS), digits: await phoneDigits(search) };
};

/** How well one of the words fits: whole words before beginnings, names before all else. */
const scoreOf = (parameter: string): string => `(CASE
  WHEN contains(name, ' ' || ${parameter} || ' ') THEN 8
  WHEN contains(name, ' ' || ${parameter}) THEN 5
  WHEN contains(text, ' ' || ${parameter} || ' ') THEN 4
  WHEN contains(text, ' ' || ${parameter}) THEN 3
  ELSE 1 END)`;

/** A short word is the beginning of one; a longer one may be anywhere in it. */
const beginsWord = (word: string, parameter: string): string =>
  word.length < LEAST_INSIDE ? `contains(text, ' ' || ${parameter})` : `contains(text, ${parameter})`;

const byWords = async (spec: Dimension, { words, digits }: Asked, limit: number, run: Run): Promise<Hit[]> => {
  const tests = words.map((word, i) => beginsWord(word, `$${i + 1}`)).join(" AND ");
  const scores = words.map((_, i) => scoreOf(`$${i + 1}`)).join(" + ");
  const phone = digits === null ? "" : `contains(phones, $${words.length + 1})`;
  const either = [...(tests === "" ? [] : [`(${tests})`]), ...(phone === "" ? [] : [phone])].join(" OR ");
  if (either === "") return [];
  const inText = tests === "" ? "0" : `CASE WHEN ${tests} THEN ${scores} ELSE 0 END`;
  const rows = await run(
    `SELECT key, greatest(${inText}, ${phone === "" ? "0" : `CASE WHEN ${phone} THEN 6 ELSE 0 END`}) AS score
     FROM ${quoteIdentifier(findTable(spec.name))} WHERE ${either}
     ORDER BY score DESC, length(name), key LIMIT ${limit}`,
    [...words, ...(digits === null ? [] : [digits])],
  );
  return rows.map((row) => ({ key: String(row["key"]), score: Number(row["score"]) }));
};

/** Words of names that differ from a word by as much as a typing error. */
const likeWords = async (spec: Dimension, word: string, run: Run): Promise<string[]> => {
  if (word.length < LEAST_LETTERS) return [];
  const errors = word.length >= LONG_WORD ? 2 : 1;
  // an error is in one half of a word, so its beginning or its end is right: few words are compared letter by letter
  const rows = await run(
    `SELECT word FROM (
       SELECT word, damerau_levenshtein(word, $1) AS errors FROM ${quoteIdentifier(findWordsTable(spec.name))}
       WHERE length(word) BETWEEN ${word.length - errors} AND ${word.length + errors}
         AND (starts_with(word, $2) OR ends_with(word, $3)))
     WHERE errors <= ${errors} ORDER BY errors, word LIMIT ${MOST_LIKE}`,
    [word, word.slice(0, ENDS), word.slice(-ENDS)],
  );
  return rows.map((row) => String(row["word"]));
};

/** Customers whose names have each word, or one that is like it. */
const byLikeWords = async (spec: Dimension, words: readonly string[], limit: number, run: Run): Promise<Hit[]> => {
  const like = await Promise.all(words.map((word) => likeWords(spec, word, run)));
  if (like.every((found) => found.length === 0)) return [];
  const parameters: string[] = [];
  const place = (value: string): string => `$${parameters.push(value)}`;
  const tests = words.map((word, i) => {
    const whole = (like[i] ?? []).map((each) => `contains(name, ' ' || ${place(each)} || ' ')`);
    return `(${[`contains(text, ' ' || ${place(word)})`, ...whole].join(" OR ")})`;
  });
  const rows = await run(
    `SELECT key FROM ${quoteIdentifier(findTable(spec.name))} WHERE ${tests.join(" AND ")}
     ORDER BY length(name), key LIMIT ${limit}`,
    parameters,
  );
  return rows.map((row) => ({ key: String(row["key"]), score: 0.5 }));
};

const NUMBERED = /(^|_)(order|invoice|case|ticket|contract|opportunity|number|no|code)(_|$)/;

/** The column or expression of an attribute; empty for one of another table. */
const columnOf = (attribute: Attribute): string => {
  if (typeof attribute === "string") return attribute;
  return "sql" in attribute ? attribute.sql : "";
};

/** Facts of a customer that have a number of their own: orders, cases, contracts. */
const numberedFacts = (spec: ProjectSpec): { readonly table: string; readonly on: string; readonly column: string }[] =>
  spec.cubes.flatMap((cube) => {
    const role = cube.dimensions[CUSTOMER_ROLE];
    if (cube.table === undefined || role === undefined || isBridge(role)) return [];
    return Object.entries(cube.attributes ?? {}).flatMap(([name, attribute]) => {
      const column = columnOf(attribute);
      const isNumber = NUMBERED.test(name) || NUMBERED.test(column);
      return isNumber && /^\w+$/.test(column) ? [{ table: cube.table ?? "", on: role.on, column }] : [];
    });
  });

const byNumber = async (spec: ProjectSpec, search: string, limit: number, run: Run): Promise<Hit[]> => {
  const text = search.trim();
  if (!/\d/.test(text) || /\s/.test(text) || text.length > 40) return [];
  const selects = numberedFacts(spec).map(
    ({ table, on, column }) =>
      `SELECT CAST(${quoteIdentifier(on)} AS VARCHAR) AS key FROM ${quoteIdentifier(table)}
       WHERE CAST(${quoteIdentifier(column)} AS VARCHAR) IN ($1, $2)`,
  );
  if (selects.length === 0) return [];
  const rows = await run(
    `SELECT DISTINCT key FROM (${selects.join(" UNION ALL ")}) WHERE key IS NOT NULL LIMIT ${limit}`,
    [text, text.toUpperCase()],
  );
  return rows.map((row) => ({ key: String(row["key"]), score: 10 }));
};

/** Keys of the customers that fit, best first, `limit` at most. */
export const searchCustomers = async (
  dimension: Dimension,
  search: string,
  limit: number,
  reader: Reader,
  { project }: Services,
): Promise<readonly string[]> => {
  const run: Run = async (statement, parameters) =>
    (await reader.run((options) => project.sql(statement, [...parameters], options))).rows;
  const asking = askedOf(search, run);
  const [numbered, found] = await Promise.all([
    byNumber(project.spec, search, limit, run),
    asking.then((asked) => byWords(dimension, asked, limit, run)),
  ]);
  const close =
    numbered.length + found.length < FEW ? await byLikeWords(dimension, (await asking).words, limit, run) : [];
  const best = new Map<string, number>();
  for (const { key, score } of [...numbered, ...found, ...close]) best.set(key, Math.max(score, best.get(key) ?? 0));
  return [...best]
    .sort((a, b) => b[1] - a[1])
    .slice(0, limit)
    .map(([key]) => key);
};
