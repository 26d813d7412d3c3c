/** Kysely as a writer of SQL texts; it executes nothing. Its 260 modules are loaded for the first text. */
import { createRequire } from "node:module";
import type { Kysely } from "kysely";
import type { AnyTables, Compilable } from "../declare/table.ts";

type Package = typeof import("kysely");

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const dialect = (
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

/** Writes SQL in a dialect. */
export type SqlWriter = () => Kysely<AnyTables>;

/** Writes SQL for SQLite. */
export const sqliteDialect = dialect(({ SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler }) => ({
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
}));

/** Writes SQL for PostgreSQL and DuckDB. */
export const postgresDialect = dialect(({ PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler }) => ({
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}));

/** Writes SQL for MySQL. */
export const mysqlDialect = dialect(({ MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler }) => ({
  createAdapter: () => new MysqlAdapter(),
  createIntrospector: (db) => new MysqlIntrospector(db),
  createQueryCompiler: () => new MysqlQueryCompiler(),
}));

/** SQL with its parameters. */
export interface CompiledText {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The SQL of a job's or table's query, which is a text or a function of Kysely. */
export function compileQuery(
  query: string | ((db: Kysely<AnyTables>) => Compilable),
  dialect: () => Kysely<AnyTables>,
): CompiledText {
  return typeof query === "string"
    ? { sql: query.trim().replace(/;\s*$/, ""), parameters: [] }
    : query(dialect()).compile();
}
