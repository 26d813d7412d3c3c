/** A count is 0 where it looked and found nothing, and null where there was nowhere to look. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  averageOverTime,
  count,
  defineCube,
  defineProject,
  rolling,
  running,
  shift,
  sum,
} from "../../../../engine/model/index.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { date, openShop, project, stock } from "../../support/shop.ts";

const events = defineCube({
  name: "events",
  table: "events",
  dimensions: { date: { to: date, on: "day" } },
  attributes: { kind: "kind" },
  measures: {
    events: count(),
    value: sum("value"),
    last_year: shift("events", { years: -1 }),
    last_month: shift("events", { months: -1 }),
    so_far: running("events"),
    in_range: running("events", { within: "range" }),
    in_range_before: shift("in_range", { months: -1 }),
  },
});
const TABLES = [
  // nothing in April and May 2024; two events without a day; one a day in week 53 of 2020, none in week 53's place of 2021
  "create table events as select d::date as day, 'a' as kind, 1 as value from generate_series(date '2020-12-01', date '2021-12-31', interval 1 day) t(d) union all select date '2024-01-15' + (31 * i)::int, 'b', 1 from range(0, 3) r(i) union all select null, 'a', 5 from range(2)",
];
const moved = defineCube({
  ...stock,
  name: "stock_moved",
  measures: {
    average: averageOverTime("quantity", { over: "date" }),
    last_month: shift("average", { months: -1 }),
    rolling: rolling("average", { days: 14 }),
    so_far: running("average"),
  },
});
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(defineProject({ ...project, segments: [], cubes: [...project.cubes, events, moved] }), TABLES);
});
afterAll(() => shop.close());
const rows = async (query: Query): Promise<Value[][]> => {
  const r = await shop.engine.query(query);
  return r.rows.map((row) => r.columns.map((c) => row[c.name]!));
};
const within = (...values: string[]) => ({ member: "date", operator: "in_range" as const, values });

describe("counts", () => {
  test("week 53 has no partner in a year of 52 weeks", async () => {
    expect(
      await rows({
        measures: ["events.events"],
        dimensions: ["date.week"],
        filters: [within("2020-12-21", "2021-01-10")],
        compare: { dimension: "date", to: { by: "1 year" } },
      }),
    ).toEqual([
      ["2020-12-21", 7, 5, 2, 0.4],
      ["2020-12-28", 7, null, null, null],
      ["2021-01-04", 7, 0, 7, null],
    ]);
    expect(
      await rows({
        measures: ["events.last_year", "events.events"],
        dimensions: ["date.week"],
        filters: [within("2021-12-27", "2022-01-02")],
      }),
    ).toEqual([["2021-12-27", 7, 5]]);
    expect(
      await rows({
        measures: ["events.last_year", "events.events"],
        dimensions: ["date.week"],
        filters: [within("2020-12-28", "2021-01-03")],
      }),
    ).toEqual([["2020-12-28", null, 7]]);
  });
  test("a month without a partner in a shorter range is null, a month with an empty partner 0", async () => {
    expect(
      await rows({
        measures: ["events.events"],
        dimensions: ["date.month"],
        filters: [within("2021-01", "2021-03")],
        compare: { dimension: "date", to: { range: ["2024-04-01", "2024-05-31"] } },
      }),
    ).toEqual([
      ["2021-01-01", 31, 0, 31, null],
      ["2021-02-01", 28, 0, 28, null],
      ["2021-03-01", 31, null, null, null],
    ]);
  });
  test("a window that would end before the range begins is empty, whatever else is asked for", async () => {
    expect(
      await rows({
        measures: ["events.events", "events.in_range_before"],
        dimensions: ["date.month"],
        filters: [within("2021-03", "2021-03")],
      }),
    ).toEqual([["2021-03-01", 31, 0]]);
    expect(
      await rows({
        measures: ["events.in_range_before"],
        dimensions: ["date.month"],
        filters: [within("2021-03", "2021-03")],
      }),
    ).toEqual([]);
    const { rows: none, totals } = await shop.engine.query({
      measures: ["events.in_range_before"],
      dimensions: ["date.month"],
      filters: [within("2021-03", "2021-03")],
      totals: true,
    });
    expect([none, totals]).toEqual([[], [{ level: [], row: { "events.in_range_before": 0 } }]]);
  });
  test("a weekday that the compared range lacks is null", async () => {
    expect(
      await rows({
        measures: ["events.events"],
        dimensions: ["date.day_of_week"],
        filters: [within("2021-01-04", "2021-01-10")],
        compare: { dimension: "date", to: { range: ["2024-04-01", "2024-04-02"] } },
      }),
    ).toEqual([[1, 1, 0, 1, null], [2, 1, 0, 1, null], ...[3, 4, 5, 6, 7].map((d) => [d, 1, null, null, null])]);
  });
  test("an unknown date has no month before it and nothing runs up to it", async () => {
    const found = await rows({
      measures: ["events.events", "events.last_month", "events.so_far"],
      dimensions: ["date.year"],
    });
    expect(found.at(-1)).toEqual([null, 2, null, null]);
    // and days outside the calendar are counted, but have no window
    expect(found[0]).toEqual(["2020-01-01", 31, null, null]);
  });
  test("a total has its window whole", async () => {
    const { totals } = await shop.engine.query({
      measures: ["events.events"],
      dimensions: ["date.month"],
      filters: [within("2021-01", "2021-03")],
      compare: { dimension: "date", to: { range: ["2024-04-01", "2024-05-31"] } },
      totals: true,
    });
    expect(totals![0]!.row).toMatchObject({ "events.events": 90, "events.events.previous": 0 });
  });
});

test("an average over time that is moved divides by the days that it was moved to", async () => {
  const found = await rows({
    measures: ["stock_moved.last_month", "stock_moved.rolling", "stock_moved.so_far"],
    dimensions: ["date.month"],
    filters: [within("2024-03")],
  });
  const one = async (from: string, until: string, days: number): Promise<number> =>
    Number(
      (
        await shop.sql(`select sum(quantity)::double / ${days} n from stock where day between '${from}' and '${until}'`)
      )[0]!["n"],
    );
  expect(found).toEqual([
    [
      "2024-03-01",
      await one("2024-02-01", "2024-02-29", 29),
      await one("2024-03-18", "2024-03-31", 14),
      await one("2024-01-01", "2024-03-31", 91),
    ],
  ]);
});

test("halves have a plural", async () => {
  expect(await rows({ measures: ["events.events"], filters: [within("last 2 halves")], now: "2022-03-01" })).toEqual([
    [365],
  ]);
});

describe("filled dates", () => {
  test("an event without a day keeps its row", async () => {
    expect(
      (await rows({ measures: ["events.events"], dimensions: ["events.kind", "date.year"], fillDates: true })).filter(
        ([kind, year]) => kind === "a" && (year === null || year === "2020-01-01"),
      ),
    ).toEqual([
      ["a", "2020-01-01", 31],
      ["a", null, 2],
    ]);
  });
  test("a filled period counts 0 on both sides of a comparison", async () => {
    expect(
      await rows({
        measures: ["events.events"],
        dimensions: ["events.kind", "date.month"],
        filters: [within("2024-01", "2024-04")],
        compare: { dimension: "date", to: { range: ["2021-01-01", "2021-03-31"] } },
        fillDates: true,
      }),
    ).toEqual([
      ["a", "2024-01-01", 0, 31, -31, -1],
      ["a", "2024-02-01", 0, 28, -28, -1],
      ["a", "2024-03-01", 0, 31, -31, -1],
      ["a", "2024-04-01", 0, null, null, null],
      ["b", "2024-01-01", 1, 0, 1, null],
      ["b", "2024-02-01", 1, 0, 1, null],
      ["b", "2024-03-01", 1, 0, 1, null],
      ["b", "2024-04-01", 0, null, null, null],
    ]);
  });
  test("measure filters decide on filled periods too, and leave out for good what does not pass", async () => {
    const query: Query = {
      measures: ["events.events"],
      dimensions: ["date.month"],
      filters: [within("2024-02", "2024-05"), { member: "events.events", operator: "lt", values: [1] }],
      fillDates: true,
    };
    expect(await rows(query)).toEqual([
      ["2024-04-01", 0],
      ["2024-05-01", 0],
    ]);
    expect(
      await rows({
        ...query,
        filters: [within("2024-02", "2024-05"), { member: "events.events", operator: "gte", values: [1] }],
      }),
    ).toEqual([
      ["2024-02-01", 1],
      ["2024-03-01", 1],
    ]);
  });
  test("formulas of counts are computed in filled periods", async () => {
    expect(
      await rows({
        measures: [{ name: "twice", formula: "events.events * 2" }],
        dimensions: ["date.month"],
        filters: [within("2024-03", "2024-04")],
        fillDates: true,
      }),
    ).toEqual([
      ["2024-03-01", 2],
      ["2024-04-01", 0],
    ]);
  });
});
