/** Whether a source answers, without reading it. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import Database from "libsql";
import pg from "pg";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { ask, openMysql } from "../extract/mysql-session.ts";
import { restClient } from "../extract/rest-client.ts";
import { listFiles } from "../extract/list-files.ts";
import { redactor, redactError } from "../declare/redact.ts";
import { resolveSetting, type Environment } from "../declare/secret.ts";
import type { Source } from "../declare/sources/source.ts";

/** What was found, in words. Throws `source-unavailable`, `source-refused` or `secret-missing`. */
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
        throw new TesseraError("source-unavailable", phrase`there is no SQLite file ${path}`, { place });
      const database = new Database(path, { timeout: 5000 });
      try {
        const { n } = database
          .prepare("SELECT count(*) AS n FROM sqlite_master WHERE type IN ('table', 'view')")
          .get() as { readonly n: number };
        return `${n} tables and views`;
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
        // that it answers at all is what is asked; its base address need not be a resource
        if (!(error instanceof TesseraError) || error.code !== "source-refused" || /40[13]/.test(error.message))
          throw error;
      }
      return `${client.base.host} answers`;
    }
    case "mysql": {
      const connection = await openMysql(resolveSetting(source.url, environment, place), place);
      try {
        const {
          rows: [row],
        } = await ask(
          connection,
          "SELECT version(), (SELECT count(*) FROM information_schema.tables WHERE table_schema = database())",
        );
        const [version, tables] = row!.map(String);
        return `${/mariadb/i.test(version!) ? "MariaDB" : "MySQL"} ${version!.split("-")[0]}, ${tables} tables`;
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
        const { rows } = await client.query(
          "SELECT split_part(version(), ' ', 2) AS version, (SELECT count(*)::int FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) AS tables",
        );
        const [row] = rows as [{ readonly version: string; readonly tables: number }];
        return `PostgreSQL ${row.version}, ${row.tables} tables`;
      } catch (error) {
        throw new TesseraError(
          "source-unavailable",
          phrase`PostgreSQL does not answer (${(error as { readonly code?: string }).code ?? "no connection"})`,
          { place },
        );
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }
}
