/** Kysely as a writer of SQL text only: nothing is ever executed through it. It is 260 modules, and read in when the first text is written. */
import { createRequire } from "node:module";
import type { Kysely } from "kysely";
import type { AnyTables, Compilable } from "../declare/table.ts";

type Package = typeof import("kysely");

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const words = (
  parts: (
    kysely: Package,
  ) => Pick<import("kysely").Dialect, "createAdapter" | "createIntrospector" | "createQueryCompiler">,
): (() => Kysely<AnyTables>) =>
  once(() => {
    const kysely = createRequire(import.meta.url)("kysely") as Package;
    return new kysely.Kysely<AnyTables>({
      dialect: { ...parts(kysely), createDriver: () => new kysely.DummyDriver() },
    });
  });

export const sqliteWords = words(({ SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler }) => ({
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
}));
export const postgresWords = words(({ PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler }) => ({
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}));
export const mysqlWords = words(({ MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler }) => ({
  createAdapter: () => new MysqlAdapter(),
  createIntrospector: (db) => new MysqlIntrospector(db),
  createQueryCompiler: () => new MysqlQueryCompiler(),
}));

export interface CompiledText {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** SQL text of a job's or table's query, given as text or as a function of Kysely. */
export function compileQuery(
  query: string | ((db: Kysely<AnyTables>) => Compilable),
  words: () => Kysely<AnyTables>,
): CompiledText {
  return typeof query === "string"
    ? { sql: query.trim().replace(/;\s*$/, ""), parameters: [] }
    : query(words()).compile();
}
