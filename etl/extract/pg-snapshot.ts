/**
 * Which rows were written since the last read, whatever their stamps say.
 *
 * Every row version names the transaction that wrote it (`xmin`). The mark of a read is the oldest transaction that was still
 * running then: whatever a later one wrote was not seen, or not surely, and is read again. Sub-transactions have higher numbers than
 * the transaction that they belong to, so they are on the right side. A row that is read twice changes nothing; one that is missed would be lost.
 */
import type pg from "pg";
import type { DatabaseExtract } from "../declare/job.ts";

/** What a read leaves for the next one: the database, its oldest running transaction, and its next one. */
interface Mark {
  readonly database: string;
  readonly oldest: bigint;
  readonly next: bigint;
}

export interface SnapshotBounds {
  /** for the next read */
  readonly mark: string;
  /** SQL, true for rows that may have been written since the last read; undefined where that cannot be told */
  readonly writtenSince?: string;
  /** why everything must be read again */
  readonly restart?: string;
}

const parse = (text: string): Mark | undefined => {
  const match = /^([^|]+)\|(\d+):(\d+)$/.exec(text);
  return match ? { database: match[1]!, oldest: BigInt(match[2]!), next: BigInt(match[3]!) } : undefined;
};

/** Row versions name their transaction by its lower half; beyond half the circle nobody can tell before from after. */
const HALF_CIRCLE = 1n << 31n;

/** The snapshot's bounds, where the job reads one table; undefined for queries, views and foreign tables, whose rows have no transaction. */
export async function snapshotBounds(
  client: pg.Client,
  extract: DatabaseExtract,
  before: string | null,
): Promise<SnapshotBounds | undefined> {
  if (!("table" in extract) || extract.lateCommits === "lag") return undefined;
  const found = await client.query(
    "SELECT c.oid::text AS oid, c.relkind::text AS kind FROM pg_class AS c WHERE c.oid = to_regclass($1)",
    [quoted(client, extract.table)],
  );
  const relation = (found.rows as { readonly oid: string; readonly kind: string }[])[0];
  if (relation === undefined || !["r", "p", "m"].includes(relation.kind)) return undefined;
  const snapshot = await client.query(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest, pg_snapshot_xmax(pg_current_snapshot())::text AS next, (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database",
  );
  const row = (snapshot.rows as { readonly oldest: string; readonly next: string; readonly database: string }[])[0]!;
  const now: Mark = {
    database: `${await clusterOf(client)}/${row.database}/${relation.oid}`,
    oldest: BigInt(row.oldest),
    next: BigInt(row.next),
  };
  const mark = `${now.database}|${now.oldest}:${now.next}`;
  const last = before === null ? undefined : parse(before);
  if (last === undefined) return { mark };
  if (last.database !== now.database || last.next > now.next)
    return { mark, restart: "the table or its database was made anew since the last load" };
  if (now.next - last.oldest >= HALF_CIRCLE)
    return { mark, restart: "too many transactions have passed since the last load" };
  // distances on the circle of 32 bits from the last read's oldest transaction; frozen and special rows (0 to 2) are old
  const distance = `((xmin::text::bigint - ${last.oldest % 4294967296n} + 4294967296) % 4294967296)`;
  return { mark, writtenSince: `(xmin::text::bigint > 2 AND ${distance} < ${HALF_CIRCLE})` };
}

/** A restored copy counts its transactions anew; not every server lets everybody ask who it is. */
async function clusterOf(client: pg.Client): Promise<string> {
  const allowed = await client.query("SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS allowed");
  if (!(allowed.rows as { readonly allowed: boolean }[])[0]!.allowed) return "unnamed";
  const found = await client.query("SELECT system_identifier::text AS id FROM pg_control_system()");
  return (found.rows as { readonly id: string }[])[0]!.id;
}

export const quoted = (client: pg.Client, table: string): string =>
  table
    .split(".")
    .map((part) => client.escapeIdentifier(part))
    .join(".");
