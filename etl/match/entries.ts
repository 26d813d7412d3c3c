/** The entries of a match in scratch: numbered from 0, with their comparable fields. */
import type { DuckDBConnection, DuckDBValue } from "duckdb";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { inScratch } from "../extract/extracted.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { isPhoneCountry, makePhoneTable } from "../stage/phones.ts";
import { keyName, type MatchRules } from "../declare/match-rules.ts";
import { comparable } from "./normalise.ts";
import { makeLatinTable } from "./romanise.ts";

export const RAW = inScratch("match_raw");
export const ENTRIES = inScratch("match_entries");
export const field = (name: string): string => quoteIdentifier(`f_${name}`);
/** Of a name of Han signs, the same in Latin letters; of any other what `field` is. */
export const latinField = (name: string): string => quoteIdentifier(`l_${name}`);
/** Of a name of Han signs that were romanised, its own form; else null. */
export const signsField = (name: string): string => quoteIdentifier(`h_${name}`);

/**
 * Fills `match_raw` (the select with `idx`, `entry_no` and the key of the version before, null for who is new) and `match_entries` (`idx`, `f_…`, of names `l_…` and `h_…`).
 * Entries are numbered by their own number where they bring one; else they keep the one they had, and new ones follow in the sources' order.
 * @returns how many there are
 * @throws TesseraError `project-invalid` where columns are missing, `check-failed` where an entry stands there twice
 */
export async function makeEntries(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  sql: string,
  parameters: readonly DuckDBValue[],
): Promise<number> {
  const place = `match ${name}`;
  const given = inScratch("match_given");
  await connection.run(`CREATE OR REPLACE TABLE ${given} AS ${sql}`, [...parameters]);
  const found = await connection.runAndReadAll(
    "SELECT column_name FROM duckdb_columns() WHERE database_name = 'scratch' AND table_name = 'match_given'",
  );
  const columns = new Set(found.getColumnsJson()[0]!.map(String));
  const needed = [
    "source",
    "source_id",
    ...Object.entries(rules.fields).map(([field_, spec]) => spec.column ?? field_),
    ...Object.keys(rules.golden?.columns ?? {}),
  ];
  for (const column of needed)
    if (!columns.has(column))
      throw new TesseraError("project-invalid", phrase`the entries of ${name} have no column ${column}`, {
        place,
        remedy: phrase`the select answers ${[...columns].join(", ")}`,
      });

  const known = (await columnsOf(connection, name)).has("entry_no");
  const own = columns.has("entry_no");
  const before = known
    ? `LEFT JOIN ${inWarehouse(name)} AS b ON b.source = g.source AND b.source_id = CAST(g.source_id AS VARCHAR)`
    : "";
  const rank = `coalesce(list_position([${rules.sources.map(quoteText).join(", ")}], g.source), ${rules.sources.length + 1})`;
  const number = own
    ? "CAST(g.entry_no AS BIGINT)"
    : known
      ? `coalesce(b.entry_no, (SELECT coalesce(max(entry_no), 0) FROM ${inWarehouse(name)}) + row_number() OVER (PARTITION BY b.entry_no IS NULL ORDER BY ${rank}, g.source, g.source_id))`
      : `row_number() OVER (ORDER BY ${rank}, g.source, g.source_id)`;
  await connection.run(`CREATE OR REPLACE TABLE ${RAW} AS SELECT CAST(row_number() OVER (ORDER BY entry_no) - 1 AS INTEGER) AS idx, * FROM (
    SELECT g.* EXCLUDE (source_id${own ? ", entry_no" : ""}), CAST(g.source_id AS VARCHAR) AS source_id, ${number} AS entry_no, CAST(${rank} AS INTEGER) AS source_rank, ${known ? `b.${quoteIdentifier(keyName(rules))}` : "CAST(NULL AS BIGINT)"} AS key_before FROM ${given} AS g ${before})`);
  await connection.run(`DROP TABLE ${given}`);
  const [total, distinct, numbers] = (
    await connection.runAndReadAll(
      `SELECT count(*), count(DISTINCT (source, source_id)), count(DISTINCT entry_no) FROM ${RAW}`,
    )
  )
    .getRowsJson()[0]!
    .map(Number) as [number, number, number];
  if (distinct < total || numbers < total)
    throw new TesseraError(
      "check-failed",
      phrase`${name} has ${total - Math.min(distinct, numbers)} entries more than ${distinct < total ? "numbers of the sources" : "different entry_no"}`,
      { place, remedy: "let the select answer one row a source and source_id, each with a number of its own" },
    );

  const fields: string[] = [];
  const joins: string[] = [];
  for (const [field_, spec] of Object.entries(rules.fields)) {
    const column = `e.${quoteIdentifier(spec.column ?? field_)}`;
    if (spec.kind === "name") {
      const [table, own] = [`match_latin_${field_}`, comparable("name", column)];
      await makeLatinTable(connection, table, RAW, column);
      const latin = quoteIdentifier(`n_${field_}`);
      joins.push(`LEFT JOIN ${inScratch(table)} AS ${latin} ON ${latin}.raw = CAST(${column} AS VARCHAR)`);
      fields.push(
        `${own} AS ${field(field_)}`,
        `coalesce(${latin}.latin, ${own}) AS ${latinField(field_)}`,
        `CASE WHEN ${latin}.latin IS NOT NULL THEN ${own} END AS ${signsField(field_)}`,
      );
    } else if (spec.kind !== "phone") fields.push(`${comparable(spec.kind, column)} AS ${field(field_)}`);
    else {
      const table = await phones(connection, field_, column, spec.country ?? "'US'", place);
      joins.push(
        `LEFT JOIN ${table} AS ${quoteIdentifier(`p_${field_}`)} ON ${quoteIdentifier(`p_${field_}`)}.raw = ${column} AND ${quoteIdentifier(`p_${field_}`)}.country = ${countryOf(spec.country ?? "'US'")}`,
      );
      fields.push(
        `CASE WHEN ${INTERNATIONAL(column)} THEN ${column} ELSE ${quoteIdentifier(`p_${field_}`)}.phone END AS ${field(field_)}`,
      );
    }
  }
  await connection.run(
    `CREATE OR REPLACE TABLE ${ENTRIES} AS SELECT e.idx, ${fields.join(", ")} FROM ${RAW} AS e ${joins.join(" ")} ORDER BY e.idx`,
  );
  return total;
}

/** A number that stands in its international form already, which parsing could not change. */
const INTERNATIONAL = (column: string): string =>
  `coalesce(regexp_full_match(${column}, '\\+[1-9][0-9]{7,14}'), false)`;
const countryOf = (country: string): string =>
  country.startsWith("'")
    ? quoteText(country.replaceAll("'", "").toUpperCase())
    : `upper(e.${quoteIdentifier(country)})`;

/** A scratch table `(raw, country, phone)`, one country after the other. */
async function phones(
  connection: DuckDBConnection,
  name: string,
  column: string,
  country: string,
  place: string,
): Promise<string> {
  const all = inScratch(`match_phones_${name}`);
  await connection.run(`CREATE OR REPLACE TABLE ${all} (raw VARCHAR, country VARCHAR, phone VARCHAR)`);
  const seen = await connection.runAndReadAll(
    `SELECT DISTINCT ${countryOf(country)} FROM ${RAW} AS e WHERE ${column} IS NOT NULL AND NOT ${INTERNATIONAL(column)}`,
  );
  for (const code of (seen.getColumnsJson()[0] ?? []).map(String)) {
    if (!(await isPhoneCountry(code))) continue;
    const one = inScratch("match_phone");
    await makePhoneTable(
      connection,
      "match_phone",
      `(SELECT ${column} AS v_ FROM ${RAW} AS e WHERE ${countryOf(country)} = ${quoteText(code)} AND NOT ${INTERNATIONAL(column)})`,
      "v_",
      code,
      place,
    );
    await connection.run(`INSERT INTO ${all} SELECT raw, ${quoteText(code)}, phone FROM ${one}`);
    await connection.run(`DROP TABLE ${one}`);
  }
  return all;
}
