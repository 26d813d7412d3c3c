/** A measure may be a truth, a text or a date: the column says so, it is compared as what it is, and nothing is computed from it that it is not made for. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import {
  avg,
  calculated,
  count,
  defineCube,
  defineDateDimension,
  defineProject,
  defineSegment,
  max,
  measure,
  min,
  rank,
  running,
  share,
  shift,
  sum,
  type Filter,
  type Operator,
  type ProjectSpec,
} from "../../../../engine/model/index.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
const f = defineCube({
  name: "f",
  table: "f",
  dimensions: { date: { to: date, on: "d" } },
  attributes: { channel: "channel" },
  measures: {
    revenue: sum("amount"),
    n: count(),
    first_day: min("d"),
    last_at: max("ts"),
    least_word: min("channel"),
    any_web: max({ sql: "channel = 'web'" }),
    busy: calculated("revenue > 100"),
    size: calculated("case when busy then 'big' else 'small' end"),
    busy_before: shift("busy", { months: -1 }),
    first_so_far: running("first_day"),
    placed: rank("first_day", { direction: "asc" }),
    busy_days: sum(measure("flag"), { per: "date" }),
    flag: calculated("case when busy then 1 else 0 end"),
    latest_word: max(measure("least_word"), { per: "date" }),
  },
});
const TABLES = [
  "create table f as select date '2024-01-01' + i::int as d, timestamp '2024-01-01 10:00:00' + to_hours(24 * i) as ts, (1 + i % 50)::decimal(14,2) as amount, case when i % 40 < 35 then 'web' else 'store' end as channel from range(0, 90) r(i)",
];
let t: Tables;
beforeAll(async () => {
  t = await openTables({ cubes: [f], dimensions: [date] }, TABLES);
});
afterAll(() => t.close());
const MONTH = "select date_trunc('month', d)::date as m, * from f";
const within: Filter = { member: "date", operator: "in_range", values: ["2024-02", "2024-03"] };

describe("a measure's type", () => {
  test("is that of its column, and passes to what is computed from it", async () => {
    const names = [
      "revenue",
      "n",
      "first_day",
      "last_at",
      "least_word",
      "any_web",
      "busy",
      "size",
      "busy_before",
      "first_so_far",
      "placed",
      "busy_days",
      "latest_word",
    ];
    const { columns } = await t.engine.query({
      measures: [...names.map((n) => `f.${n}`), { name: "quiet", formula: "not f.busy" }],
      dimensions: ["date.month"],
    });
    expect(columns.slice(1).map((c) => c.type)).toEqual([
      "number",
      "number",
      "date",
      "timestamp",
      "string",
      "boolean",
      "boolean",
      "string",
      "boolean",
      "date",
      "number",
      "number",
      "string",
      "boolean",
    ]);
    expect(columns.slice(1).map((c) => c.format !== undefined)).toEqual(
      columns.slice(1).map((c) => c.type === "number"),
    );
  });
  test("has a change from the period before only where it is a number", async () => {
    const { columns, rows } = await t.engine.query({
      measures: ["f.first_day", "f.busy", "f.size", "f.revenue"],
      filters: [{ member: "date", operator: "in_range", values: ["2024-03"] }],
      compare: { dimension: "date", to: "previous_period" },
      order: [{ member: "f.busy.change" }],
    });
    const [march, february] = (
      await t.sql("select sum(amount) from f where month(d) > 1 group by month(d) order by month(d) desc")
    ).map(([v]) => Number(v)) as [number, number];
    expect(rows).toEqual([
      {
        "f.first_day": "2024-03-01",
        "f.first_day.previous": "2024-02-01",
        "f.first_day.change": null,
        "f.first_day.change_rate": null,
        "f.busy": true,
        "f.busy.previous": true,
        "f.busy.change": null,
        "f.busy.change_rate": null,
        "f.size": "big",
        "f.size.previous": "big",
        "f.size.change": null,
        "f.size.change_rate": null,
        "f.revenue": march,
        "f.revenue.previous": february,
        "f.revenue.change": march - february,
        "f.revenue.change_rate": (march - february) / february,
      },
    ]);
    expect(columns.find((c) => c.name === "f.busy.previous")!.type).toBe("boolean");
    expect(columns.find((c) => c.name === "f.busy.change")!.type).toBe("number");
  });
  test("decides what it is filtered by", async () => {
    const kept = async (
      member: string,
      operator: Operator,
      ...values: (string | number | boolean | null)[]
    ): Promise<unknown[]> =>
      (
        await t.rows({
          measures: ["f.revenue"],
          dimensions: ["date.week"],
          filters: [within, { member, operator, ...(values.length > 0 && { values }) }],
        })
      ).map(([week]) => week);
    const plain = async (having: string): Promise<unknown[]> =>
      (
        await t.sql(
          `select date_trunc('week', d)::date from f where month(d) > 1 group by 1 having ${having} order by 1`,
        )
      ).map(([week]) => week);
    expect(await kept("f.size", "equals", "big")).toEqual(await plain("sum(amount) > 100"));
    expect(await kept("f.size", "gt", "huge")).toEqual(await plain("sum(amount) <= 100"));
    expect(await kept("f.busy", "equals", true)).toEqual(await plain("sum(amount) > 100"));
    expect(await kept("f.busy", "not_equals", true)).toEqual(await plain("sum(amount) <= 100"));
    expect(await kept("f.any_web", "equals", "false")).toEqual(await plain("not max(channel = 'web')"));
    expect(await kept("f.first_day", "gte", "2024-03-01")).toEqual(await plain("min(d) >= '2024-03-01'"));
    expect(await kept("f.last_at", "lt", "2024-02-20T12:00:00")).toEqual(
      await plain("max(ts) < '2024-02-20 12:00:00'"),
    );
    expect(await kept("f.least_word", "in", "web", null)).toEqual(await plain("min(channel) = 'web'"));
    expect(await kept("f.revenue", "in", "175", 182)).toEqual(await plain("sum(amount) in (175, 182)"));
    for (const [member, value] of [
      ["f.size", 1],
      ["f.busy", "perhaps"],
      ["f.first_day", "soon"],
      ["f.revenue", "big"],
    ] as const)
      expect(
        await t.refused({ measures: ["f.n"], filters: [{ member, operator: "equals", values: [value] }] }),
      ).toMatchObject({ code: "filter-invalid", place: "$.filters[0]" });
    expect(
      (
        await t.rows({
          measures: ["f.n", { name: "large", formula: "f.revenue > 180" }],
          dimensions: ["date.week"],
          filters: [within, { member: "large", operator: "equals", values: [true] }],
        })
      ).map(([week]) => week),
    ).toEqual(await plain("sum(amount) > 180"));
  });
  test("allows a boolean in a case, and refuses to add it", async () => {
    expect(
      await t.rows({
        measures: [{ name: "x", formula: "case when f.busy and f.any_web then f.revenue else 0 end" }],
        dimensions: ["date.month"],
      }),
    ).toEqual(
      await t.sql(
        `select m, case when sum(amount) > 100 and max(channel = 'web') then sum(amount) else 0 end from (${MONTH}) group by 1 order by 1`,
      ),
    );
    expect(
      await t.rows({
        measures: [{ name: "x", formula: "coalesce(f.least_word, 'none') = 'store'" }],
        dimensions: ["date.month"],
      }),
    ).toEqual(await t.sql(`select m, min(channel) = 'store' from (${MONTH}) group by 1 order by 1`));
    for (const formula of [
      "f.size + 1",
      "f.busy + 1",
      "f.least_word * 2",
      "f.first_day - 1",
      "f.busy > 1",
      "case when f.size then 1 end",
      "case when f.busy then 1 else 'a' end",
      "abs(f.last_at)",
    ])
      expect(await t.refused({ measures: [{ name: "x", formula }] }), formula).toMatchObject({
        code: "formula-invalid",
        place: "$.measures[0].formula",
      });
  });
});

describe("a model with measures of the wrong types", () => {
  const spec = (measures: object): ProjectSpec =>
    defineProject({
      name: "p",
      warehouse: { path: "unused" },
      dimensions: [date],
      cubes: [defineCube({ ...f, measures: { ...f.measures, ...measures } } as unknown as typeof f)],
    } as unknown as ProjectSpec);
  test("is refused as far as declarations show, all at once", () => {
    expect(
      resolveModel(
        spec({
          a: calculated("size + 1"),
          b: share("busy", { of: "total" }),
          c: avg(measure("size"), { per: "date" }),
          d: calculated("a * 2"),
          e: calculated("revenue > 1", { fill: 0 }),
          fine: calculated("least_word = 'web'"),
        }),
      ).problems.map((p) => [p.place, p.code, p.message]),
    ).toEqual([
      ["f.a", "formula-invalid", expect.stringContaining("+ needs a number, not a text") as string],
      ["f.b", "model-invalid", "a share is a part of a number; f.busy is a boolean"],
      ["f.c", "model-invalid", "avg takes numbers; f.size is a text"],
      ["f.e", "model-invalid", "`fill` is a number; the measure is a boolean"],
    ]);
  });
  test("is refused by the query where only the warehouse has the types", async () => {
    const wrong = await openTables(
      {
        cubes: [
          defineCube({
            ...f,
            measures: {
              ...f.measures,
              word_share: share("least_word", { of: "total" }),
              next_word: calculated("least_word + 1"),
              filled: min("channel", { fill: 0 }),
            },
          } as unknown as typeof f),
        ],
        dimensions: [date],
        segments: [defineSegment({ name: "s", over: "date", filters: [] })].slice(1),
      },
      TABLES,
    );
    expect(await wrong.refused({ measures: ["f.word_share"], dimensions: ["date.month"] })).toMatchObject({
      code: "model-invalid",
      place: "f.word_share",
      message: "f.word_share: a share is a part of a number; f.least_word is a text",
    });
    expect(await wrong.refused({ measures: ["f.next_word"] })).toMatchObject({
      code: "formula-invalid",
      place: "f.next_word",
    });
    expect(await wrong.refused({ measures: ["f.filled"] })).toMatchObject({ code: "model-invalid", place: "f.filled" });
    await wrong.close();
  });
});
