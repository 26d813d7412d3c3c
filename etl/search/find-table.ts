/**
 * The table by which members of a dimension are found as people say and write them: words without case, accents and
 * scripts, phone numbers as digits. One row a member; built by each load that changed the dimension.
 */
import type { DuckDBConnection } from "duckdb";
import type { Dimension } from "../../engine/model/dimension.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import { readTexts } from "../extract/read-sql.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { plainLetters } from "../match/normalise.ts";
import { makeLatinTable } from "../match/romanise.ts";

/** The role whose members people look for. */
const FOUND_ROLE = "customer";

/** Name of the table of a dimension: `key`, `name`, `text`, `phones`. */
export const findTable = (dimension: string): string => `tessera_find_${dimension}`;
/** Name of the table with the words of its members' names, for typing errors. */
export const findWordsTable = (dimension: string): string => `${findTable(dimension)}_words`;

/** Names, numbers and addresses, by the names of their attributes. */
export const SEARCHED = /(^|_)(name|number|no|code|e_?mail|phone|mobile|company|tax)(_|$)/;
const PHONE = /(^|_)(phone|mobile)(_|$)/;
const EMAIL = /(^|_)e_?mail(_|$)/;
const NAMED = /(^|_)(name|company)(_|$)/;

/** SQL of the words of a text, in plain letters: `Müller-Łukasz` gives mueller and lukasz. */
export const wordsSql = (text: string): string => `regexp_extract_all(${plainLetters(text)}, '[\\p{L}\\p{N}]+')`;

/** The same without the second letter of umlauts: `Müller` is written muller, too. */
const bareWordsSql = (text: string): string => `regexp_extract_all(lower(strip_accents(${text})), '[\\p{L}\\p{N}]+')`;

/** SQL of a phone number's digits. */
export const digitsSql = (text: string): string => `regexp_replace(${text}, '[^0-9]', '', 'g')`;

interface Field {
  readonly name: string;
  /** SQL over the dimension's own table */
  readonly sql: string;
}

/** The dimension's own attributes that a search reads, the label first. */
const fieldsOf = (spec: Dimension): Field[] => {
  const fields = Object.entries(spec.attributes).flatMap(([name, attribute]): Field[] => {
    if (name !== spec.label && !SEARCHED.test(name)) return [];
    if (typeof attribute === "string") return [{ name, sql: quoteIdentifier(attribute) }];
    return "sql" in attribute && attribute.bins === undefined ? [{ name, sql: `(${attribute.sql})` }] : [];
  });
  return fields.sort((a, b) => Number(b.name === spec.label) - Number(a.name === spec.label));
};

/** Dimensions whose members are looked for. */
export const foundDimensions = (spec: ProjectSpec): Dimension[] => {
  const found = spec.cubes.flatMap((cube) => cube.dimensions[FOUND_ROLE]?.to ?? []);
  return [...new Set(found)].flatMap((dimension) => (dimension.kind === "dimension" ? [dimension] : []));
};

const LATIN = "find_latin";
/** Words in one text with a blank before and after each, so that ` mueller ` is a whole word. */
const joined = (lists: readonly string[]): string =>
  lists.length === 0 ? "''" : `' ' || array_to_string(list_distinct(flatten([${lists.join(", ")}])), ' ') || ' '`;

const buildOne = async (connection: DuckDBConnection, spec: Dimension): Promise<void> => {
  const fields = fieldsOf(spec);
  const text = ({ sql }: Field): string => `coalesce(CAST(${sql} AS VARCHAR), '')`;
  const isName = ({ name }: Field): boolean => name === spec.label || NAMED.test(name);
  const names = fields.filter((field) => isName(field) && !PHONE.test(field.name) && !EMAIL.test(field.name));
  const phones = fields.filter(({ name }) => PHONE.test(name));
  const others = fields.filter((field) => !names.includes(field) && !phones.includes(field));
  const source = spec.table === undefined ? `(${spec.sql ?? ""})` : inWarehouse(spec.table);
  const current = spec.history ? ` WHERE ${quoteIdentifier(spec.history.until)} IS NULL` : "";
  const label = names[0];
  await makeLatinTable(connection, LATIN, source, label?.sql ?? "NULL");
  const latin = "coalesce(l.latin, '')";
  // 王小明 is found as wang xiaoming, and as wangxiaoming
  const latinWords = [`string_split(${latin}, ' ')`, `[replace(${latin}, ' ', '')]`];
  const nameWords = [
    ...names.flatMap((field) => [wordsSql(text(field)), bareWordsSql(text(field))]),
    ...(label ? latinWords : []),
  ];
  const key = `CAST(${quoteIdentifier(spec.key)} AS VARCHAR)`;
  const otherWords = [
    ...others.flatMap((field) => [wordsSql(text(field)), `[lower(${text(field)})]`]),
    `[lower(${key})]`,
  ];
  const table = inWarehouse(findTable(spec.name));
  await connection.run(`CREATE OR REPLACE TABLE ${table} AS
    SELECT ${key} AS key, ${joined(nameWords)} AS name, ${joined([...nameWords, ...otherWords])} AS text,
      ${phones.length === 0 ? "''" : `concat_ws(' ', ${phones.map((field) => digitsSql(text(field))).join(", ")})`} AS phones
    FROM ${source} AS t ${label ? `LEFT JOIN ${inScratch(LATIN)} AS l ON l.raw = CAST(${label.sql} AS VARCHAR)` : ""}
    ${current}`);
  await connection.run(`CREATE OR REPLACE TABLE ${inWarehouse(findWordsTable(spec.name))} AS
    SELECT DISTINCT word FROM (SELECT unnest(string_split(name, ' ')) AS word FROM ${table})
    WHERE length(word) >= 3 ORDER BY word`);
  await connection.run(`DROP TABLE IF EXISTS ${inScratch(LATIN)}`);
};

/**
 * Builds the tables whose dimension changed, or that are not there yet.
 * @param changed tables that this load changed
 */
export async function buildFindTables(
  connection: DuckDBConnection,
  spec: ProjectSpec,
  changed: ReadonlySet<string>,
): Promise<void> {
  for (const dimension of foundDimensions(spec)) {
    const { table } = dimension;
    if (table !== undefined && (await columnsOf(connection, table)).size === 0) continue;
    const isThere = (await columnsOf(connection, findTable(dimension.name))).size > 0;
    if (isThere && table !== undefined && !changed.has(table)) continue;
    await buildOne(connection, dimension);
  }
}

export const isFindTable = (table: string): boolean => table.startsWith("tessera_find_");

/** Removes the members of the table `p_keys` from all such tables of a file, with the words that only they had. */
export async function forgetFound(connection: DuckDBConnection, catalog: string): Promise<void> {
  const tables = await readTexts(
    connection,
    `SELECT table_name FROM duckdb_tables()
     WHERE database_name = $1 AND starts_with(table_name, 'tessera_find_') AND NOT ends_with(table_name, '_words')`,
    [catalog],
  );
  for (const table of tables) {
    const inFile = `${quoteIdentifier(catalog)}.main.${quoteIdentifier(table)}`;
    const words = `${quoteIdentifier(catalog)}.main.${quoteIdentifier(`${table}_words`)}`;
    await connection.run(`DELETE FROM ${inFile} WHERE key IN (SELECT key FROM p_keys)`);
    await connection.run(`DELETE FROM ${words}
      WHERE word NOT IN (SELECT unnest(string_split(name, ' ')) FROM ${inFile})`);
  }
}
