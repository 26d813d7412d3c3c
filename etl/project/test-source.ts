/** Tests whether a source answers, without reading it. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import Database from "libsql";
import pg from "pg";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { ask, openMysql } from "../extract/mysql/mysql-session.ts";
import { restClient } from "../extract/rest/rest-client.ts";
import { listFiles } from "../extract/files/list-files.ts";
import { asSourceError } from "../extract/postgres/pg-session.ts";
import { first } from "../../engine/lookup.ts";
import { redactor, redactError } from "../declare/redact.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import type { Source } from "../declare/sources/source.ts";

/** What was found, in words. @throws TesseraError `source-unavailable`, `source-refused`, `secret-missing` */
export async function testSource(
  source: Source,
  folder: string,
  environment: Environment = process.env,
): Promise<string> {
  return await askSource(source, folder, environment).catch((error: unknown) => {
    throw redactError(error, redactor({ sources: { source } }, environment));
  });
}

async function askSource(source: Source, folder: string, environment: Environment): Promise<string> {
  const place = `source ${source.name}`;
  switch (source.kind) {
    case "sqlite": {
      const path = resolve(folder, resolveSetting(source.path, environment, place));
      if (!existsSync(path))
        throw new TesseraError("source-unavailable", phrase`SQLite file ${path} not found`, {
          place,
          remedy: "check the source's path",
        });
      const database = new Database(path, { timeout: 5000 });
      try {
        const [tables] = database
          .prepare("SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view')")
          .raw(true)
          .get() as number[];
        return `${tables} tables and views`;
      } finally {
        database.close();
      }
    }
    case "files": {
      const found = listFiles(resolve(folder, resolveSetting(source.path, environment, place)), "**", place);
      return `${found.length} files`;
    }
    case "rest": {
      const client = restClient({ ...source, retries: 0, timeout: 10 }, environment, new AbortController().signal);
      try {
        await client.get(client.base);
      } catch (error) {
        // any answer will do: the base address need not be a resource
        if (!(error instanceof TesseraError) || error.code !== "source-refused" || /40[13]/.test(error.message))
          throw error;
      }
      return `${client.base.host} answers`;
    }
    case "mysql": {
      const connection = await openMysql(resolveSetting(source.url, environment, place), place);
      try {
        const { rows } = await ask(
          connection,
          "SELECT version(), (SELECT count(*) FROM information_schema.tables WHERE table_schema = database())",
        );
        const [version = "", tables] = first(rows).map(String);
        return `${/mariadb/i.test(version) ? "MariaDB" : "MySQL"} ${version.split("-")[0]}, ${tables} tables`;
      } finally {
        connection.destroy();
      }
    }
    case "postgres": {
      const client = new pg.Client({
        connectionString: resolveSetting(source.url, environment, place),
        connectionTimeoutMillis: 10_000,
      });
      try {
        await client.connect();
        const { rows } = await client.query<{ readonly version: string; readonly tables: number }>(
          `SELECT split_part(version(), ' ', 2) AS version, (
             SELECT count(*)::int FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
           ) AS tables`,
        );
        const { version, tables } = first(rows);
        return `PostgreSQL ${version}, ${tables} tables`;
      } catch (error) {
        throw asSourceError(error, place, error);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }
}
