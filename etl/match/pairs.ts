/** Pairs worth weighing, their outcomes, and what these weigh. */
import type { DuckDBConnection } from "duckdb";
import { inScratch } from "../extract/extracted.ts";
import type { Link } from "./cluster.ts";
import type { MatchRules } from "../declare/match-rules.ts";
import { ENTRIES, field, latinField, RAW, signsField } from "./entries.ts";
import { estimate, type BlockPatterns, type Weights } from "./estimate.ts";
import { likeness } from "./normalise.ts";

export const PAIRS = inScratch("match_pairs");
/** A block in which more entries meet tells nobody apart; all of its pairs would be the square. */
const BLOCK = 60;
const SAMPLE = 300_000;

/** Pairs as SQL, the smaller entry first. */
export const pairList = (pairs: readonly Link[]): string =>
  pairs.map(({ a, b }) => `(${Math.min(a, b)}, ${Math.max(a, b)})`).join(", ");

export interface Scored {
  readonly weights: Weights;
  /** pairs that were compared */
  readonly compared: number;
}

/** `called:4` as the field and how many letters of it. */
const part = (text: string): { readonly name: string; readonly letters: number | null } => {
  const [name, letters] = text.split(":");
  return { name: name!, letters: letters === undefined ? null : Number(letters) };
};
const partSql = (rules: MatchRules, alias: string, text: string): string => {
  const { name, letters } = part(text);
  const column = `${alias}.${rules.fields[name]?.kind === "name" ? latinField(name) : field(name)}`;
  return letters === null ? column : `left(${column}, ${letters})`;
};

const levelSql = (rules: MatchRules, name: string, a: string, b: string): string => {
  const [x, y] = [`${a}.${field(name)}`, `${b}.${field(name)}`];
  const steps = likeness(rules.fields[name]!.kind);
  // one name in signs and one in letters that is read so: alike, as two spellings are
  const [signsX, signsY] = [`${a}.${signsField(name)}`, `${b}.${signsField(name)}`];
  const read =
    rules.fields[name]!.kind === "name"
      ? ` WHEN (${signsX} IS NULL) <> (${signsY} IS NULL) AND ${a}.${latinField(name)} = ${b}.${latinField(name)} THEN ${steps.length}`
      : "";
  return `CAST(CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN -1 WHEN ${x} = ${y} THEN ${steps.length + 1}${read}${steps.map((step, i) => ` WHEN ${step(x, y)} THEN ${steps.length - i}`).join("")} ELSE 0 END AS TINYINT)`;
};

/**
 * Fills `match_pairs` (`a`, `b`, `probability`, `alike`): pairs that agree on a block and are in different groups of `groups` (`idx`, `root`), with the chance that they are one.
 * @param linked pairs that keys have made one, which say how many there are to be found
 * @param decided pairs that people decided on are weighed too, whatever groups they are in: they show how right the weights are
 */
export async function scorePairs(
  connection: DuckDBConnection,
  rules: MatchRules,
  groups: string,
  entries: number,
  linked: number,
  decided: readonly Link[] = [],
): Promise<Scored | null> {
  const compare = rules.compare ?? [];
  if (compare.length === 0 || entries < 2) return null;
  const compared = inScratch("match_compared");
  const blocks = rules.blocks ?? [];
  const named = compare.map((name, i) => ({
    name,
    level: `l${i}`,
    most: likeness(rules.fields[name]!.kind).length + 1,
  }));
  const candidates = blocks.map((block, r) => {
    const key = block.map((each) => partSql(rules, "e", each));
    const whole = key.map((each) => `${each} IS NOT NULL`).join(" AND ");
    return {
      cte: `block${r} AS MATERIALIZED (SELECT idx, hash(${key.join(", ")}) AS block FROM ${ENTRIES} AS e WHERE ${whole} QUALIFY count(*) OVER (PARTITION BY hash(${key.join(", ")})) BETWEEN 2 AND ${BLOCK})`,
      select: `SELECT x.idx AS a, y.idx AS b, ${r} AS rule FROM block${r} AS x JOIN block${r} AS y ON x.block = y.block AND x.idx < y.idx`,
    };
  });
  await connection.run(`CREATE OR REPLACE TABLE ${compared} AS WITH ${candidates.map(({ cte }) => cte).join(", ")}, met AS (
      SELECT a, b, min(rule) AS rule FROM (${candidates.map(({ select }) => select).join(" UNION ALL ")}) GROUP BY a, b
    ) SELECT a, b, rule, ${named.map(({ name, level }) => `${levelSql(rules, name, "x", "y")} AS ${level}`).join(", ")} FROM met JOIN ${ENTRIES} AS x ON x.idx = met.a JOIN ${ENTRIES} AS y ON y.idx = met.b`);
  const levels = named.map(({ level }) => level).join(", ");
  const counted = (await connection.runAndReadAll(`SELECT rule, ${levels}, count(*) FROM ${compared} GROUP BY ALL`))
    .getRowsJson()
    .map((row) => row.map(Number));
  const u = await chances(connection, rules, named, entries);
  const weights = estimate(
    u,
    blocks.map(
      (block, r): BlockPatterns => ({
        held: new Set(
          block.flatMap((each) => {
            const { name, letters } = part(each);
            const at = compare.indexOf(name);
            return at >= 0 && letters === null ? [at] : [];
          }),
        ),
        patterns: counted
          .filter(([rule]) => rule === r)
          .map((row) => ({ levels: row.slice(1, -1), count: row.at(-1)! })),
      }),
    ),
  );
  const total = (entries * (entries - 1)) / 2;
  const share = Math.min(0.5, Math.max(linked, weights.matches, 1) / total);
  const frequent = named.filter(({ name }) => rules.fields[name]!.kind === "name");
  const weigh = named.map(({ name, level, most }, f) => {
    const by = weights.m[f]!.map(
      (m, l) =>
        `WHEN ${l} THEN ${l === most && rules.fields[name]!.kind === "name" ? `ln(${m} / greatest(t${f}.share, ${1 / entries}))` : Math.log(m / u[f]![l]!).toFixed(6)}`,
    );
    return `CASE ${level} ${by.join(" ")} ELSE 0 END`;
  });
  const often = frequent.map(
    ({ name }) =>
      `LEFT JOIN (SELECT ${field(name)} AS value, count(*) / ${entries}::DOUBLE AS share FROM ${ENTRIES} WHERE ${field(name)} IS NOT NULL GROUP BY 1) AS t${compare.indexOf(name)} ON t${compare.indexOf(name)}.value = x.${field(name)}`,
  );
  const alike = named.filter(({ name }) => rules.must?.includes(name)).map(({ level }) => `c.${level} <> 0`);
  await connection.run(`CREATE OR REPLACE TABLE ${PAIRS} AS SELECT a, b, ${alike.length === 0 ? "true" : alike.join(" AND ")} AS alike, 1 / (1 + exp(-(${Math.log(share / (1 - share))} + ${weigh.join(" + ")}))) AS probability
    FROM ${compared} AS c JOIN ${groups} AS ga ON ga.idx = c.a JOIN ${groups} AS gb ON gb.idx = c.b AND (gb.root <> ga.root${decided.length === 0 ? "" : ` OR (c.a, c.b) IN (${pairList(decided)})`}) JOIN ${ENTRIES} AS x ON x.idx = c.a ${often.join(" ")}`);
  const compared_ = counted.reduce((sum, row) => sum + row.at(-1)!, 0);
  await connection.run(`DROP TABLE ${compared}`);
  return { weights, compared: compared_ };
}

/**
 * How often two entries at random agree on each field: exactly by counting, the levels below from a sample of pairs. The sample is drawn by the entries' own
 * numbers, so that one entry more or less leaves it as it was: rare levels are seen a few times only, and another draw would weigh them differently.
 */
async function chances(
  connection: DuckDBConnection,
  rules: MatchRules,
  named: readonly { readonly name: string; readonly most: number }[],
  entries: number,
): Promise<number[][]> {
  const steps = Math.max(1, Math.ceil(SAMPLE / entries));
  const rows = Math.min(entries, SAMPLE);
  const sampled = (
    await connection.runAndReadAll(`WITH mixed AS (SELECT e.*, row_number() OVER (ORDER BY hash(r.source, r.source_id), e.idx) - 1 AS place FROM ${ENTRIES} AS e JOIN ${RAW} AS r USING (idx) QUALIFY place < ${rows})
    SELECT ${named.map(({ name }, i) => `${levelSql(rules, name, "x", "y")} AS l${i}`).join(", ")}, count(*) FROM range(1, ${steps + 1}) AS s(step) JOIN mixed AS x ON true JOIN mixed AS y ON y.place = (x.place + s.step) % ${rows} WHERE y.idx <> x.idx GROUP BY ALL`)
  )
    .getRowsJson()
    .map((row) => row.map(Number));
  const u: number[][] = [];
  for (const [f, { name, most }] of named.entries()) {
    const counts = Array.from({ length: most + 1 }, () => 0.5);
    for (const row of sampled) if (row[f]! >= 0) counts[row[f]!]! += row.at(-1)!;
    const [same, known] = (
      await connection.runAndReadAll(
        `SELECT sum(n * (n - 1)), sum(n) FROM (SELECT count(*)::DOUBLE AS n FROM ${ENTRIES} WHERE ${field(name)} IS NOT NULL GROUP BY ${field(name)})`,
      )
    )
      .getRowsJson()[0]!
      .map(Number) as [number, number];
    const exact = Math.max(0.5, same) / Math.max(1, known * (known - 1));
    const rest = counts.slice(0, most).reduce((sum, n) => sum + n, 0);
    u.push([...counts.slice(0, most).map((n) => (n / rest) * (1 - exact)), Math.min(0.999, exact)]);
  }
  return u;
}
