import { lazy } from "../../../engine/lazy.ts";
import { postgresDialect } from "../kysely-dialects.ts";
import type { SourceKind } from "../source-kind.ts";

export const postgres: SourceKind<"postgres"> = {
  extract: lazy(async () => (await import("./extract-postgres.ts")).extractPostgres),
  test: lazy(async () => (await import("./test-postgres.ts")).testPostgres),
  readsKeysAlone: true,
  sql: postgresDialect,
};
