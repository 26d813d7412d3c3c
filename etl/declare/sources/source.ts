/** Everything a job can read from. */
import type { CustomSource } from "./custom.ts";
import type { FilesSource } from "./files.ts";
import type { MysqlSource } from "./mysql.ts";
import type { PostgresSource } from "./postgres.ts";
import type { RestSource } from "./rest.ts";
import type { SqliteSource } from "./sqlite.ts";

/** A source of any kind. */
export type Source = PostgresSource | MysqlSource | SqliteSource | FilesSource | RestSource | CustomSource;
