/** The step: entries, keys, decisions, weights, groups, their keys from load to load, the review list, the golden record. */
import type { DuckDBConnection, DuckDBValue } from "duckdb";
import { quoteIdentifier, quoteText } from "../../engine/warehouse/index.ts";
import { readColumns } from "../../engine/warehouse/columns.ts";
import { openChunkWriter } from "../extract/chunk-writer.ts";
import { inScratch, SCRATCH } from "../extract/extracted.ts";
import { columnsOf, inWarehouse } from "../extract/warehouse-tables.ts";
import { Grouping, type Clusters, type Link } from "./cluster.ts";
import type { IdentityDecision } from "./decisions.ts";
import { reviewTable } from "../declare/match.ts";
import { keyName, type MatchRules } from "../declare/match-rules.ts";
import { ENTRIES, field, latinField, makeEntries, RAW, signsField } from "./entries.ts";
import { makeGolden } from "./golden.ts";
import { pairList, PAIRS, scorePairs } from "./pairs.ts";
import { readNumber } from "../extract/read-sql.ts";

/** How a match went; also the row of `tessera_matches` in the version. */
export interface MatchReport {
  readonly entries: number;
  /** groups: persons or companies */
  readonly members: number;
  /** pairs made one by keys, each with the first of its key */
  readonly byKey: number;
  /** pairs made one because they are likely to be */
  readonly byScore: number;
  readonly compared: number;
  readonly review: number;
  /** the share that is right of the pairs that score joins, by those of them that people judged; null where they judged fewer than 20 */
  readonly expectedPrecision: number | null;
  /** the same by the weights alone, which take the fields for independent: more than is true */
  readonly precisionByWeights: number | null;
  /** pairs that score joins, no key does, and people decided on */
  readonly judged: number;
  /** links that were not followed because of decisions */
  readonly refused: number;
}

export const MATCHES = "tessera_matches";
const GROUPS = inScratch("match_groups");
const SHARED_BY = 50;
const ACCEPT = 0.95;
/** With fewer judged pairs no share is told. */
export const ENOUGH_JUDGED = 20;

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
  let byKey = 0;
  for (let i = 0; i < keyed.a.length; i++) if (grouping.link(keyed.a[i]!, keyed.b[i]!, 1)) byKey++;
  await writeGroups(connection, grouping.clusters());
  const scored = await scorePairs(connection, rules, GROUPS, entries, byKey, decided);
  let byScore = 0;
  const joined: number[] = [];
  let judged: readonly boolean[] = [];
  if (scored !== null) {
    const known = new Set(decided.map((pair) => pairKey(pair.a, pair.b)));
    const [a, b, p] = (
      await readColumns(
        await connection.run(
          `SELECT a, b, probability FROM ${PAIRS} WHERE alike AND probability >= ${rules.accept ?? ACCEPT} ORDER BY probability DESC, a, b`,
        ),
      )
    ).columns as readonly (readonly number[])[];
    for (let i = 0; i < a!.length; i++) {
      if (known.has(pairKey(a![i]!, b![i]!)) || !grouping.link(a![i]!, b![i]!, p![i]!)) continue;
      byScore++;
      joined.push(p![i]!);
    }
    judged = await judgedPairs(connection, rules, decided, keyed, entries);
  }
  const clusters = grouping.clusters();
  await writeGroups(connection, clusters);
  await assignKeys(connection, name, rules, byScore > 0);
  const review = await writeReview(connection, name, rules, scored !== null, decided);
  const members = await readNumber(connection, `SELECT count(DISTINCT root) FROM ${GROUPS}`);
  if (rules.golden !== undefined) await makeGolden(connection, name, rules, rules.golden);
  const report: MatchReport = {
    entries,
    members,
    byKey,
    byScore,
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

/** Decisions whose both entries are there. */
async function decidedPairs(
  connection: DuckDBConnection,
  decisions: readonly IdentityDecision[],
): Promise<(Link & { readonly same: boolean })[]> {
  if (decisions.length === 0) return [];
  await connection.run(
    `CREATE OR REPLACE TABLE ${inScratch("match_decided")} (ls VARCHAR, li VARCHAR, rs VARCHAR, ri VARCHAR, same BOOLEAN)`,
  );
  for (const { left, right, decision } of decisions)
    await connection.run(`INSERT INTO ${inScratch("match_decided")} VALUES ($1, $2, $3, $4, $5)`, [
      left.source,
      left.id,
      right.source,
      right.id,
      decision === "same",
    ]);
  const { columns } = await readColumns(
    await connection.run(
      `SELECT l.idx, r.idx, d.same FROM ${inScratch("match_decided")} AS d JOIN ${RAW} AS l ON l.source = d.ls AND l.source_id = d.li JOIN ${RAW} AS r ON r.source = d.rs AND r.source_id = d.ri ORDER BY 1, 2`,
    ),
  );
  await connection.run(`DROP TABLE ${inScratch("match_decided")}`);
  return columns[0]!.map((a, i) => ({ a: Number(a), b: Number(columns[1]![i]), same: columns[2]![i] === true }));
}

/**
 * Whether they are one, of the decided pairs that likeness alone would have joined. Pairs before a person for want of likeness are another kind: what was
 * left of them after all else was joined is mostly not one, and says nothing of those that were.
 */
async function judgedPairs(
  connection: DuckDBConnection,
  rules: MatchRules,
  decided: readonly (Link & { readonly same: boolean })[],
  keyed: { readonly a: readonly number[]; readonly b: readonly number[] },
  entries: number,
): Promise<readonly boolean[]> {
  if (decided.length === 0) return [];
  const byKeys = new Grouping(entries, []);
  for (let i = 0; i < keyed.a.length; i++) byKeys.link(keyed.a[i]!, keyed.b[i]!, 1);
  const { columns } = await readColumns(
    await connection.run(
      `SELECT a, b FROM ${PAIRS} WHERE alike AND probability >= ${rules.accept ?? ACCEPT} AND (a, b) IN (${pairList(decided)})`,
    ),
  );
  const said = new Map(decided.map(({ a, b, same }) => [pairKey(a, b), same]));
  return columns[0]!.flatMap((a, i): boolean[] =>
    byKeys.find(Number(a)) === byKeys.find(Number(columns[1]![i]))
      ? []
      : [said.get(pairKey(Number(a), Number(columns[1]![i])))!],
  );
}

const pairKey = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;
const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Every entry with the first one of its key; keys that too many share are left out. */
async function keyLinks(
  connection: DuckDBConnection,
  rules: MatchRules,
): Promise<{ readonly a: readonly number[]; readonly b: readonly number[] }> {
  const keys = rules.keys.map((key, i) => {
    const fields = (typeof key === "string" ? [key] : key).map((each) => `e.${field(each)}`);
    return `SELECT ${i} AS rule, idx, hash(${fields.join(", ")}) AS h FROM ${ENTRIES} AS e WHERE ${fields.map((each) => `${each} IS NOT NULL`).join(" AND ")}`;
  });
  if (keys.length === 0) return { a: [], b: [] };
  // a name in Latin letters is that of the one name of signs that is read so; with two of these (王伟 and 王薇) nobody can tell whose it is
  const read = rules.keys.flatMap((key, i) => {
    const names = (typeof key === "string" ? [key] : key).filter((each) => rules.fields[each]!.kind === "name");
    if (names.length === 0) return [];
    const fields = (typeof key === "string" ? [key] : key).map(
      (each) => `e.${rules.fields[each]!.kind === "name" ? latinField(each) : field(each)}`,
    );
    const signs = `concat_ws(chr(0), ${names.map((each) => `e.${signsField(each)}`).join(", ")})`;
    return [
      `SELECT ${rules.keys.length + i} AS rule, idx, hash(${fields.join(", ")}) AS h, nullif(${signs}, '') AS signs FROM ${ENTRIES} AS e WHERE ${fields.map((each) => `${each} IS NOT NULL`).join(" AND ")}`,
    ];
  });
  const inSigns =
    read.length === 0
      ? ""
      : ` UNION ALL SELECT idx, hub, n FROM (SELECT idx, min(idx) OVER w AS hub, count(*) OVER w AS n, min(signs) OVER w AS least, max(signs) OVER w AS most, count(signs) OVER w AS written FROM (${read.join(" UNION ALL ")}) WINDOW w AS (PARTITION BY rule, h)) WHERE written BETWEEN 1 AND n - 1 AND least = most`;
  const { columns } = await readColumns(
    await connection.run(
      `SELECT DISTINCT idx, hub FROM (SELECT idx, min(idx) OVER w AS hub, count(*) OVER w AS n FROM (${keys.join(" UNION ALL ")}) WINDOW w AS (PARTITION BY rule, h)${inSigns}) WHERE n BETWEEN 2 AND ${rules.sharedBy ?? SHARED_BY} AND hub <> idx ORDER BY idx, hub`,
    ),
  );
  return { a: columns[0] as readonly number[], b: columns[1] as readonly number[] };
}

async function writeGroups(connection: DuckDBConnection, { root, confidence }: Clusters): Promise<void> {
  await connection.run(`CREATE OR REPLACE TABLE ${GROUPS} (idx INTEGER, root INTEGER, confidence DOUBLE)`);
  const writer = await openChunkWriter(connection, SCRATCH, "match_groups");
  for (let i = 0; i < root.length; i++) {
    writer.columns[0]!.int32[writer.row] = i;
    writer.columns[1]!.int32[writer.row] = root[i]!;
    writer.columns[2]!.float64[writer.row] = confidence[root[i]!]!;
    writer.next();
  }
  writer.close();
}

/**
 * A group keeps the smallest key of its entries that is the own number of one of them. A key whose entry is gone stays with the group that has most of
 * its entries; who has none takes its smallest own number. So no two groups ever share a key, and what splits gets back what it had.
 */
async function assignKeys(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  scored: boolean,
): Promise<void> {
  const how = `CASE WHEN count(*) OVER (PARTITION BY g.root) = 1 THEN 'alone' WHEN g.confidence < 1 THEN ${quoteText(scored ? "score" : "key")} ELSE 'key' END`;
  await connection.run(`CREATE OR REPLACE TABLE ${inWarehouse(name)} AS WITH members AS (
      SELECT r.*, g.root, g.confidence FROM ${RAW} AS r JOIN ${GROUPS} AS g USING (idx)
    ), owned AS (
      SELECT m.root, min(m.key_before) AS key FROM members AS m JOIN members AS o ON o.entry_no = m.key_before AND o.root = m.root GROUP BY m.root
    ), orphaned AS (
      SELECT key, arg_min(root, (-n, root)) AS root FROM (SELECT root, key_before AS key, count(*) AS n FROM members WHERE key_before IS NOT NULL AND key_before NOT IN (SELECT entry_no FROM members) GROUP BY ALL) GROUP BY key
    ), keys AS (
      SELECT m.root, coalesce(any_value(w.key), (SELECT min(o.key) FROM orphaned AS o WHERE o.root = m.root), min(m.entry_no)) AS key FROM members AS m LEFT JOIN owned AS w ON w.root = m.root GROUP BY m.root
    ) SELECT r.source, r.source_id, k.key AS ${quoteIdentifier(keyName(rules))}, r.entry_no, g.confidence, ${how} AS how
      FROM ${RAW} AS r JOIN ${GROUPS} AS g USING (idx) JOIN keys AS k ON k.root = g.root ORDER BY r.idx`);
}

/** Pairs of the uncertain band that ended in different groups and that nobody has decided on; the likeliest of each two groups. */
async function writeReview(
  connection: DuckDBConnection,
  name: string,
  rules: MatchRules,
  scored: boolean,
  decided: readonly Link[],
): Promise<number> {
  const table = inWarehouse(reviewTable(name));
  const known = decided.length === 0 ? "false" : `(p.a, p.b) IN (${pairList(decided)})`;
  const pairs = scored
    ? `SELECT p.a, p.b, p.probability, p.alike FROM ${PAIRS} AS p JOIN ${GROUPS} AS x ON x.idx = p.a JOIN ${GROUPS} AS y ON y.idx = p.b WHERE p.probability >= ${rules.review ?? 0.5} AND x.root <> y.root AND NOT ${known}
       QUALIFY row_number() OVER (PARTITION BY least(x.root, y.root), greatest(x.root, y.root) ORDER BY p.alike DESC, p.probability DESC, p.a, p.b) = 1`
    : "SELECT 0 AS a, 0 AS b, 0.0::DOUBLE AS probability, true AS alike WHERE false";
  await connection.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT l.source AS left_source, l.source_id AS left_id, r.source AS right_source, r.source_id AS right_id, p.probability, p.alike FROM (${pairs}) AS p JOIN ${RAW} AS l ON l.idx = p.a JOIN ${RAW} AS r ON r.idx = p.b ORDER BY p.alike DESC, p.probability DESC, l.idx, r.idx`,
  );
  return await readNumber(connection, `SELECT count(*) FROM ${table}`);
}

async function writeReport(connection: DuckDBConnection, name: string, report: MatchReport): Promise<void> {
  const table = inWarehouse(MATCHES);
  // an earlier form is made anew: it says nothing that this load does not say again
  if (!(await columnsOf(connection, MATCHES)).has("judged"))
    await connection.run(
      `CREATE OR REPLACE TABLE ${table} (match VARCHAR, entries BIGINT, members BIGINT, by_key BIGINT, by_score BIGINT, compared BIGINT, review BIGINT, expected_precision DOUBLE, precision_by_weights DOUBLE, judged BIGINT, refused BIGINT)`,
    );
  await connection.run(`DELETE FROM ${table} WHERE match = $1`, [name]);
  const { entries, members, byKey, byScore, compared, review, expectedPrecision, precisionByWeights, judged, refused } =
    report;
  await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, [
    name,
    entries,
    members,
    byKey,
    byScore,
    compared,
    review,
    expectedPrecision,
    precisionByWeights,
    judged,
    refused,
  ]);
}
