/** Erases a person from one database file. */
import { readNumber, readRows } from "../extract/read-sql.ts";
import { columnsIn } from "../extract/warehouse-tables.ts";
import type { DuckDBConnection } from "duckdb";
import { openForWriting, quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { rulesOf, type Persons, type PersonRule } from "../declare/persons.ts";
import { forgetFound, isFindTable } from "../search/find-table.ts";
import { duckPattern } from "./own-texts.ts";
import { columnsByTable, isTheirs, personTables } from "./find-person.ts";

/** What an erasure removes and replaces. */
export interface Erasure {
  readonly persons: Persons;
  /** the person's keys in the dimension */
  readonly keys: readonly string[];
  /** key that replaces them */
  readonly newKey: string;
  readonly ids: readonly { readonly system: string; readonly id: string; readonly replacement: string }[];
  /** e-mail address that replaces theirs */
  readonly alias: string;
  /** texts that only they have */
  readonly values: readonly string[];
  /** names of columns with the dimension's key */
  readonly keyColumns: readonly string[];
}

const FILE = "file";
const inFile = (table: string): string => `${FILE}.main.${quoteIdentifier(table)}`;

/**
 * Changes a working copy.
 * @param labels tables whose column `key` is the dimension's key
 * @returns how many rows changed
 */
export async function eraseInFile(
  path: string,
  erasure: Erasure,
  labels: ReadonlySet<string>,
  options: { readonly tempDirectory: string; readonly memoryLimit?: string },
): Promise<number> {
  const { persons, keys, newKey, ids, alias, values, keyColumns } = erasure;
  const writer = await openForWriting({ [FILE]: path }, options);
  const { connection } = writer;
  try {
    await personTables(connection, keys, ids);
    const tables = await columnsByTable(connection, FILE);
    let rows = 0;
    const change = async (sql: string, parameters: readonly string[] = []): Promise<void> => {
      rows += await readNumber(connection, sql, parameters);
    };

    await forgetFound(connection, FILE);
    for (const [table, columns] of tables) {
      // members as they are searched for have a row of their own, which is gone
      if (isFindTable(table)) continue;
      const rules = rulesOf(persons, table).filter((rule) => columns.has(rule.by));
      for (const rule of rules) {
        const set = [
          ...(rule.clear ?? []).filter((name) => columns.has(name)).map((name) => `${quoteIdentifier(name)} = NULL`),
          ...(rule.alias ?? [])
            .filter((name) => columns.has(name) && name !== rule.by)
            .map(quoteIdentifier)
            .map((name) => `${name} = CASE WHEN ${name} IS NOT NULL THEN ${quoteText(alias)} END`),
        ];
        if (set.length > 0) await change(`UPDATE ${inFile(table)} SET ${set.join(", ")} WHERE ${isTheirs(rule)}`);
      }
      for (const rule of rules)
        if (rule.system !== undefined && !rule.keep) await change(replaceIds(table, rule.by, quoteText(rule.system)));
      if (table === persons.identities?.table)
        await change(replaceIds(table, persons.identities.id, `t.${quoteIdentifier(persons.identities.system)}`));
      const byKey = new Set(
        [
          ...keyColumns,
          ...rules.filter((rule: PersonRule) => rule.system === undefined).map((rule) => rule.by),
          ...(labels.has(table) ? ["key"] : []),
        ].filter((name) => columns.has(name)),
      );
      for (const name of byKey)
        await change(
          `UPDATE ${inFile(table)} SET ${quoteIdentifier(name)} = $1
           WHERE CAST(${quoteIdentifier(name)} AS VARCHAR) IN (SELECT key FROM p_keys)`,
          [newKey],
        );
      for (const name of await textColumns(connection, FILE, table))
        rows += await eraseTexts(connection, table, name, values, ids);
    }
    return rows;
  } finally {
    await writer.close();
  }
}

function replaceIds(table: string, by: string, system: string): string {
  const text = `CAST(t.${quoteIdentifier(by)} AS VARCHAR)`;
  return `UPDATE ${inFile(table)} AS t SET ${quoteIdentifier(by)} = p.replacement
    FROM p_ids AS p WHERE p.system = ${system} AND p.id = lower(trim(${text})) AND p.replacement <> ${text}`;
}

/** Their texts in columns without a rule are emptied or become the made-up number; within a longer text, a mark. */
async function eraseTexts(
  connection: DuckDBConnection,
  table: string,
  name: string,
  values: readonly string[],
  ids: Erasure["ids"],
): Promise<number> {
  if (values.length === 0) return 0;
  const column = quoteIdentifier(name);
  if ((await textsWithin(connection, inFile(table), name, values)).length === 0) return 0;
  const pattern = duckPattern(values);
  const whole = values.map((value) => ({
    value: value.toLowerCase(),
    to: ids.find((each) => each.id.toLowerCase() === value.toLowerCase())?.replacement ?? null,
  }));
  const cases = whole
    .map(({ value, to }) => `WHEN ${quoteText(value)} THEN ${to === null ? "NULL" : quoteText(to)}`)
    .join(" ");
  // twice: the pattern takes the character between two neighbouring texts
  const mark = (text: string): string => `regexp_replace(${text}, $1, '\\1(erased)\\3', 'gi')`;
  return readNumber(
    connection,
    `UPDATE ${inFile(table)}
     SET ${column} = CASE lower(trim(${column})) ${cases} ELSE ${mark(mark(column))} END
     WHERE ${column} IS NOT NULL AND regexp_matches(${column}, $1, 'i')`,
    [pattern],
  );
}

/** Values that occur anywhere in a column's texts, also within a longer word. */
export async function textsWithin(
  connection: DuckDBConnection,
  table: string,
  name: string,
  values: readonly string[],
): Promise<string[]> {
  const counts = values.map((_, i) => `coalesce(bool_or(contains(v, $${i + 1})), false)`).join(", ");
  const [row = []] = await readRows(
    connection,
    `SELECT ${counts} FROM (SELECT DISTINCT lower(${quoteIdentifier(name)}) AS v FROM ${table})`,
    values.map((value) => value.toLowerCase()),
  );
  return values.filter((_, i) => row[i] === true);
}

/** How many different texts of a column contain one of the values. @param table qualified name */
export async function textsHeld(
  connection: DuckDBConnection,
  table: string,
  name: string,
  values: readonly string[],
): Promise<number> {
  // the plain search comes first, because it is many times faster
  const held = values.map((_, i) => `contains(v, $${i + 2})`).join(" OR ");
  return readNumber(
    connection,
    `SELECT count(*) FROM (SELECT DISTINCT lower(${quoteIdentifier(name)}) AS v FROM ${table})
     WHERE (${held}) AND regexp_matches(v, $1, 'i')`,
    [duckPattern(values), ...values.map((value) => value.toLowerCase())],
  );
}

/** Names of the text columns of a table. */
export async function textColumns(connection: DuckDBConnection, catalog: string, table: string): Promise<string[]> {
  const columns = await columnsIn(connection, catalog, table);
  return [...columns].flatMap(([name, type]) => (type === "VARCHAR" ? [name] : []));
}
