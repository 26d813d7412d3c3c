/** The keys and numbers of a person. */
import type { DuckDBConnection } from "duckdb";
import { quoteIdentifier } from "../../engine/warehouse/index.ts";
import { rulesOf, type Persons } from "../declare/persons.ts";
import { readRows } from "../extract/read-sql.ts";
import { plainId } from "../suppression/suppressed.ts";

/** A person's keys in the dimension, and their numbers in the systems. */
export interface Identity {
  readonly keys: readonly string[];
  readonly ids: readonly { readonly system: string; readonly id: string }[];
}

type Tables = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
type Read = (sql: string, values: readonly string[]) => Promise<readonly string[][]>;

const UNKNOWN: Identity = { keys: [], ids: [] };

/**
 * Identifies a person: numbers come from the newest version that has them, keys from every version that has one of the
 * numbers.
 * @param files catalogs of attached files, newest first
 * @param who the dimension's key, or `system:number`
 */
export async function identify(
  connection: DuckDBConnection,
  files: readonly string[],
  tables: Tables,
  persons: Persons,
  who: string,
): Promise<Identity> {
  const read: Read = async (sql, values) => (await readRows(connection, sql, values)).map((row) => row.map(String));
  return persons.identities === undefined
    ? byOwnNumber(read, files, tables, persons, who)
    : byIdentities(read, files, persons.identities, who);
}

/** A person with one number everywhere. */
async function byOwnNumber(
  read: Read,
  files: readonly string[],
  tables: Tables,
  persons: Persons,
  who: string,
): Promise<Identity> {
  for (const file of files) {
    for (const name of Object.keys(persons.tables)) {
      for (const rule of rulesOf(persons, name)) {
        if (rule.system !== undefined || !tables.get(file)?.get(name)?.has(rule.by)) continue;
        const text = `CAST(${quoteIdentifier(rule.by)} AS VARCHAR)`;
        const [row] = await read(
          `SELECT DISTINCT ${text} FROM ${quoteIdentifier(file)}.main.${quoteIdentifier(name)}
           WHERE lower(trim(${text})) = $1 LIMIT 1`,
          [plainId(who)],
        );
        const [key] = row ?? [];
        if (key !== undefined) return { keys: [key], ids: [{ system: "", id: key }] };
      }
    }
  }
  return UNKNOWN;
}

/** A person with a number in each system. */
async function byIdentities(
  read: Read,
  files: readonly string[],
  identities: NonNullable<Persons["identities"]>,
  who: string,
): Promise<Identity> {
  const [, system = "", number] = /^([^:]+):(.+)$/.exec(who) ?? [];
  const systemColumn = quoteIdentifier(identities.system);
  const key = `CAST(${quoteIdentifier(identities.key)} AS VARCHAR)`;
  const id = `CAST(${quoteIdentifier(identities.id)} AS VARCHAR)`;
  const tableIn = (file: string): string => `${quoteIdentifier(file)}.main.${quoteIdentifier(identities.table)}`;
  for (const file of files) {
    const [found] =
      number === undefined
        ? [[who.trim()]]
        : await read(
            `SELECT DISTINCT ${key} FROM ${tableIn(file)} WHERE ${systemColumn} = $1 AND lower(trim(${id})) = $2`,
            [system, plainId(number)],
          );
    const [newest] = found ?? [];
    if (newest === undefined) continue;
    const rows = await read(`SELECT DISTINCT ${systemColumn}, ${id} FROM ${tableIn(file)} WHERE ${key} = $1`, [newest]);
    if (rows.length === 0) continue;
    const ids = rows.map(([of = "", each = ""]) => ({ system: of, id: each }));
    const keys = new Set([newest]);
    for (const other of files)
      for (const each of ids) {
        const known = await read(
          `SELECT DISTINCT ${key} FROM ${tableIn(other)} WHERE ${systemColumn} = $1 AND ${id} = $2`,
          [each.system, each.id],
        );
        for (const [other = ""] of known) keys.add(other);
      }
    return { keys: [...keys], ids };
  }
  return UNKNOWN;
}
