/** Connections to MySQL and MariaDB. */
import mysql, { type Connection, type ConnectionOptions, type FieldPacket } from "mysql2";
import { TesseraError, phrase } from "../../engine/errors/index.ts";

/** The parts of the address that count; a parameter other than `ssl` could switch on what reads files or runs several statements. */
export function connectionOptions(url: string, place: string): ConnectionOptions {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    throw new TesseraError("job-invalid", "the address is none of the form mysql://user:password@host:port/database", {
      place,
    });
  }
  const ssl = address.searchParams.get("ssl");
  return {
    host: address.hostname.replace(/^\[|\]$/g, ""),
    port: address.port === "" ? 3306 : Number(address.port),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
    database: decodeURIComponent(address.pathname.slice(1)),
    charset: "utf8mb4",
    connectTimeout: 15_000,
    flags: ["-LOCAL_FILES"],
    multipleStatements: false,
    ...(ssl !== null && ssl !== "false" && { ssl: {} }),
  };
}

/** Throws `source-unavailable` or `source-refused`. The session's zone is UTC, and it reads one snapshot. */
export async function openMysql(url: string, place: string): Promise<Connection> {
  const connection = mysql.createConnection(connectionOptions(url, place));
  connection.on("error", () => undefined);
  try {
    await new Promise<void>((done, fail) => connection.connect((error) => (error ? fail(error) : done())));
    // the driver escapes values by backslashes
    for (const sql of [
      "SET NAMES utf8mb4",
      "SET SESSION sql_mode = REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', '')",
      "SET time_zone = '+00:00'",
      "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
      "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    ])
      await ask(connection, sql);
    return connection;
  } catch (error) {
    connection.destroy();
    throw asMysqlError(error, place);
  }
}

export interface MysqlAnswer {
  readonly rows: readonly (readonly (Buffer | null)[])[];
  readonly fields: readonly FieldPacket[];
}

/** Rows as arrays of the server's bytes. */
export const ask = (connection: Connection, sql: string, parameters: readonly unknown[] = []): Promise<MysqlAnswer> =>
  new Promise((done, fail) => {
    connection.query({ sql, values: [...parameters], rowsAsArray: true, typeCast: false }, (error, rows, fields) =>
      error
        ? fail(error)
        : done({ rows: (Array.isArray(rows) ? rows : []) as unknown as MysqlAnswer["rows"], fields: fields ?? [] }),
    );
  });

/** The driver's words may hold the address; its code does not. */
export function asMysqlError(error: unknown, place: string): TesseraError {
  if (error instanceof TesseraError) return error;
  const { code, message, fatal } = error as {
    readonly code?: string;
    readonly message?: string;
    readonly fatal?: boolean;
  };
  if (code !== undefined && /^ER_(ACCESS_DENIED|DBACCESS_DENIED)/.test(code))
    return new TesseraError("source-refused", "MySQL refused the user or the password", {
      place,
      remedy: "check the address in the environment",
    });
  if (
    fatal === true ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|PROTOCOL_)/.test(code ?? "") ||
    /closed state|closed/.test(message ?? "")
  ) {
    return new TesseraError(
      "source-unavailable",
      phrase`MySQL cannot be reached or went away${code === undefined ? "" : ` (${code})`}`,
      { place, remedy: "try again later: nothing was changed" },
    );
  }
  return new TesseraError("source-refused", phrase`MySQL says: ${message ?? String(error)}`, { place });
}
