import { lazy } from "../../../engine/lazy.ts";
import { mysqlDialect } from "../kysely-dialects.ts";
import type { SourceKind } from "../source-kind.ts";

export const mysql: SourceKind<"mysql"> = {
  extract: lazy(async () => (await import("./extract-mysql.ts")).extractMysql),
  test: lazy(async () => (await import("./test-mysql.ts")).testMysql),
  readsKeysAlone: true,
  sql: mysqlDialect,
};
