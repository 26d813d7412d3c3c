/** Connections to PostgreSQL, and what its errors mean. */
import pg from "pg";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import type { DatabaseExtract } from "../declare/job.ts";
import { compileQuery, postgresWords } from "./kysely-dialects.ts";

/** The driver's words may hold the address; its code does not. */
export const unavailable = (error: unknown, place: string): TesseraError => {
  const code = (error as { readonly code?: string }).code;
  if (code === "28P01" || code === "28000")
    return new TesseraError("source-refused", "PostgreSQL refused the user or the password", {
      place,
      remedy: "check the address in the environment",
    });
  return new TesseraError(
    "source-unavailable",
    phrase`PostgreSQL cannot be reached or went away${code === undefined ? "" : ` (${code})`}`,
    { place, remedy: "try again later: nothing was changed" },
  );
};

export const isConnectionLoss = (error: unknown): boolean => {
  const code = (error as { readonly code?: string }).code ?? "";
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|08|57P)/.test(code) ||
    /terminated|closed|Connection/.test(error instanceof Error ? error.message : "")
  );
};

export const asSourceError = (error: unknown, place: string, lost: unknown): TesseraError =>
  error instanceof TesseraError
    ? error
    : lost !== undefined || isConnectionLoss(error)
      ? unavailable(lost ?? error, place)
      : new TesseraError(
          "source-refused",
          phrase`PostgreSQL says: ${error instanceof Error ? error.message : String(error)}`,
          { place },
        );

export interface PgSession {
  readonly client: pg.Client;
  /** the connection's own error, where it was lost between two statements */
  readonly lost: () => Error | undefined;
}

/** A connection in a read-only transaction with one snapshot: its own, or the exported one. Throws `source-unavailable` or `source-refused`. */
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

/** What the job reads, as SQL that may stand after FROM. */
export function fromClause(client: pg.Client, extract: DatabaseExtract): string {
  if ("table" in extract)
    return extract.table
      .split(".")
      .map((part) => client.escapeIdentifier(part))
      .join(".");
  const { sql, parameters } = compileQuery(extract.query, postgresWords);
  // COPY takes no parameters: the values of the project's own query are written out
  const written = sql.replace(/\$(\d+)/g, (_, n: string) => literal(client, parameters[Number(n) - 1]));
  return `(${written}) AS q`;
}

function literal(client: pg.Client, value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  return client.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
}
