/** Finds everything under which a person is known in the kept versions, and the texts that only they have. */
import type { DuckDBConnection } from "duckdb";
import { required } from "../../engine/lookup.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { rulesOf, type PersonRule, type Persons } from "../declare/persons.ts";
import { readRows, readTexts } from "../extract/read-sql.ts";
import { plainId } from "../suppression/suppressed.ts";
import { identify } from "./identify.ts";

/** What is known of a person. */
export interface Found {
  /** keys of the dimension, as texts; several if versions know them under different ones */
  readonly keys: readonly string[];
  readonly ids: readonly { readonly system: string; readonly id: string }[];
  /** texts that no other person's rows have, as they are written, longest first */
  readonly values: readonly string[];
  /** number of texts that others have too (a name, a house): emptied, but not searched for */
  readonly shared: number;
}

/** Columns of the tables of each attached file. */
export type FileTables = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Shorter texts occur anywhere by chance. */
const SHORTEST = 5;

/**
 * Finds a person.
 * @param files catalogs of attached main files, newest first
 * @param who the dimension's key, or `system:number`
 * @returns null for a person in no file
 */
export async function findPerson(
  connection: DuckDBConnection,
  files: readonly string[],
  persons: Persons,
  who: string,
): Promise<Found | null> {
  const tables = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  for (const file of files) tables.set(file, await columnsByTable(connection, file));
  const { identities } = persons;
  const searched = files.filter(
    (file) => identities === undefined || required(tables, file, "file").has(identities.table),
  );
  const { keys, ids } = await identify(connection, searched, tables, persons, who);
  if (keys.length === 0) return null;
  await personTables(
    connection,
    keys,
    ids.map(({ system, id }) => ({ system, id, replacement: "" })),
  );
  const places = placesOf(tables, persons);
  const texts = await collectTexts(connection, places);
  for (const { id } of ids) if (!/^\d+$/.test(id) && id.length >= SHORTEST - 1) texts.set(plainId(id), id);
  const all = texts.size;
  await removeShared(connection, places, texts);
  return { keys, ids, values: [...texts.values()].sort((a, b) => b.length - a.length), shared: all - texts.size };
}

/** A table with rules. */
interface Place {
  /** qualified name */
  readonly table: string;
  /** columns with personal texts */
  readonly columns: readonly string[];
  /** SQL of whether a row is theirs by this rule */
  readonly byRule: string;
  /** SQL of whether a row is theirs by any rule */
  readonly byAny: string;
}

function placesOf(tables: FileTables, persons: Persons): Place[] {
  const places: Place[] = [];
  for (const [file, columnsOf] of tables) {
    for (const name of Object.keys(persons.tables)) {
      const columns = columnsOf.get(name);
      if (columns === undefined) continue;
      const rules = rulesOf(persons, name).filter((rule) => columns.has(rule.by));
      for (const rule of rules)
        places.push({
          table: `${quoteIdentifier(file)}.main.${quoteIdentifier(name)}`,
          columns: personalColumns(rule).filter((column) => columns.has(column)),
          byRule: isTheirs(rule),
          byAny: rules.map(isTheirs).join(" OR "),
        });
    }
  }
  return places;
}

const personalColumns = ({ by, keep, clear = [], alias = [] }: PersonRule): string[] => [
  ...(keep ? [] : [by]),
  ...clear,
  ...alias,
];

/** Their texts, by their normalised form. */
async function collectTexts(connection: DuckDBConnection, places: readonly Place[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { table, columns, byRule } of places) {
    for (const name of columns) {
      const text = `CAST(${quoteIdentifier(name)} AS VARCHAR)`;
      const found = await readTexts(
        connection,
        `SELECT DISTINCT ${text} FROM ${table}
         WHERE ${byRule} AND typeof(${quoteIdentifier(name)}) = 'VARCHAR' AND length(trim(${text})) >= ${SHORTEST}`,
      );
      for (const value of found) texts.set(plainId(value), value.trim());
    }
  }
  return texts;
}

/** Removes texts that rows of others have too. */
async function removeShared(
  connection: DuckDBConnection,
  places: readonly Place[],
  texts: Map<string, string>,
): Promise<void> {
  await connection.run("CREATE OR REPLACE TEMP TABLE p_texts (value VARCHAR)");
  for (const value of texts.keys()) await connection.run("INSERT INTO p_texts VALUES ($1)", [value]);
  for (const { table, columns, byAny } of places) {
    for (const name of columns) {
      const plain = `lower(trim(CAST(${quoteIdentifier(name)} AS VARCHAR)))`;
      const others = await readTexts(
        connection,
        `SELECT DISTINCT ${plain} FROM ${table}
         WHERE ${plain} IN (SELECT value FROM p_texts) AND NOT coalesce(${byAny}, false)`,
      );
      for (const value of others) texts.delete(value);
    }
  }
}

/** Fills temporary tables of the connection with the person's keys and numbers. */
export async function personTables(
  connection: DuckDBConnection,
  keys: readonly string[],
  ids: readonly { readonly system: string; readonly id: string; readonly replacement: string }[],
): Promise<void> {
  await connection.run("CREATE OR REPLACE TEMP TABLE p_keys (key VARCHAR)");
  for (const key of keys) await connection.run("INSERT INTO p_keys VALUES ($1)", [key]);
  await connection.run("CREATE OR REPLACE TEMP TABLE p_ids (system VARCHAR, id VARCHAR, replacement VARCHAR)");
  for (const { system, id, replacement } of ids)
    await connection.run("INSERT INTO p_ids VALUES ($1, $2, $3)", [system, plainId(id), replacement]);
}

/** SQL of whether a row is the person's by a rule; null for a row of no person. */
export function isTheirs(rule: PersonRule): string {
  const by = `CAST(${quoteIdentifier(rule.by)} AS VARCHAR)`;
  return rule.system === undefined
    ? `${by} IN (SELECT key FROM p_keys)`
    : `lower(trim(${by})) IN (SELECT id FROM p_ids WHERE system = ${quoteText(rule.system)})`;
}

/** The columns of each table of an attached file that has rows. */
export async function columnsByTable(connection: DuckDBConnection, catalog: string): Promise<Map<string, Set<string>>> {
  const found = await readRows(
    connection,
    "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = $1 AND NOT internal",
    [catalog],
  );
  const tables = new Map<string, Set<string>>();
  for (const [table, column] of found) {
    const columns = tables.get(String(table)) ?? new Set<string>();
    tables.set(String(table), columns.add(String(column)));
  }
  for (const table of tables.keys()) {
    const [row] = await readRows(connection, `SELECT 1 FROM ${catalog}.main.${quoteIdentifier(table)} LIMIT 1`);
    if (row === undefined) tables.delete(table);
  }
  return tables;
}
