export {
  defineSource,
  type CustomRow,
  type CustomSource,
  type CustomValue,
  type RowsRequest,
  type SourceSpec,
} from "./custom.ts";
export { files, type FilesSource, type FilesSpec } from "./files.ts";
export { mysql, type MysqlSource, type MysqlSpec } from "./mysql.ts";
export { postgres, type PostgresSource, type PostgresSpec } from "./postgres.ts";
export {
  rest,
  type OAuthClient,
  type Pagination,
  type RestAuth,
  type RestSource,
  type RestSpec,
  type SearchWindow,
} from "./rest.ts";
export type { Source } from "./source.ts";
export { sqlite, type SqliteSource, type SqliteSpec } from "./sqlite.ts";
