import pg from "pg";
import { first } from "../../../engine/lookup.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { PostgresSource } from "../../declare/sources/postgres.ts";
import type { TestContext } from "../source-kind.ts";
import { asSourceError } from "./pg-session.ts";

const MILLISECONDS = 10_000;

/** Names the server's version and counts tables. @throws TesseraError `source-unavailable`, `source-refused` */
export async function testPostgres(source: PostgresSource, { environment, place }: TestContext): Promise<string> {
  const client = new pg.Client({
    connectionString: resolveSetting(source.url, environment, place),
    connectionTimeoutMillis: MILLISECONDS,
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
