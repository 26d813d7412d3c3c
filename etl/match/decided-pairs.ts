/** The pairs that people decided on. */
import type { DuckDBConnection } from "duckdb";
import { required } from "../../engine/lookup.ts";
import { readColumns } from "../../engine/warehouse/columns.ts";
import type { MatchRules } from "../declare/match-rules.ts";
import { inScratch } from "../extract/extracted.ts";
import { Grouping, type Link } from "./cluster.ts";
import type { IdentityDecision } from "./decisions.ts";
import { RAW } from "./entries.ts";
import { ACCEPT, pairList, PAIRS } from "./pairs.ts";

/** A pair of entries that is one person or company, or is not. */
export interface DecidedPair extends Link {
  readonly same: boolean;
}

/** The same text for both orders of a pair. */
export const pairKey = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;

/** Decisions whose entries both exist. */
export async function decidedPairs(
  connection: DuckDBConnection,
  decisions: readonly IdentityDecision[],
): Promise<DecidedPair[]> {
  if (decisions.length === 0) return [];
  const table = inScratch("match_decided");
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} (ls VARCHAR, li VARCHAR, rs VARCHAR, ri VARCHAR, same BOOLEAN)`,
  );
  for (const { left, right, decision } of decisions)
    await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5)`, [
      left.source,
      left.id,
      right.source,
      right.id,
      decision === "same",
    ]);
  const { columns } = await readColumns(
    await connection.run(
      `SELECT l.idx, r.idx, d.same FROM ${table} AS d
         JOIN ${RAW} AS l ON l.source = d.ls AND l.source_id = d.li
         JOIN ${RAW} AS r ON r.source = d.rs AND r.source_id = d.ri
       ORDER BY 1, 2`,
    ),
  );
  await connection.run(`DROP TABLE ${table}`);
  const [left = [], right = [], same = []] = columns;
  return left.map((a, i) => ({ a: Number(a), b: Number(right[i]), same: same[i] === true }));
}

/**
 * Whether the decided pairs that likeness alone would join are one. Pairs from review are of another kind: what is left
 * after all other joins is mostly not one, and shows nothing about the joined pairs.
 * @param keyed links by keys; pairs they join are left out
 */
export async function judgedPairs(
  connection: DuckDBConnection,
  rules: MatchRules,
  decided: readonly DecidedPair[],
  keyed: readonly Link[],
  entries: number,
): Promise<readonly boolean[]> {
  if (decided.length === 0) return [];
  const byKeys = new Grouping(entries, []);
  for (const { a, b } of keyed) byKeys.link(a, b, 1);
  const { columns } = await readColumns(
    await connection.run(
      `SELECT a, b FROM ${PAIRS}
       WHERE alike AND probability >= ${rules.accept ?? ACCEPT} AND (a, b) IN (${pairList(decided)})`,
    ),
  );
  const [left = [], right = []] = columns;
  const decisions = new Map(decided.map(({ a, b, same }) => [pairKey(a, b), same]));
  return left.flatMap((value, i): boolean[] => {
    const [a, b] = [Number(value), Number(right[i])];
    return byKeys.find(a) === byKeys.find(b) ? [] : [required(decisions, pairKey(a, b), "decision")];
  });
}
