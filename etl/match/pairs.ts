/** Compares likely pairs of entries and computes the probability that they are one person or company. */
import type { DuckDBConnection } from "duckdb";
import { at } from "../../engine/lookup.ts";
import type { MatchRules } from "../declare/match-rules.ts";
import { inScratch } from "../extract/extracted.ts";
import { readNumbers, readRows } from "../extract/read-sql.ts";
import type { Link } from "./cluster.ts";
import { ENTRIES, field, kindOf, latinField, RAW, signsField } from "./entries.ts";
import { estimate, type BlockPatterns, type Weights } from "./estimate.ts";
import { likeness } from "./normalise.ts";

/** Scratch table of the scored pairs: `a`, `b`, `probability`, `alike`. */
export const PAIRS = inScratch("match_pairs");

/** Probability from which a pair is joined. */
export const ACCEPT = 0.95;

/** Largest block: with more entries its pairs, which are their square, would take too long. */
const BLOCK = 60;
/** Random pairs that are compared. */
const SAMPLE = 300_000;

/** Pairs as a SQL list, the smaller entry first. */
export const pairList = (pairs: readonly Link[]): string =>
  pairs.map(({ a, b }) => `(${Math.min(a, b)}, ${Math.max(a, b)})`).join(", ");

/** The result of scoring. */
export interface Scored {
  readonly weights: Weights;
  /** pairs that were compared */
  readonly compared: number;
}

/** A field that is compared. */
interface Compared {
  readonly name: string;
  /** column with the level of agreement */
  readonly column: string;
  /** the highest level: equal values */
  readonly highest: number;
  readonly isName: boolean;
}

/**
 * Fills `match_pairs` with the pairs that agree on a block and are in different groups.
 * @param groups table `(idx, root)` of the groups so far
 * @param linked number of pairs joined by keys, which shows how many there are to find
 * @param decided pairs with a decision are scored in any group: they show how right the weights are
 * @returns null when no field is compared
 */
export async function scorePairs(
  connection: DuckDBConnection,
  rules: MatchRules,
  groups: string,
  entries: number,
  linked: number,
  decided: readonly Link[] = [],
): Promise<Scored | null> {
  if ((rules.compare ?? []).length === 0 || entries < 2) return null;
  const fields = (rules.compare ?? []).map(
    (name, i): Compared => ({
      name,
      column: `l${i}`,
      highest: likeness(kindOf(rules, name)).length + 1,
      isName: kindOf(rules, name) === "name",
    }),
  );
  const pairs = inScratch("match_compared");
  await comparePairs(connection, rules, fields, pairs);
  const counted = (
    await readRows(
      connection,
      `SELECT rule, ${fields.map(({ column }) => column).join(", ")}, count(*) FROM ${pairs} GROUP BY ALL`,
    )
  ).map((row) => row.map(Number));
  const u = await randomAgreement(connection, rules, fields, entries);
  const weights = estimate(u, blockPatterns(rules, counted));
  const compared = counted.reduce((sum, row) => sum + at(row, -1), 0);

  const isOther =
    decided.length === 0 ? "gb.root <> ga.root" : `(gb.root <> ga.root OR (c.a, c.b) IN (${pairList(decided)}))`;
  const must = fields.filter(({ name }) => rules.must?.includes(name)).map(({ column }) => `c.${column} <> 0`);
  await connection.run(
    `CREATE OR REPLACE TABLE ${PAIRS} AS
     SELECT a, b, ${must.length === 0 ? "true" : must.join(" AND ")} AS alike,
       ${probabilitySql(fields, weights, entries, linked)} AS probability
     FROM ${pairs} AS c
       JOIN ${groups} AS ga ON ga.idx = c.a
       JOIN ${groups} AS gb ON gb.idx = c.b AND ${isOther}
       JOIN ${ENTRIES} AS x ON x.idx = c.a
       ${fields.flatMap((each, i) => (each.isName ? [frequencyJoin(each.name, i, entries)] : [])).join(" ")}`,
  );
  await connection.run(`DROP TABLE ${pairs}`);
  return { weights, compared };
}

/** A part of a block: `called:4` is the first four letters of the field. */
function blockPart(text: string): { readonly name: string; readonly letters: number | null } {
  const [name = "", letters] = text.split(":");
  return { name, letters: letters === undefined ? null : Number(letters) };
}

function blockPartSql(rules: MatchRules, alias: string, text: string): string {
  const { name, letters } = blockPart(text);
  const column = `${alias}.${rules.fields[name]?.kind === "name" ? latinField(name) : field(name)}`;
  return letters === null ? column : `left(${column}, ${letters})`;
}

/** Fills the table with the pairs of all blocks, the number of the first block and the level of each field. */
async function comparePairs(
  connection: DuckDBConnection,
  rules: MatchRules,
  fields: readonly Compared[],
  table: string,
): Promise<void> {
  const blocks = (rules.blocks ?? []).map((block, rule) => {
    const key = block.map((each) => blockPartSql(rules, "e", each));
    const hash = `hash(${key.join(", ")})`;
    return {
      cte: `block${rule} AS MATERIALIZED (
        SELECT idx, ${hash} AS block FROM ${ENTRIES} AS e
        WHERE ${key.map((each) => `${each} IS NOT NULL`).join(" AND ")}
        QUALIFY count(*) OVER (PARTITION BY ${hash}) BETWEEN 2 AND ${BLOCK}
      )`,
      select: `SELECT x.idx AS a, y.idx AS b, ${rule} AS rule
        FROM block${rule} AS x JOIN block${rule} AS y ON x.block = y.block AND x.idx < y.idx`,
    };
  });
  const levels = fields.map(({ name, column }) => `${levelSql(rules, name, "x", "y")} AS ${column}`);
  await connection.run(`CREATE OR REPLACE TABLE ${table} AS WITH ${blocks.map(({ cte }) => cte).join(", ")}, met AS (
      SELECT a, b, min(rule) AS rule FROM (${blocks.map(({ select }) => select).join(" UNION ALL ")}) GROUP BY a, b
    )
    SELECT a, b, rule, ${levels.join(", ")}
    FROM met JOIN ${ENTRIES} AS x ON x.idx = met.a JOIN ${ENTRIES} AS y ON y.idx = met.b`);
}

/** SQL of the level on which two entries agree in a field. */
function levelSql(rules: MatchRules, name: string, a: string, b: string): string {
  const [x, y] = [`${a}.${field(name)}`, `${b}.${field(name)}`];
  const kind = kindOf(rules, name);
  const steps = likeness(kind);
  // a Chinese name and a Latin one with its reading agree like two spellings
  const [signsX, signsY] = [`${a}.${signsField(name)}`, `${b}.${signsField(name)}`];
  const [latinX, latinY] = [`${a}.${latinField(name)}`, `${b}.${latinField(name)}`];
  const isReading = `(${signsX} IS NULL) <> (${signsY} IS NULL) AND ${latinX} = ${latinY}`;
  const reading = kind === "name" ? ` WHEN ${isReading} THEN ${steps.length}` : "";
  const others = steps.map((step, i) => ` WHEN ${step(x, y)} THEN ${steps.length - i}`).join("");
  return `CAST(CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN -1
    WHEN ${x} = ${y} THEN ${steps.length + 1}${reading}${others} ELSE 0 END AS TINYINT)`;
}

/** The counted patterns by block. @param counted rows of rule, levels, count */
const blockPatterns = (rules: MatchRules, counted: readonly (readonly number[])[]): BlockPatterns[] =>
  (rules.blocks ?? []).map((block, rule) => ({
    held: new Set(
      block.flatMap((each) => {
        const { name, letters } = blockPart(each);
        const position = (rules.compare ?? []).indexOf(name);
        return position >= 0 && letters === null ? [position] : [];
      }),
    ),
    patterns: counted.filter(([of]) => of === rule).map((row) => ({ levels: row.slice(1, -1), count: at(row, -1) })),
  }));

/** SQL of the probability: the logistic function of the prior and the weights of all fields. */
function probabilitySql(fields: readonly Compared[], weights: Weights, entries: number, linked: number): string {
  const total = (entries * (entries - 1)) / 2;
  const share = Math.min(0.5, Math.max(linked, weights.matches, 1) / total);
  const weighed = fields.map(({ column, highest, isName }, f) => {
    const levels = at(weights.m, f).map((m, level) => {
      // an equal name counts by its own frequency: a rare one says more
      const weight =
        isName && level === highest
          ? `ln(${m} / greatest(t${f}.share, ${1 / entries}))`
          : Math.log(m / at(at(weights.u, f), level)).toFixed(6);
      return `WHEN ${level} THEN ${weight}`;
    });
    return `CASE ${column} ${levels.join(" ")} ELSE 0 END`;
  });
  return `1 / (1 + exp(-(${Math.log(share / (1 - share))} + ${weighed.join(" + ")})))`;
}

/** Joins the share of entries that have the same value. */
const frequencyJoin = (name: string, position: number, entries: number): string =>
  `LEFT JOIN (
     SELECT ${field(name)} AS value, count(*) / ${entries}::DOUBLE AS share
     FROM ${ENTRIES} WHERE ${field(name)} IS NOT NULL GROUP BY 1
   ) AS t${position} ON t${position}.value = x.${field(name)}`;

/**
 * How often two random entries agree on each field: equality by counting, lower levels from a sample of pairs. The
 * sample is drawn by the entries' own numbers, so that one entry more or less does not change it: rare levels occur a
 * few times only. Pairs are drawn before they are joined: otherwise DuckDB compares every entry with every other.
 */
async function randomAgreement(
  connection: DuckDBConnection,
  rules: MatchRules,
  fields: readonly Compared[],
  entries: number,
): Promise<number[][]> {
  const steps = Math.max(1, Math.ceil(SAMPLE / entries));
  const rows = Math.min(entries, SAMPLE);
  const levels = fields.map(({ name }, i) => `${levelSql(rules, name, "x", "y")} AS l${i}`);
  const sampled = (
    await readRows(
      connection,
      `WITH mixed AS MATERIALIZED (
         SELECT e.*, row_number() OVER (ORDER BY hash(r.source, r.source_id), e.idx) - 1 AS place
         FROM ${ENTRIES} AS e JOIN ${RAW} AS r USING (idx) QUALIFY place < ${rows}
       ), drawn AS MATERIALIZED (
         SELECT place AS first, (place + step) % ${rows} AS second
         FROM mixed, range(1, ${steps + 1}) AS s(step) WHERE second <> first
       )
       SELECT ${levels.join(", ")}, count(*)
       FROM drawn JOIN mixed AS x ON x.place = drawn.first JOIN mixed AS y ON y.place = drawn.second
       GROUP BY ALL`,
    )
  ).map((row) => row.map(Number));
  const u: number[][] = [];
  for (const [f, { name, highest }] of fields.entries()) {
    const counts = Array.from({ length: highest + 1 }, () => 0.5);
    for (const row of sampled) {
      const level = at(row, f);
      if (level >= 0) counts[level] = at(counts, level) + at(row, -1);
    }
    const [same = 0, known = 0] = await readNumbers(
      connection,
      `SELECT sum(n * (n - 1)), sum(n) FROM (
         SELECT count(*)::DOUBLE AS n FROM ${ENTRIES} WHERE ${field(name)} IS NOT NULL GROUP BY ${field(name)}
       )`,
    );
    const exact = Math.max(0.5, same) / Math.max(1, known * (known - 1));
    const lower = counts.slice(0, highest);
    const rest = lower.reduce((sum, n) => sum + n, 0);
    u.push([...lower.map((n) => (n / rest) * (1 - exact)), Math.min(0.999, exact)]);
  }
  return u;
}
