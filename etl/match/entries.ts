/** The entries of a match in scratch: numbered from 0, with their normalised fields. */
import type { DuckDBConnection, DuckDBValue } from "duckdb";
import { didYouMean, phrase, TesseraError } from "../../engine/errors/index.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { keyName, type MatchField, type MatchKind, type MatchRules } from "../declare/match-rules.ts";
import { inScratch } from "../extract/extracted.ts";
import { readNumbers, readTexts } from "../extract/read-sql.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { isPhoneCountry, makePhoneTable } from "../stage/phones.ts";
import { comparable } from "./normalise.ts";
import { makeLatinTable } from "./romanise.ts";

/** Scratch table with the select's rows, `idx`, `entry_no` and the key of the version before (`key_before`). */
export const RAW = inScratch("match_raw");

/** Scratch table with `idx` and the normalised fields. */
export const ENTRIES = inScratch("match_entries");

/** Column with a normalised field. */
export const field = (name: string): string => quoteIdentifier(`f_${name}`);

/** Column with a name in Latin letters: of a Chinese name its reading, of others the same as `field`. */
export const latinField = (name: string): string => quoteIdentifier(`l_${name}`);

/** Column with a Chinese name as it is written; null for others. */
export const signsField = (name: string): string => quoteIdentifier(`h_${name}`);

/** The kind of a field. @throws Error for a field that the rules do not declare */
export function kindOf(rules: MatchRules, name: string): MatchKind {
  const declared = rules.fields[name];
  if (declared === undefined) throw new Error(`match field ${name} is missing`);
  return declared.kind;
}

/**
 * Fills `match_raw` and `match_entries`. Entries keep their own number where they bring one, else the one of the
 * version before; new entries follow in the sources' order.
 * @param sql select of the entries
 * @returns how many there are
 * @throws TesseraError `project-invalid` for missing columns, `check-failed` for entries with the same number
 */
export async function makeEntries(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  sql: string,
  parameters: readonly DuckDBValue[],
): Promise<number> {
  const given = inScratch("match_given");
  await connection.run(`CREATE OR REPLACE TABLE ${given} AS ${sql}`, [...parameters]);
  const columns = await readTexts(
    connection,
    `SELECT column_name FROM duckdb_columns() WHERE database_name = 'scratch' AND table_name = 'match_given'`,
  );
  checkColumns(name, rules, columns);
  await numberEntries(connection, name, rules, given, columns.includes("entry_no"));
  await connection.run(`DROP TABLE ${given}`);
  const total = await checkUnique(connection, name);
  const fields: string[] = [];
  const joins: string[] = [];
  for (const [each, spec] of Object.entries(rules.fields)) {
    const sql = await fieldSql(connection, each, spec, `match ${name}`);
    fields.push(...sql.columns);
    joins.push(...sql.joins);
  }
  await connection.run(
    `CREATE OR REPLACE TABLE ${ENTRIES} AS
     SELECT e.idx, ${fields.join(", ")} FROM ${RAW} AS e ${joins.join(" ")} ORDER BY e.idx`,
  );
  return total;
}

function checkColumns(name: string, rules: MatchRules, columns: readonly string[]): void {
  const needed = [
    "source",
    "source_id",
    ...Object.entries(rules.fields).map(([each, spec]) => spec.column ?? each),
    ...Object.keys(rules.golden?.columns ?? {}),
  ];
  for (const column of needed)
    if (!columns.includes(column))
      throw new TesseraError(
        "project-invalid",
        phrase`column "${column}" not found in the entries of ${name}${didYouMean(column, columns)}`,
        { place: `match ${name}`, remedy: "select the column in `entries`, or rename it in the rules" },
      );
}

/** Fills `match_raw`. */
async function numberEntries(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  given: string,
  hasOwn: boolean,
): Promise<void> {
  const isKnown = (await columnsOf(connection, name)).has("entry_no");
  const before = isKnown
    ? `LEFT JOIN ${inWarehouse(name)} AS b ON b.source = g.source AND b.source_id = CAST(g.source_id AS VARCHAR)`
    : "";
  const sources = rules.sources.map(quoteText).join(", ");
  const rank = `coalesce(list_position([${sources}], g.source), ${rules.sources.length + 1})`;
  const order = `ORDER BY ${rank}, g.source, g.source_id`;
  let number = `row_number() OVER (${order})`;
  if (hasOwn) number = "CAST(g.entry_no AS BIGINT)";
  else if (isKnown)
    number = `coalesce(b.entry_no, (SELECT coalesce(max(entry_no), 0) FROM ${inWarehouse(name)})
      + row_number() OVER (PARTITION BY b.entry_no IS NULL ${order}))`;
  const key = isKnown ? `b.${quoteIdentifier(keyName(rules))}` : "CAST(NULL AS BIGINT)";
  await connection.run(`CREATE OR REPLACE TABLE ${RAW} AS
    SELECT CAST(row_number() OVER (ORDER BY entry_no) - 1 AS INTEGER) AS idx, * FROM (
      SELECT g.* EXCLUDE (source_id${hasOwn ? ", entry_no" : ""}), CAST(g.source_id AS VARCHAR) AS source_id,
        ${number} AS entry_no, CAST(${rank} AS INTEGER) AS source_rank, ${key} AS key_before
      FROM ${given} AS g ${before}
    )`);
}

/** @returns the number of entries @throws TesseraError `check-failed` */
async function checkUnique(connection: DuckDBConnection, name: string): Promise<number> {
  const [total = 0, ids = 0, numbers = 0] = await readNumbers(
    connection,
    `SELECT count(*), count(DISTINCT (source, source_id)), count(DISTINCT entry_no) FROM ${RAW}`,
  );
  const more = {
    place: `match ${name}`,
    remedy: "select one row for each source and source_id, each with a number of its own",
  };
  if (ids < total)
    throw new TesseraError(
      "check-failed",
      phrase`${total - Math.min(ids, numbers)} entries of ${name} repeat a source and source_id`,
      more,
    );
  if (numbers < total)
    throw new TesseraError("check-failed", phrase`${total - numbers} entries of ${name} repeat an entry_no`, more);
  return total;
}

interface FieldSql {
  readonly columns: readonly string[];
  readonly joins: readonly string[];
}

/** SQL of the normalised columns of a field. */
async function fieldSql(
  connection: DuckDBConnection,
  name: string,
  spec: MatchField,
  place: string,
): Promise<FieldSql> {
  const column = `e.${quoteIdentifier(spec.column ?? name)}`;
  if (spec.kind === "name") {
    const written = comparable("name", column);
    const table = `match_latin_${name}`;
    await makeLatinTable(connection, table, RAW, column);
    const latin = quoteIdentifier(`n_${name}`);
    return {
      joins: [`LEFT JOIN ${inScratch(table)} AS ${latin} ON ${latin}.raw = CAST(${column} AS VARCHAR)`],
      columns: [
        `${written} AS ${field(name)}`,
        `coalesce(${latin}.latin, ${written}) AS ${latinField(name)}`,
        `CASE WHEN ${latin}.latin IS NOT NULL THEN ${written} END AS ${signsField(name)}`,
      ],
    };
  }
  if (spec.kind !== "phone") return { joins: [], columns: [`${comparable(spec.kind, column)} AS ${field(name)}`] };
  const country = spec.country ?? DEFAULT_COUNTRY;
  const table = await phones(connection, name, column, country, place);
  const alias = quoteIdentifier(`p_${name}`);
  return {
    joins: [`LEFT JOIN ${table} AS ${alias} ON ${alias}.raw = ${column} AND ${alias}.country = ${countryOf(country)}`],
    columns: [`CASE WHEN ${isInternational(column)} THEN ${column} ELSE ${alias}.phone END AS ${field(name)}`],
  };
}

const DEFAULT_COUNTRY = "'US'";

/** SQL of whether a number is in international form, which parsing does not change. */
const isInternational = (column: string): string =>
  `coalesce(regexp_full_match(${column}, '\\+[1-9][0-9]{7,14}'), false)`;

const countryOf = (country: string): string =>
  country.startsWith("'")
    ? quoteText(country.replaceAll("'", "").toUpperCase())
    : `upper(e.${quoteIdentifier(country)})`;

/** Makes a scratch table `(raw, country, phone)`, one country after another. */
async function phones(
  connection: DuckDBConnection,
  name: string,
  column: string,
  country: string,
  place: string,
): Promise<string> {
  const all = inScratch(`match_phones_${name}`);
  await connection.run(`CREATE OR REPLACE TABLE ${all} (raw VARCHAR, country VARCHAR, phone VARCHAR)`);
  const seen = await readTexts(
    connection,
    `SELECT DISTINCT ${countryOf(country)} FROM ${RAW} AS e
     WHERE ${column} IS NOT NULL AND NOT ${isInternational(column)}`,
  );
  for (const code of seen) {
    if (!(await isPhoneCountry(code))) continue;
    const one = inScratch("match_phone");
    await makePhoneTable(
      connection,
      "match_phone",
      `(SELECT ${column} AS v_ FROM ${RAW} AS e
        WHERE ${countryOf(country)} = ${quoteText(code)} AND NOT ${isInternational(column)})`,
      "v_",
      code,
      place,
    );
    await connection.run(`INSERT INTO ${all} SELECT raw, ${quoteText(code)}, phone FROM ${one}`);
    await connection.run(`DROP TABLE ${one}`);
  }
  return all;
}
