/** Kysely as a writer of SQL text only: nothing is ever executed through it. */
import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { AnyTables, Compilable } from "../table.ts";

export const sqliteWords = new Kysely<AnyTables>({
  dialect: { createAdapter: () => new SqliteAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (db) => new SqliteIntrospector(db), createQueryCompiler: () => new SqliteQueryCompiler() },
});

export const postgresWords = new Kysely<AnyTables>({
  dialect: { createAdapter: () => new PostgresAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (db) => new PostgresIntrospector(db), createQueryCompiler: () => new PostgresQueryCompiler() },
});

export const mysqlWords = new Kysely<AnyTables>({
  dialect: { createAdapter: () => new MysqlAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (db) => new MysqlIntrospector(db), createQueryCompiler: () => new MysqlQueryCompiler() },
});

export interface CompiledText {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** SQL text of a job's or table's query, given as text or as a function of Kysely. */
export function compileQuery(query: string | ((db: Kysely<AnyTables>) => Compilable), words: Kysely<AnyTables>): CompiledText {
  return typeof query === "string" ? { sql: query.trim().replace(/;\s*$/, ""), parameters: [] } : query(words).compile();
}
