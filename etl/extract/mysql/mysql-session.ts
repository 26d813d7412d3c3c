/** Connections to MySQL and MariaDB. */
import mysql, { type Connection, type ConnectionOptions, type FieldPacket } from "mysql2";
import { phrase, TesseraError, type Sentence } from "../../../engine/errors/index.ts";
import { errorCode, inBrackets } from "../error-code.ts";

/**
 * The driver's options from an address. Of its parameters only `ssl` counts: others could let the server read files.
 * @throws TesseraError `job-invalid` for an invalid address
 */
export function connectionOptions(url: string, place: string): ConnectionOptions {
  if (!URL.canParse(url))
    throw new TesseraError("job-invalid", "invalid MySQL address", {
      place,
      remedy: "write it like mysql://user:password@host:3306/database",
    });
  const address = new URL(url);
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

/** A connection in UTC that reads one snapshot. @throws TesseraError `source-unavailable`, `source-refused` */
export async function openMysql(url: string, place: string): Promise<Connection> {
  const connection = mysql.createConnection(connectionOptions(url, place));
  connection.on("error", () => undefined);
  try {
    await new Promise<void>((done, fail) => connection.connect((error) => (error ? fail(error) : done())));
    // the driver escapes values with backslashes
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

/** Rows as the server's bytes, and their columns. */
export interface MysqlAnswer {
  readonly rows: readonly (readonly (Buffer | null)[])[];
  readonly fields: readonly FieldPacket[];
}

/** Runs a statement. */
export const ask = (connection: Connection, sql: string, parameters: readonly unknown[] = []): Promise<MysqlAnswer> =>
  new Promise((done, fail) => {
    connection.query({ sql, values: [...parameters], rowsAsArray: true, typeCast: false }, (error, rows, fields) =>
      error ? fail(error) : done({ rows: isRows(rows) ? rows : [], fields: fields ?? [] }),
    );
  });

/**
 * With `typeCast: false` and `rowsAsArray: true` every row is an array of buffers; statements without rows give a
 * header.
 */
const isRows = (rows: unknown): rows is MysqlAnswer["rows"] => Array.isArray(rows);

/** The driver's error as one of ours. Its text may hold the address, so only its code is shown. */
export function asMysqlError(error: unknown, place: string): TesseraError {
  if (error instanceof TesseraError) return error;
  const code = errorCode(error) ?? "";
  const message = error instanceof Error ? error.message : String(error);
  if (/^ER_(ACCESS_DENIED|DBACCESS_DENIED)/.test(code))
    return new TesseraError("source-refused", "MySQL refused the user or password", {
      place,
      remedy: "check the address in the environment",
      cause: error,
    });
  const isFatal = error instanceof Error && "fatal" in error && error.fatal === true;
  if (isFatal || /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|PROTOCOL_)/.test(code) || message.includes("closed"))
    return new TesseraError("source-unavailable", phrase`the MySQL server does not answer${inBrackets(code)}`, {
      place,
      remedy: "try again later: nothing was changed",
      cause: error,
    });
  return new TesseraError("source-refused", describeRefusal(code, message), {
    place,
    remedy: "check the job's table or query against the database",
    cause: error,
  });
}

/** A statement that the server refused: the known cases in our words, the others by their code. */
function describeRefusal(code: string, message: string): Sentence {
  const [, name = ""] = /'([^']+)'/.exec(message) ?? [];
  switch (code) {
    case "ER_NO_SUCH_TABLE":
      return phrase`table "${name}" not found in the MySQL database`;
    case "ER_BAD_FIELD_ERROR":
      return phrase`column "${name}" not found in the MySQL database`;
    case "ER_BAD_DB_ERROR":
      return phrase`MySQL database "${name}" not found`;
    case "ER_TABLEACCESS_DENIED_ERROR":
    case "ER_COLUMNACCESS_DENIED_ERROR":
      return "the MySQL user may not read this table";
    case "ER_PARSE_ERROR":
      return "the MySQL server cannot parse the query";
    default:
      return phrase`the MySQL server refused the query${inBrackets(code)}`;
  }
}
