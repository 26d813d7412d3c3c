import { existsSync } from "node:fs";
import { resolve } from "node:path";
import Database from "libsql";
import { phrase, TesseraError } from "../../../engine/errors/index.ts";
import { resolveSetting } from "../../declare/secret.ts";
import type { SqliteSource } from "../../declare/sources/sqlite.ts";
import type { TestContext } from "../source-kind.ts";

/** Counts tables and views. @throws TesseraError `source-unavailable` */
export async function testSqlite(source: SqliteSource, { folder, environment, place }: TestContext): Promise<string> {
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
