/** Connections to PostgreSQL, and the meaning of its errors. */
import pg from "pg";
import { phrase, TesseraError, type Sentence } from "../../../engine/errors/index.ts";
import { errorCode, inBrackets } from "../error-code.ts";
import type { DatabaseExtract } from "../../declare/job.ts";
import { compileQuery, postgresDialect } from "../kysely-dialects.ts";

/**
 * A server that cannot be reached or refuses the login. The driver's text may hold the address, so only its code is
 * shown.
 */
function unavailable(error: unknown, place: string): TesseraError {
  const code = errorCode(error);
  if (code === "28P01" || code === "28000")
    return new TesseraError("source-refused", "PostgreSQL refused the user or password", {
      place,
      remedy: "check the address in the environment",
      cause: error,
    });
  return new TesseraError("source-unavailable", phrase`the PostgreSQL server does not answer${inBrackets(code)}`, {
    place,
    remedy: "try again later: nothing was changed",
    cause: error,
  });
}

const isConnectionLoss = (error: unknown): boolean =>
  /^(ECONN|EPIPE|ETIMEDOUT|08|57P)/.test(errorCode(error) ?? "") ||
  /terminated|closed|Connection/.test(error instanceof Error ? error.message : "");

/** A driver's error as one of ours. @param lost the connection's own error, if it was lost */
export function asSourceError(error: unknown, place: string, lost: unknown): TesseraError {
  if (error instanceof TesseraError) return error;
  if (lost !== undefined || isConnectionLoss(error)) return unavailable(lost ?? error, place);
  return new TesseraError("source-refused", describeRefusal(error), {
    place,
    remedy: "check the job's table or query against the database",
    cause: error,
  });
}

/** A statement that the server refused: the known cases in our words, the others by their code. */
function describeRefusal(error: unknown): Sentence {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const [, name = ""] = /"([^"]+)"/.exec(message) ?? /column (\S+) does not exist/.exec(message) ?? [];
  switch (code) {
    case "42P01":
      return phrase`table "${name}" not found in the PostgreSQL database`;
    case "42703":
      return phrase`column "${name}" not found in the PostgreSQL database`;
    case "3D000":
      return phrase`PostgreSQL database "${name}" not found`;
    case "3F000":
      return phrase`schema "${name}" not found in the PostgreSQL database`;
    case "42501":
      return "the PostgreSQL user may not read this table";
    case "42601":
      return "the PostgreSQL server cannot parse the query";
    default:
      return phrase`the PostgreSQL server refused the query${inBrackets(code)}`;
  }
}

/** A connection in a read-only transaction. */
export interface PgSession {
  readonly client: pg.Client;
  /** the connection's error, if it was lost between two statements */
  readonly lost: () => Error | undefined;
}

/**
 * A connection in a read-only transaction with one snapshot.
 * @param snapshot an exported snapshot; default its own
 * @throws TesseraError `source-unavailable`, `source-refused`
 */
export async function openSession(url: string, place: string, snapshot?: string): Promise<PgSession> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000, application_name: "tessera" });
  let lost: Error | undefined;
  client.on("error", (error) => {
    lost = error;
  });
  await client.connect().catch((error: unknown) => {
    throw unavailable(error, place);
  });
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (snapshot !== undefined) await client.query(`SET TRANSACTION SNAPSHOT ${client.escapeLiteral(snapshot)}`);
  await client.query("SET LOCAL TimeZone = 'UTC'");
  return { client, lost: () => lost };
}

/** The quoted name of a table, which may have a schema. */
export const quoted = (client: pg.Client, table: string): string =>
  table
    .split(".")
    .map((part) => client.escapeIdentifier(part))
    .join(".");

/** The job's table or query as SQL for a FROM clause. */
export function fromClause(client: pg.Client, extract: DatabaseExtract): string {
  if ("table" in extract) return quoted(client, extract.table);
  const { sql, parameters } = compileQuery(extract.query, postgresDialect);
  // COPY takes no parameters: the values of the project's query become literals
  const written = sql.replace(/\$(\d+)/g, (_, n: string) => literal(client, parameters[Number(n) - 1]));
  return `(${written}) AS q`;
}

function literal(client: pg.Client, value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  return client.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
}
