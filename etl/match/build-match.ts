/** The match as a step of a load: entries, keys, decisions, likeness, groups and their keys, review, golden record. */
import type { DuckDBConnection, DuckDBValue } from "duckdb";
import { at } from "../../engine/lookup.ts";
import { readColumns } from "../../engine/warehouse/columns.ts";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { reviewTable } from "../declare/match.ts";
import { keyName, type MatchRules } from "../declare/match-rules.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";
import { readNumber } from "../extract/read-sql.ts";
import { inWarehouse } from "../extract/warehouse-tables.ts";
import { Grouping, type Clusters, type Link } from "./cluster.ts";
import { decidedPairs, judgedPairs, pairKey } from "./decided-pairs.ts";
import type { IdentityDecision } from "./decisions.ts";
import { ENTRIES, makeEntries, RAW } from "./entries.ts";
import { makeGolden } from "./golden.ts";
import { keyLinks } from "./key-links.ts";
import { ENOUGH_JUDGED, writeReport, type MatchReport } from "./match-report.ts";
import { ACCEPT, pairList, PAIRS, scorePairs } from "./pairs.ts";

const GROUPS = inScratch("match_groups");
const REVIEW = 0.5;

/**
 * Builds the tables of a match.
 * @param sql select of the entries
 * @throws TesseraError `project-invalid`, `check-failed`, see `makeEntries`
 */
export async function buildMatch(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  sql: string,
  parameters: readonly DuckDBValue[],
  decisions: readonly IdentityDecision[],
): Promise<MatchReport> {
  const entries = await makeEntries(connection, name, rules, sql, parameters);
  const decided = await decidedPairs(connection, decisions);
  const grouping = new Grouping(
    entries,
    decided.filter((pair) => !pair.same),
  );
  for (const { a, b, same } of decided) if (same) grouping.link(a, b, 1);
  const keyed = await keyLinks(connection, rules);
  const byKey = keyed.filter(({ a, b }) => grouping.link(a, b, 1)).length;
  await writeGroups(connection, grouping.clusters());
  const scored = await scorePairs(connection, rules, GROUPS, entries, byKey, decided);
  const joined = scored === null ? [] : await joinLikely(connection, rules, grouping, decided);
  const judged = scored === null ? [] : await judgedPairs(connection, rules, decided, keyed, entries);
  const clusters = grouping.clusters();
  await writeGroups(connection, clusters);
  await assignKeys(connection, name, rules, joined.length > 0);
  const review = await writeReview(connection, name, rules, scored !== null, decided);
  const members = await readNumber(connection, `SELECT count(DISTINCT root) FROM ${GROUPS}`);
  if (rules.golden !== undefined) await makeGolden(connection, name, rules, rules.golden);
  const report: MatchReport = {
    entries,
    members,
    byKey,
    byScore: joined.length,
    compared: scored?.compared ?? 0,
    review,
    expectedPrecision: judged.length < ENOUGH_JUDGED ? null : judged.filter(Boolean).length / judged.length,
    precisionByWeights: mean(joined),
    judged: judged.length,
    refused: clusters.refused,
  };
  await writeReport(connection, name, report);
  for (const table of [RAW, ENTRIES, GROUPS, PAIRS]) await connection.run(`DROP TABLE IF EXISTS ${table}`);
  return report;
}

/** Joins the likely pairs, the likeliest first. @returns the probability of each pair that was joined */
async function joinLikely(
  connection: DuckDBConnection,
  rules: MatchRules,
  grouping: Grouping,
  decided: readonly Link[],
): Promise<number[]> {
  const known = new Set(decided.map(({ a, b }) => pairKey(a, b)));
  const { columns } = await readColumns(
    await connection.run(
      `SELECT a, b, probability FROM ${PAIRS}
       WHERE alike AND probability >= ${rules.accept ?? ACCEPT} ORDER BY probability DESC, a, b`,
    ),
  );
  const [left = [], right = [], probabilities = []] = columns;
  const joined: number[] = [];
  for (const [i, value] of left.entries()) {
    const [a, b, probability] = [Number(value), Number(right[i]), Number(probabilities[i])];
    if (!known.has(pairKey(a, b)) && grouping.link(a, b, probability)) joined.push(probability);
  }
  return joined;
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

async function writeGroups(connection: DuckDBConnection, { root, confidence }: Clusters): Promise<void> {
  await connection.run(`CREATE OR REPLACE TABLE ${GROUPS} (idx INTEGER, root INTEGER, confidence DOUBLE)`);
  const writer = await openChunkWriter(connection, SCRATCH, "match_groups");
  const [entryColumn, rootColumn, confidenceColumn] = [0, 1, 2].map((i) => at(writer.columns, i));
  if (!entryColumn || !rootColumn || !confidenceColumn) throw new Error("match_groups has three columns");
  for (const [entry, group] of root.entries()) {
    entryColumn.int32[writer.row] = entry;
    rootColumn.int32[writer.row] = group;
    confidenceColumn.float64[writer.row] = at(confidence, group);
    writer.next();
  }
  writer.close();
}

/**
 * A group keeps the smallest earlier key that is the own number of one of its entries. A key whose entry is gone stays
 * with the group that has most of its entries. A group without a key takes its smallest own number. So no two groups
 * share a key, and a split restores the keys from before.
 */
async function assignKeys(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  scored: boolean,
): Promise<void> {
  const how = `CASE WHEN count(*) OVER (PARTITION BY g.root) = 1 THEN 'alone'
    WHEN g.confidence < 1 THEN ${quoteText(scored ? "score" : "key")} ELSE 'key' END`;
  await connection.run(`CREATE OR REPLACE TABLE ${inWarehouse(name)} AS WITH members AS (
      SELECT r.*, g.root, g.confidence FROM ${RAW} AS r JOIN ${GROUPS} AS g USING (idx)
    ), owned AS (
      SELECT m.root, min(m.key_before) AS key
      FROM members AS m JOIN members AS o ON o.entry_no = m.key_before AND o.root = m.root GROUP BY m.root
    ), orphaned AS (
      SELECT key, arg_min(root, (-n, root)) AS root FROM (
        SELECT root, key_before AS key, count(*) AS n FROM members
        WHERE key_before IS NOT NULL AND key_before NOT IN (SELECT entry_no FROM members) GROUP BY ALL
      ) GROUP BY key
    ), keys AS (
      SELECT m.root, coalesce(
          any_value(w.key), (SELECT min(o.key) FROM orphaned AS o WHERE o.root = m.root), min(m.entry_no)
        ) AS key
      FROM members AS m LEFT JOIN owned AS w ON w.root = m.root GROUP BY m.root
    )
    SELECT r.source, r.source_id, k.key AS ${quoteIdentifier(keyName(rules))}, r.entry_no, g.confidence, ${how} AS how
    FROM ${RAW} AS r JOIN ${GROUPS} AS g USING (idx) JOIN keys AS k ON k.root = g.root ORDER BY r.idx`);
}

/** Uncertain pairs in different groups without a decision; the likeliest of each two groups. @returns how many */
async function writeReview(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  scored: boolean,
  decided: readonly Link[],
): Promise<number> {
  const table = inWarehouse(reviewTable(name));
  const isDecided = decided.length === 0 ? "false" : `(p.a, p.b) IN (${pairList(decided)})`;
  const pairs = scored
    ? `SELECT p.a, p.b, p.probability, p.alike
       FROM ${PAIRS} AS p JOIN ${GROUPS} AS x ON x.idx = p.a JOIN ${GROUPS} AS y ON y.idx = p.b
       WHERE p.probability >= ${rules.review ?? REVIEW} AND x.root <> y.root AND NOT ${isDecided}
       QUALIFY row_number() OVER (
         PARTITION BY least(x.root, y.root), greatest(x.root, y.root)
         ORDER BY p.alike DESC, p.probability DESC, p.a, p.b
       ) = 1`
    : "SELECT 0 AS a, 0 AS b, 0.0::DOUBLE AS probability, true AS alike WHERE false";
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} AS
     SELECT l.source AS left_source, l.source_id AS left_id, r.source AS right_source, r.source_id AS right_id,
       p.probability, p.alike
     FROM (${pairs}) AS p JOIN ${RAW} AS l ON l.idx = p.a JOIN ${RAW} AS r ON r.idx = p.b
     ORDER BY p.alike DESC, p.probability DESC, l.idx, r.idx`,
  );
  return readNumber(connection, `SELECT count(*) FROM ${table}`);
}
