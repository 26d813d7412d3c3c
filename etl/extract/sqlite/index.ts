import { lazy } from "../../../engine/lazy.ts";
import { sqliteDialect } from "../kysely-dialects.ts";
import type { SourceKind } from "../source-kind.ts";

export const sqlite: SourceKind<"sqlite"> = {
  extract: lazy(async () => (await import("./extract-sqlite.ts")).extractSqlite),
  test: lazy(async () => (await import("./test-sqlite.ts")).testSqlite),
  readsKeysAlone: true,
  sql: sqliteDialect,
};
