/** Nothing above the printer assumes DuckDB: an odd dialect says every golden case in its own words. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AGGREGATES, aggregateSql, type Aggregate } from "../../../engine/model/aggregates.ts";
import { column, dayLiteral, type Select } from "../../../engine/sql/tree.ts";
import { printDuckdb } from "../../../engine/sql/print-duckdb.ts";
import { printPostgres } from "../../../engine/sql/print-postgres.ts";
import { openGolden, readCases, type GoldenShop } from "../golden/_golden.ts";
import { printOdd } from "./_odd-dialect.ts";

const cases = readCases();
let shop: GoldenShop;
beforeAll(async () => {
  shop = await openGolden();
});
afterAll(() => shop.close());

/** Without texts and quoted names, which belong to data and model. */
const bare = (sql: string): string => sql.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/"(?:[^"]|"")*"/g, '""');

/** The words of SQL itself; everything else that is called must be the dialect's. */
const KEYWORDS = "all and as by cast from grouping in join not on or over select sets then union values when where";
/** Called in expressions that authors of the golden model wrote in the warehouse's own SQL. */
const AUTHORS = ["left"];

test.each(cases)("in an odd dialect: $name", ({ query }) => {
  const { compiled, printed } = shop.engine.prepare(query);
  const { sql, written } = printOdd(compiled.select);
  expect(written).toBe(printed.parameters.length);
  const plain = bare(sql);
  expect(plain).not.toMatch(
    /\$\d|::|\binterval\b|\brecursive\b|\bfilter\b|\bis (not )?true\b|\bmaterialized\b|distinct from|\blimit \d+ offset/,
  );
  const types = new Set([...plain.matchAll(/\bas (\w+)\)/g)].map((match) => match[1]!));
  expect([...types].filter((type) => !type.startsWith("odd_"))).toEqual([]);
  const called = new Set([...plain.matchAll(/\b([a-z]\w*) ?\(/g)].map((match) => match[1]!));
  const known = [...KEYWORDS.split(" "), ...AUTHORS];
  expect([...called].filter((name) => !name.startsWith("odd_") && !known.includes(name))).toEqual([]);
  expect(plain.split("(").length).toBe(plain.split(")").length);
});

test("the odd dialect prints what it lacks in its own way", () => {
  const texts = cases.map(({ query }) => printOdd(shop.engine.prepare(query).compiled.select).sql).join("\n");
  for (const part of [
    /over \(/,
    /case when .* end\) over \(/,
    /odd_later\(.*, 'days'\)/,
    /odd_true\(/,
    /odd_false_or_null\(/,
    /~above"/,
    /odd_month\(/,
    /odd_local_time\(/,
  ])
    expect(texts).toMatch(part);
  const select: Select = { t: "select", columns: [{ expr: dayLiteral(0), as: "d" }], limit: 10, offset: 20 };
  expect(printOdd(select).sql).toBe(`select odd_day('1970-01-01') as "d" offset 20 rows limit 10`);
  expect(printDuckdb(select).sql).toBe(`select date '1970-01-01' as "d" limit 10 offset 20`);
});

describe("each aggregate is one row", () => {
  const of = column(null, "x");
  test.each(Object.keys(AGGREGATES) as Aggregate[])("%s is printed in every dialect", (name) => {
    const quantile = name === "quantile" ? { quantile: 0.9 } : {};
    const select: Select = {
      t: "select",
      columns: [{ expr: { t: "aggregate", name, of, filter: null, ...quantile }, as: "v" }],
    };
    const { sql } = AGGREGATES[name];
    const said = (template: string): string => template.replace("$of", '"x"').replace("$q", "0.9");
    expect(printDuckdb(select).sql).toBe(`select ${said(sql.all)} as "v"`);
    expect(printPostgres(select).sql).toBe(`select ${said(sql["postgres"] ?? sql.all)} as "v"`);
    expect(printOdd(select).sql).toBe(`select odd_${name}("x"${name === "quantile" ? ", 0.9" : ""}) as "v"`);
  });
  test("what adds up is merged by a function that adds up itself", () => {
    for (const { merge } of Object.values(AGGREGATES)) if (merge !== null) expect(AGGREGATES[merge].merge).toBe(merge);
  });
  test("a quantile without its place is a mistake of ours", () => {
    expect(() => aggregateSql("quantile", "duckdb", "x", undefined)).toThrow("needs a quantile");
  });
});
