/** Plans as data: every golden case's plan is JSON that says all there is to say, and rules change no answer. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assemble } from "../../../../engine/query/answer/result.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { compileQuery, foldQuery } from "../../../../engine/query/plan/compile.ts";
import type { QueryPlan } from "../../../../engine/query/plan/logical/nodes.ts";
import type { PlanContext } from "../../../../engine/query/plan/plan-context.ts";
import { RULES } from "../../../../engine/query/plan/rules/optimise.ts";
import type { Rule } from "../../../../engine/query/plan/rules/rule.ts";
import { printDuckdb } from "../../../../engine/sql/print-duckdb.ts";
import { defineCube } from "../../../../engine/model/index.ts";
import { difference, goldenProject, goldenTables, readCases } from "../../golden/_golden.ts";
import { openShop } from "../../support/shop.ts";

const ROLLUPS = {
  daily: {
    dimensions: ["date.day", "customer.country", "customer.region", "product.category"],
    measures: ["revenue", "lines", "orders"],
  },
  monthly: { dimensions: ["date.month", "customer.country"], measures: ["revenue", "web_revenue"] },
};
const cases = readCases();
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  const cubes = goldenProject.cubes.map((cube) =>
    cube.name === "sales" ? defineCube({ ...cube, rollups: ROLLUPS }) : cube,
  );
  shop = await openShop({ ...goldenProject, cubes }, goldenTables);
});
afterAll(() => shop.close());

/** What a query is planned with, new each time: nothing that was remembered takes part. */
const contextOf = (query: Query): PlanContext => {
  const { history, timeZone, now } = shop.engine.prepare(query).resolved;
  return shop.engine.context(history, timeZone, now).plan;
};

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

test.each(cases)("the plan is JSON from which the same statement is made: $name", async ({ query }) => {
  const { compiled, printed } = await shop.engine.planAnswer(query);
  const again = JSON.parse(JSON.stringify(compiled.plan)) as QueryPlan;
  expect(again).toStrictEqual(compiled.plan);
  const folded = printDuckdb(foldQuery(frozen(again), contextOf(query)).select);
  expect(folded.sql).toBe(printed.sql);
  expect(folded.parameters).toEqual(printed.parameters);
});

describe("an optimiser's rule changes no answer", () => {
  /** Statements of a rule that are run: those with the most measures. */
  const MOST = 2;
  const queries: readonly Query[] = [
    ...cases.map(({ query }) => query),
    // small rollups alone answer these
    { measures: ["sales.revenue", "sales.lines"], dimensions: ["customer.country", "date.year"], totals: true },
    { measures: ["sales.revenue"], dimensions: ["customer.region"], limit: 2 },
  ];
  let every: readonly ReturnType<typeof planned>[];
  beforeAll(() => {
    every = queries.map((query) => planned(query, RULES));
  });

  const planned = (query: Query, rules: readonly Rule[]): { readonly sql: string; rows(): Promise<Value[][]> } => {
    const { resolved } = shop.engine.prepare(query);
    const compiled = compileQuery(resolved, contextOf(query), rules);
    const printed = printDuckdb(compiled.select);
    let answered: Promise<Value[][]> | undefined;
    const answer = async (): Promise<Value[][]> => {
      const read = await shop.engine.serving.run(printed.sql, printed.parameters, { quick: compiled.quick });
      const { rows, totals = [] } = assemble(resolved, compiled, read);
      return [...rows, ...totals.map(({ row }) => row)].map((row) => Object.values(row));
    };
    return { sql: printed.sql, rows: () => (answered ??= answer()) };
  };

  test.each([...RULES.map(({ name }) => [name] as const), ["all of them"] as const])("%s", async (name) => {
    const rest = name === "all of them" ? [] : RULES.filter((rule) => rule.name !== name);
    const changed = queries.flatMap((query, i) => {
      const [before, after] = [every[i]!, planned(query, rest)];
      return before.sql === after.sql ? [] : [{ query, before, after }];
    });
    expect(changed.length, "the rule applies to some query").toBeGreaterThan(0);
    const telling = changed.sort((a, b) => b.query.measures.length - a.query.measures.length).slice(0, MOST);
    for (const { query, before, after } of telling)
      expect(difference(await after.rows(), await before.rows()), JSON.stringify(query)).toBeNull();
  });
});

test("the most rows of a comparison are those of both sides, whether one scan reads them or two", () => {
  const query: Query = {
    measures: ["sales.revenue"],
    dimensions: ["customer.country"],
    filters: [{ member: "date", operator: "in_range", values: ["2024-02", "2024-04"] }],
    compare: { dimension: "date", to: "previous_period" },
  };
  const { resolved } = shop.engine.prepare(query);
  const planned = (rules: readonly Rule[]): QueryPlan => compileQuery(resolved, contextOf(query), rules).plan;
  const [shared, apart] = [planned(RULES), planned(RULES.filter(({ name }) => name !== "share-scans"))];
  expect([shared.facts.length, apart.facts.length]).toEqual([1, 2]);
  expect(shared.fewRows).toBe(apart.fewRows);
  // a country, and one more for what has none; a compared day is in at most eight cells
  expect(shared.fewRows).toBe((1 + 8) * 4);
});
