/**
 * Which rows were written since the last read, whatever their cursor value.
 *
 * Every row version names the transaction that wrote it (`xmin`). The mark of a read is the oldest transaction that was
 * still running; rows of later transactions may not have been seen, and are read again. A subtransaction has a higher
 * number than its transaction, so its rows are read again too. Reading a row twice changes nothing; missing one would
 * lose it.
 */
import type pg from "pg";
import { first } from "../../../engine/lookup.ts";
import type { DatabaseExtract } from "../../declare/job.ts";
import { quoted } from "./pg-session.ts";

/** The state of the database during a read. */
interface Mark {
  /** cluster, database and table, by their numbers */
  readonly database: string;
  /** oldest running transaction */
  readonly oldest: bigint;
  /** next transaction */
  readonly next: bigint;
}

/** The bounds of a read by transactions. */
export interface SnapshotBounds {
  /** for the next read */
  readonly mark: string;
  /** SQL condition for rows that may have been written since the last read; undefined when that is unknown */
  readonly writtenSince?: string;
  /** why everything must be read again; undefined when it need not be */
  readonly restart?: string;
}

function parse(text: string): Mark | undefined {
  const [, database, oldest, next] = /^([^|]+)\|(\d+):(\d+)$/.exec(text) ?? [];
  if (database === undefined || oldest === undefined || next === undefined) return undefined;
  return { database, oldest: BigInt(oldest), next: BigInt(next) };
}

/**
 * Row versions have only the lower 32 bits of their transaction: beyond half of them, before and after are ambiguous.
 */
const HALF_CIRCLE = 1n << 31n;

/** The bounds for a table; undefined for queries, views and foreign tables, whose rows have no transaction. */
export async function snapshotBounds(
  client: pg.Client,
  extract: DatabaseExtract,
  before: string | null,
): Promise<SnapshotBounds | undefined> {
  if (!("table" in extract) || extract.lateCommits === "lag") return undefined;
  const found = await client.query<{ readonly oid: string; readonly kind: string }>(
    "SELECT c.oid::text AS oid, c.relkind::text AS kind FROM pg_class AS c WHERE c.oid = to_regclass($1)",
    [quoted(client, extract.table)],
  );
  const [relation] = found.rows;
  if (relation === undefined || !["r", "p", "m"].includes(relation.kind)) return undefined;
  const snapshot = await client.query<{ readonly oldest: string; readonly next: string; readonly database: string }>(
    `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest,
       pg_snapshot_xmax(pg_current_snapshot())::text AS next,
       (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database`,
  );
  const row = first(snapshot.rows);
  const now: Mark = {
    database: `${await clusterOf(client)}/${row.database}/${relation.oid}`,
    oldest: BigInt(row.oldest),
    next: BigInt(row.next),
  };
  const mark = `${now.database}|${now.oldest}:${now.next}`;
  const last = before === null ? undefined : parse(before);
  if (last === undefined) return { mark };
  if (last.database !== now.database || last.next > now.next)
    return { mark, restart: "the table or its database was recreated since the last load" };
  if (now.next - last.oldest >= HALF_CIRCLE)
    return { mark, restart: "too many transactions have passed since the last load" };
  // distance modulo 32 bits from the oldest transaction of the last read; numbers 0 to 2 mark old rows
  const distance = `((xmin::text::bigint - ${last.oldest % 4294967296n} + 4294967296) % 4294967296)`;
  return { mark, writtenSince: `(xmin::text::bigint > 2 AND ${distance} < ${HALF_CIRCLE})` };
}

/** The cluster's number: a restored copy restarts its transactions. Not every server permits reading it. */
async function clusterOf(client: pg.Client): Promise<string> {
  const privilege = await client.query<{ readonly allowed: boolean }>(
    "SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS allowed",
  );
  if (!first(privilege.rows).allowed) return "unnamed";
  const found = await client.query<{ readonly id: string }>(
    "SELECT system_identifier::text AS id FROM pg_control_system()",
  );
  return first(found.rows).id;
}
