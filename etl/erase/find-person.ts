/** Everything under which a person is known in any kept version, and the values that are his alone. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { rulesOf, type Persons, type PersonRule } from "../declare/persons.ts";
import { plainId } from "../suppression/suppressed.ts";

export interface Found {
  /** of the dimension, as text; several where versions knew him under different ones */
  readonly keys: readonly string[];
  readonly ids: readonly { readonly system: string; readonly id: string }[];
  /** texts that no other person's rows hold, as they were written, longest first */
  readonly values: readonly string[];
  /** texts that others have too (a name, a house): emptied, but not searched for */
  readonly shared: number;
}

/** Shorter texts stand everywhere by chance. */
const SHORTEST = 5;

/** @param files catalogs of attached main files, newest first @param who the dimension's key, or `system:number` */
export async function findPerson(
  connection: DuckDBConnection,
  files: readonly string[],
  persons: Persons,
  who: string,
): Promise<Found | null> {
  const tables = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  for (const file of files) tables.set(file, await columnsByTable(connection, file));
  const { keys, ids } = await identify(
    connection,
    files.filter((file) => persons.identities === undefined || tables.get(file)!.has(persons.identities.table)),
    tables,
    persons,
    who,
  );
  if (keys.length === 0) return null;
  await personTables(
    connection,
    keys,
    ids.map(({ system, id }) => ({ system, id, replacement: "" })),
  );

  const texts = new Map<string, string>();
  const columnsOf = (rule: PersonRule): string[] => [
    ...(rule.keep ? [] : [rule.by]),
    ...(rule.clear ?? []),
    ...(rule.alias ?? []),
  ];
  const each = async (
    work: (table: string, names: readonly string[], his: string, rule: PersonRule) => Promise<void>,
  ): Promise<void> => {
    for (const file of files) {
      for (const name of Object.keys(persons.tables)) {
        const columns = tables.get(file)!.get(name);
        if (columns === undefined) continue;
        const rules = rulesOf(persons, name).filter((rule) => columns.has(rule.by));
        for (const rule of rules)
          await work(
            `${quoteIdentifier(file)}.main.${quoteIdentifier(name)}`,
            columnsOf(rule).filter((column) => columns.has(column)),
            rules.map(isHis).join(" OR "),
            rule,
          );
      }
    }
  };
  await each(async (table, names, _, rule) => {
    for (const name of names) {
      const found = await connection.runAndReadAll(
        `SELECT DISTINCT CAST(${quoteIdentifier(name)} AS VARCHAR) FROM ${table} WHERE ${isHis(rule)} AND typeof(${quoteIdentifier(name)}) = 'VARCHAR' AND length(trim(CAST(${quoteIdentifier(name)} AS VARCHAR))) >= ${SHORTEST}`,
      );
      for (const [value] of found.getRowsJson()) texts.set(plainId(String(value)), String(value).trim());
    }
  });
  for (const { id } of ids) if (!/^\d+$/.test(id) && id.length >= SHORTEST - 1) texts.set(plainId(id), id);
  const all = texts.size;
  await connection.run("CREATE OR REPLACE TEMP TABLE p_texts (value VARCHAR)");
  for (const value of texts.keys()) await connection.run("INSERT INTO p_texts VALUES ($1)", [value]);
  await each(async (table, names, his) => {
    for (const name of names) {
      const plain = `lower(trim(CAST(${quoteIdentifier(name)} AS VARCHAR)))`;
      const others = await connection.runAndReadAll(
        `SELECT DISTINCT ${plain} FROM ${table} WHERE ${plain} IN (SELECT value FROM p_texts) AND NOT coalesce(${his}, false)`,
      );
      for (const [value] of others.getRowsJson()) texts.delete(String(value));
    }
  });
  return { keys, ids, values: [...texts.values()].sort((a, b) => b.length - a.length), shared: all - texts.size };
}

/** The numbers come from the newest version that knows him; the keys from every version that knows one of the numbers. */
async function identify(
  connection: DuckDBConnection,
  files: readonly string[],
  tables: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>,
  persons: Persons,
  who: string,
): Promise<Pick<Found, "keys" | "ids">> {
  const { identities } = persons;
  const read = async (sql: string, values: readonly string[]): Promise<string[][]> =>
    (await connection.runAndReadAll(sql, [...values])).getRowsJson().map((row) => row.map(String));
  if (identities === undefined) {
    for (const file of files) {
      for (const name of Object.keys(persons.tables)) {
        for (const rule of rulesOf(persons, name)) {
          if (rule.system !== undefined || !tables.get(file)!.get(name)?.has(rule.by)) continue;
          const rows = await read(
            `SELECT DISTINCT CAST(${quoteIdentifier(rule.by)} AS VARCHAR) FROM ${quoteIdentifier(file)}.main.${quoteIdentifier(name)} WHERE lower(trim(CAST(${quoteIdentifier(rule.by)} AS VARCHAR))) = $1 LIMIT 1`,
            [plainId(who)],
          );
          if (rows.length > 0) return { keys: [rows[0]![0]!], ids: [{ system: "", id: rows[0]![0]! }] };
        }
      }
    }
    return { keys: [], ids: [] };
  }
  const [, system, number] = /^([^:]+):(.+)$/.exec(who) ?? [];
  const key = `CAST(${quoteIdentifier(identities.key)} AS VARCHAR)`;
  const id = `CAST(${quoteIdentifier(identities.id)} AS VARCHAR)`;
  const map = (file: string): string => `${quoteIdentifier(file)}.main.${quoteIdentifier(identities.table)}`;
  for (const file of files) {
    const first =
      number === undefined
        ? [[who.trim()]]
        : await read(
            `SELECT DISTINCT ${key} FROM ${map(file)} WHERE ${quoteIdentifier(identities.system)} = $1 AND lower(trim(${id})) = $2`,
            [system!, plainId(number)],
          );
    if (first.length === 0) continue;
    const ids = (
      await read(`SELECT DISTINCT ${quoteIdentifier(identities.system)}, ${id} FROM ${map(file)} WHERE ${key} = $1`, [
        first[0]![0]!,
      ])
    ).map(([s, i]) => ({ system: s!, id: i! }));
    if (ids.length === 0) continue;
    const keys = new Set<string>([first[0]![0]!]);
    for (const other of files)
      for (const { system: s, id: i } of ids)
        for (const [k] of await read(
          `SELECT DISTINCT ${key} FROM ${map(other)} WHERE ${quoteIdentifier(identities.system)} = $1 AND ${id} = $2`,
          [s, i],
        ))
          keys.add(k!);
    return { keys: [...keys], ids };
  }
  return { keys: [], ids: [] };
}

/** Temporary tables of the connection that say who he is. */
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

/** Whether a row is his by a rule; null for a row that is nobody's. */
export function isHis(rule: PersonRule): string {
  const by = `CAST(${quoteIdentifier(rule.by)} AS VARCHAR)`;
  return rule.system === undefined
    ? `${by} IN (SELECT key FROM p_keys)`
    : `lower(trim(${by})) IN (SELECT id FROM p_ids WHERE system = '${rule.system.replaceAll("'", "''")}')`;
}

export async function columnsByTable(connection: DuckDBConnection, catalog: string): Promise<Map<string, Set<string>>> {
  const found = await connection.runAndReadAll(
    "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = $1 AND NOT internal",
    [catalog],
  );
  const tables = new Map<string, Set<string>>();
  for (const [table, column] of found.getRowsJson()) {
    const columns = tables.get(String(table)) ?? new Set<string>();
    tables.set(String(table), columns.add(String(column)));
  }
  return tables;
}
