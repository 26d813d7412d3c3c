/** Writes the rows of a list into a database table, in one transaction. */
import { errorCode, inBrackets } from "../extract/error-code.ts";
import { resolve } from "node:path";
import Database from "libsql";
import mysqlDriver from "mysql2";
import pg from "pg";
import { phrase, TesseraError } from "../../engine/errors/index.ts";
import type { Value } from "../../engine/model/query.ts";
import { mysqlDialect, postgresDialect, sqliteDialect } from "../extract/kysely-dialects.ts";
import { asMysqlError, connectionOptions } from "../extract/mysql/mysql-session.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import type { TableTarget } from "../declare/destination.ts";
import { objectOf, type MadeList } from "./entries.ts";

/** Rows of one statement: PostgreSQL accepts 65,535 values. */
const ROWS = 500;

/**
 * Adds or overwrites rows by key.
 * @throws TesseraError `source-unavailable`, `source-refused`; nothing is written then
 */
export async function upsert(
  target: TableTarget,
  list: MadeList,
  folder: string,
  environment: Environment,
  place: string,
): Promise<void> {
  const rows = list.entries.map((entry) => objectOf(list, entry));
  const key = target.key ?? "entry_id";
  const parts = Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, i) => rows.slice(i * ROWS, (i + 1) * ROWS));
  try {
    if (target.in.kind === "sqlite")
      return intoSqlite(resolve(folder, resolveSetting(target.in.path, environment, place)), target, key, parts);
    const url = resolveSetting(target.in.url, environment, place);
    return target.in.kind === "postgres"
      ? await intoPostgres(url, target, key, parts)
      : await intoMysql(url, target, key, parts, place);
  } catch (error) {
    if (error instanceof TesseraError) throw error;
    const code = errorCode(error);
    if (/^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|08|57P)/.test(code ?? ""))
      throw new TesseraError("source-unavailable", phrase`the database cannot be reached${inBrackets(code)}`, {
        place,
        remedy: "try again later: nothing was written",
        cause: error,
      });
    throw new TesseraError("source-refused", phrase`the database refused the rows${inBrackets(code)}`, {
      place,
      remedy: phrase`table ${target.table} needs the list's columns, and a unique ${key}`,
      cause: error,
    });
  }
}

type Part = readonly { readonly [column: string]: Value }[];
const changed = ([row = {}]: Part, key: string): string[] => Object.keys(row).filter((name) => name !== key);

async function intoPostgres(url: string, target: TableTarget, key: string, parts: readonly Part[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000, application_name: "tessera" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("BEGIN");
    for (const part of parts) {
      const compiled = postgresDialect()
        .insertInto(target.table)
        .values([...part])
        .onConflict((on) =>
          on
            .column(key)
            .doUpdateSet((words) =>
              Object.fromEntries(changed(part, key).map((name) => [name, words.ref(`excluded.${name}`)])),
            ),
        )
        .compile();
      await client.query(compiled.sql, [...compiled.parameters]);
    }
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

async function intoMysql(
  url: string,
  target: TableTarget,
  key: string,
  parts: readonly Part[],
  place: string,
): Promise<void> {
  const connection = mysqlDriver.createConnection(connectionOptions(url, place));
  connection.on("error", () => undefined);
  const run = (sql: string, parameters: readonly unknown[] = []): Promise<void> =>
    new Promise((done, fail) =>
      connection.query({ sql, values: [...parameters] }, (error) => (error ? fail(error) : done())),
    );
  try {
    await new Promise<void>((done, fail) => connection.connect((error) => (error ? fail(error) : done())));
    // otherwise the server silently cuts long texts and turns invalid values into 0; the driver escapes with
    // backslashes
    await run("SET SESSION sql_mode = 'STRICT_ALL_TABLES'");
    await run("START TRANSACTION");
    for (const part of parts) {
      const compiled = mysqlDialect()
        .insertInto(target.table)
        .values([...part])
        .onDuplicateKeyUpdate((words) =>
          Object.fromEntries(changed(part, key).map((name) => [name, words.fn("values", [name])])),
        )
        .compile();
      await run(compiled.sql, compiled.parameters);
    }
    await run("COMMIT");
  } catch (error) {
    throw asMysqlError(error, place);
  } finally {
    connection.destroy();
  }
}

function intoSqlite(path: string, target: TableTarget, key: string, parts: readonly Part[]): void {
  const database = new Database(path, { timeout: 10_000 });
  try {
    database.exec("BEGIN IMMEDIATE");
    for (const part of parts) {
      const compiled = sqliteDialect()
        .insertInto(target.table)
        .values([...part])
        .onConflict((on) =>
          on
            .column(key)
            .doUpdateSet((words) =>
              Object.fromEntries(changed(part, key).map((name) => [name, words.ref(`excluded.${name}`)])),
            ),
        )
        .compile();
      database
        .prepare(compiled.sql)
        .run(...compiled.parameters.map((value) => (typeof value === "boolean" ? Number(value) : value)));
    }
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}
