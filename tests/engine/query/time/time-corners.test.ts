/** Where windows of days meet what makes them odd: gaps in the days asked for, changes of changes, levels that repeat, zones, and dates that mean never. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  averageOverTime,
  avg,
  count,
  defineCube,
  defineDateDimension,
  defineProject,
  measure,
  rolling,
  running,
  shift,
  sum,
  toDate,
  type ProjectSpec,
} from "../../../../engine/model/index.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { openShop, project, sales } from "../../support/shop.ts";

const date = defineDateDimension({ name: "day", from: "2023-01-01", until: "2024-12-31" });
const auto = defineDateDimension({ name: "auto", from: "auto", until: "auto" });
const weeks = defineDateDimension({
  name: "retail",
  from: "2023-01-01",
  until: "2024-12-31",
  fiscalYearStart: 2,
  fiscalWeeks: { pattern: "4-5-4", yearEnds: "nearest" },
});
const facts = defineCube({
  name: "facts",
  table: "facts",
  dimensions: { day: { to: date, on: "day" }, retail: { to: weeks, on: "day" } },
  measures: {
    n: count(),
    v: sum("v"),
    last_month: shift("v", { months: -1 }),
    last_year: shift("v", { years: -1 }),
    run: running("v"),
    run_here: running("v", { within: "range" }),
    ytd: toDate("v", "year"),
    average: averageOverTime("v", { over: "day" }),
    ytd_ly: toDate("last_year", "year"),
    run_lm: running("last_month"),
    rolling_lm: rolling("last_month", { days: 3 }),
    wtd: toDate("last_year", "year"),
    retail_lm: shift("v", { months: -1 }, { over: "retail" }),
    each_day: avg(measure("v"), { per: "day" }),
    each_day_6h: rolling("each_day", { hours: 6 }),
  },
});
const odd = defineCube({
  name: "odd",
  table: "odd",
  dimensions: { day: { to: date, on: "day" }, auto: { to: auto, on: "day" } },
  measures: {
    v: sum("v"),
    n: count(),
    run: running("v"),
    runs: running("n"),
    run_auto: running("v", { over: "auto" }),
  },
});
const moments = defineCube({
  name: "moments",
  table: "moments",
  dimensions: { moment: { to: auto, on: "at" } },
  measures: {
    n: count(),
    run: running("n"),
    average: averageOverTime("one", { over: "moment" }),
    last_24h: rolling("n", { hours: 24 }),
  },
});
const TABLES = [
  // 1 on 1 January 2023, 2 the day after, and so on
  "create table facts as select d::date as day, 1 + datediff('day', date '2023-01-01', d::date) as v from generate_series(date '2023-01-01', date '2024-12-31', interval 1 day) t(d)",
  "create table odd as select * from (values (date '2024-01-05', 1), (date '2024-02-05', 2), (date '2024-03-05', 4), (date '0001-01-01', 100), (date '9999-12-31', 1000), ('infinity'::date, 5000), ('-infinity'::date, 10000)) t(day, v)",
  "create table moments as select t as at, 1 as one from generate_series(timestamptz '2024-04-05 00:00:00+00', timestamptz '2024-04-09 00:00:00+00', interval 15 minute) s(t) union all select t, 1 from generate_series(timestamptz '2024-10-24 00:00:00+00', timestamptz '2024-10-29 00:00:00+00', interval 15 minute) s(t) union all select timestamptz '2024-12-31 20:00:00+00', 1 from range(5)",
];
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(
    defineProject({ ...project, segments: [], cubes: [...project.cubes, facts, odd, moments] }),
    TABLES,
  );
});
afterAll(() => shop.close());
const rows = async (query: Query): Promise<Value[][]> => {
  const r = await shop.engine.query({ limit: 100_000, ...query });
  return r.rows.map((row) => r.columns.map((c) => row[c.name]!));
};
const total = async (query: Query): Promise<Value[]> => (await rows({ ...query, dimensions: [] }))[0]!;
const sums = async (ranges: readonly (readonly [string, string])[]): Promise<(number | null)[]> =>
  Promise.all(
    ranges.map(async ([from, until]) => {
      const [row] = await shop.sql(`select sum(v)::bigint as v from facts where day between '${from}' and '${until}'`);
      return row!["v"] === null ? null : Number(row!["v"]);
    }),
  );
const within = (...values: string[]) => ({ member: "day", operator: "in_range" as const, values });

describe("days with gaps between them", () => {
  const months = { member: "day.month", operator: "in" as const, values: ["2024-03-01", "2024-05-01"] };
  test("are the cells of a shift: each month reads the month before it, and no other month appears", async () => {
    const [feb, apr, mar, may] = await sums([
      ["2024-02-01", "2024-02-29"],
      ["2024-04-01", "2024-04-30"],
      ["2024-03-01", "2024-03-31"],
      ["2024-05-01", "2024-05-31"],
    ]);
    expect(
      await rows({ measures: ["facts.v", "facts.last_month"], dimensions: ["day.month"], filters: [months] }),
    ).toEqual([
      ["2024-03-01", mar, feb],
      ["2024-05-01", may, apr],
    ]);
    expect(await total({ measures: ["facts.v", "facts.last_month"], filters: [months] })).toEqual([
      mar! + may!,
      feb! + apr!,
    ]);
    expect(await rows({ measures: ["facts.last_month"], dimensions: ["day.year"], filters: [months] })).toEqual([
      ["2024-01-01", feb! + apr!],
    ]);
  });
  test("do not stop what runs to a day: facts in the gaps count, as the range is the window's end and not its days", async () => {
    const [marYtd, mayYtd] = await sums([
      ["2024-01-01", "2024-03-31"],
      ["2024-01-01", "2024-05-31"],
    ]);
    const either = { or: [within("2024-03"), within("2024-05")] };
    for (const filter of [months, either])
      expect(await rows({ measures: ["facts.ytd"], dimensions: ["day.month"], filters: [filter] })).toEqual([
        ["2024-03-01", marYtd],
        ["2024-05-01", mayYtd],
      ]);
    expect(await total({ measures: ["facts.ytd"], filters: [months] })).toEqual([mayYtd]);
  });
  test("are averaged over their own number", async () => {
    const [mar, may] = await sums([
      ["2024-03-01", "2024-03-31"],
      ["2024-05-01", "2024-05-31"],
    ]);
    expect((await total({ measures: ["facts.average"], filters: [months], now: "2024-12-31" }))[0]).toBeCloseTo(
      (mar! + may!) / 62,
      9,
    );
  });
  test("may be what a negation leaves", async () => {
    const [q1, half] = await sums([
      ["2024-01-01", "2024-03-31"],
      ["2024-01-01", "2024-09-30"],
    ]);
    expect(
      await rows({
        measures: ["facts.ytd"],
        dimensions: ["day.quarter"],
        filters: [within("2024"), { not: within("2024-Q2") }, { not: within("2024-Q4") }],
      }),
    ).toEqual([
      ["2024-01-01", q1],
      ["2024-07-01", half],
    ]);
  });
  test("are not compared: a comparison needs one range", async () => {
    await expect(
      rows({ measures: ["facts.v"], filters: [months], compare: { dimension: "day", to: "previous_year" } }),
    ).rejects.toMatchObject({ code: "query-invalid", message: expect.stringContaining("gaps") });
  });
});

describe("a change of a change", () => {
  test("by the day keeps its window: a shifted year to date is the other year's to the same day", async () => {
    const want = await sums([
      ["2023-01-01", "2023-03-01"],
      ["2023-01-01", "2023-03-02"],
    ]);
    expect(
      await rows({
        measures: ["facts.ytd_ly"],
        dimensions: ["day.day"],
        filters: [within("2024-03-01", "2024-03-02")],
      }),
    ).toEqual([
      ["2024-03-01", want[0]],
      ["2024-03-02", want[1]],
    ]);
    const running = await sums([
      ["2023-01-01", "2024-02-01"],
      ["2023-01-01", "2024-02-02"],
    ]);
    expect(
      await rows({
        measures: ["facts.run_lm"],
        dimensions: ["day.day"],
        filters: [within("2024-03-01", "2024-03-02")],
      }),
    ).toEqual([
      ["2024-03-01", running[0]],
      ["2024-03-02", running[1]],
    ]);
  });
  test("of three days by a month reads the same three day numbers, without those that the other month lacks", async () => {
    const want = await sums([
      ["2024-02-26", "2024-02-28"],
      ["2024-02-29", "2024-02-29"],
    ]);
    expect(
      await rows({
        measures: ["facts.rolling_lm"],
        dimensions: ["day.day"],
        filters: [within("2024-03-28", "2024-03-28")],
      }),
    ).toEqual([["2024-03-28", want[0]]]);
    expect(
      await rows({
        measures: ["facts.rolling_lm"],
        dimensions: ["day.day"],
        filters: [within("2024-03-31", "2024-03-31")],
      }),
    ).toEqual([["2024-03-31", want[1]]]);
  });
  test("by the week is not moved to the other year's weeks, but to its days", async () => {
    const [want] = await sums([["2023-01-01", "2023-03-10"]]);
    expect(
      await rows({
        measures: ["facts.ytd_ly"],
        dimensions: ["day.week"],
        filters: [within("2024-03-04", "2024-03-10")],
      }),
    ).toEqual([["2024-03-04", want]]);
  });
});

test("a running total within the range is compared with that of the other range", async () => {
  const [now, before] = await sums([
    ["2024-03-01", "2024-03-31"],
    ["2023-03-01", "2023-03-31"],
  ]);
  expect(
    (
      await rows({
        measures: ["facts.run_here"],
        dimensions: ["day.month"],
        filters: [within("2024-03")],
        compare: { dimension: "day", to: "previous_year" },
      })
    )[0]!.slice(1, 3),
  ).toEqual([now, before]);
});

test("a part of a half-year is compared with a part of another half, by year and half", async () => {
  const [now, before] = await sums([
    ["2024-07-21", "2024-12-31"],
    ["2024-02-01", "2024-04-15"],
  ]);
  const found = await rows({
    measures: ["facts.v"],
    dimensions: ["day.year", "day.half"],
    filters: [within("2024-07-21", "2024-12-31")],
    compare: { dimension: "day", to: { range: ["2024-02-01", "2024-04-15"] } },
  });
  expect(found.map((row) => row.slice(0, 4))).toEqual([["2024-01-01", "2024-07-01", now, before]]);
});

describe("levels that repeat", () => {
  test("are averaged over all days that show them", async () => {
    const ones = await rows({
      measures: ["moments.average"],
      dimensions: ["moment.day_of_month"],
      filters: [{ member: "moment", operator: "in_range", values: ["2024-04-06", "2024-04-08"] }],
      now: "2024-12-31",
    });
    expect(ones).toEqual([
      [6, 96],
      [7, 96],
      [8, 96],
    ]);
    const [weekend, rest] = (
      await shop.sql(
        "select sum(v) filter (where isodow(day) > 5)::double / count(*) filter (where isodow(day) > 5) as w, sum(v) filter (where isodow(day) <= 5)::double / count(*) filter (where isodow(day) <= 5) as r from facts where day between '2024-01-01' and '2024-02-29'",
      )
    ).flatMap((r) => [Number(r["w"]), Number(r["r"])]);
    const found = await rows({
      measures: ["facts.average"],
      dimensions: ["day.is_weekend"],
      filters: [within("2024-01-01", "2024-02-29")],
      now: "2024-12-31",
    });
    expect(found.map(([k, v]) => [k, Math.round((v as number) * 1e6)])).toEqual([
      [false, Math.round(rest! * 1e6)],
      [true, Math.round(weekend! * 1e6)],
    ]);
  });
  test("by the day of the month read the same number of the month before, and nothing where it has none", async () => {
    const want = await sums([
      ["2024-02-28", "2024-02-28"],
      ["2024-02-29", "2024-02-29"],
    ]);
    expect(
      await rows({
        measures: ["facts.v", "facts.last_month"],
        dimensions: ["day.day_of_month"],
        filters: [within("2024-03-28", "2024-03-31")],
      }),
    ).toEqual([
      [28, 453, want[0]],
      [29, 454, want[1]],
      [30, 455, null],
      [31, 456, null],
    ]);
  });
  test("next to a period are compared with the same value of the previous period", async () => {
    const want = (
      await shop.sql(
        "select isodow(day) > 5 as w, sum(v) filter (where month(day) = 3)::bigint as now, sum(v) filter (where month(day) = 2)::bigint as before from facts where day between '2024-02-01' and '2024-03-31' group by 1 order by 1",
      )
    ).map((r) => [r["w"], Number(r["now"]), Number(r["before"])]);
    expect(
      (
        await rows({
          measures: ["facts.v"],
          dimensions: ["day.month", "day.is_weekend"],
          filters: [within("2024-03")],
          compare: { dimension: "day", to: "previous_period" },
        })
      ).map((r) => r.slice(1, 4)),
    ).toEqual(want);
  });
});

test("a fiscal period of weeks that the range cuts is moved by as many days as were asked for", async () => {
  // 4-5-4 from the Monday nearest to 1 February: the period that begins on 26 February 2024 has five weeks, the one before four
  const [start] = (
    await rows({
      measures: ["facts.v"],
      dimensions: ["retail.fiscal_period"],
      filters: [{ member: "retail", operator: "in_range", values: ["2024-03-10", "2024-03-10"] }],
    })
  )[0]!;
  const [before] = (
    await rows({
      measures: ["facts.v"],
      dimensions: ["retail.fiscal_period"],
      filters: [{ member: "retail", operator: "in_range", values: ["2024-02-10", "2024-02-10"] }],
    })
  )[0]!;
  const [want] = (
    await shop.sql(
      `select sum(v)::bigint as v from facts where day between date '${String(before)}' and date '${String(before)}' + 9`,
    )
  ).map((r) => Number(r["v"]));
  const until = new Date(Date.parse(String(start)) + 9 * 86_400_000).toISOString().slice(0, 10);
  expect(
    await rows({
      measures: ["facts.retail_lm"],
      dimensions: ["retail.fiscal_period"],
      filters: [{ member: "retail", operator: "in_range", values: [String(start), until] }],
    }),
  ).toEqual([[start, want]]);
});

test("a shift without dates moves the whole calendar, as its rows do", async () => {
  const { rows: months, totals } = await shop.engine.query({
    measures: ["facts.last_month"],
    dimensions: ["day.month"],
    totals: true,
  });
  expect(totals![0]!.row["facts.last_month"]).toBe(
    months.reduce((n, row) => n + Number(row["facts.last_month"] ?? 0), 0),
  );
});

describe("dates that mean never", () => {
  test("stretch no calendar and stop no running total: what lies before counts, what lies after does not", async () => {
    expect(
      await rows({
        measures: ["odd.run", "odd.runs"],
        dimensions: ["day.month"],
        filters: [within("2024-01", "2024-03")],
      }),
    ).toEqual([
      ["2024-01-01", 10_101, 3],
      ["2024-02-01", 10_103, 4],
      ["2024-03-01", 10_107, 5],
    ]);
    expect(await rows({ measures: ["odd.run_auto"], dimensions: ["auto.week"] })).toHaveLength(10);
    expect(await total({ measures: ["odd.v", "odd.run"] })).toEqual([16_107, 10_107]);
  });
});

describe("zones", () => {
  test("an evening fact that is the next year's elsewhere is in that zone's running total", async () => {
    const query: Query = { measures: ["moments.n", "moments.run"], timeZone: "Asia/Shanghai" };
    const [n, run] = await total(query);
    expect(run).toBe(n);
    expect(
      await rows({
        ...query,
        dimensions: ["moment.day"],
        filters: [{ member: "moment", operator: "gte", values: ["2024-12-31"] }],
      }),
    ).toEqual([
      ["2024-12-31", 0, Number(n) - 5],
      ["2025-01-01", 5, n],
    ]);
  });
  test("a day whose midnight the clock shows twice begins with the first", async () => {
    for (const zone of ["Atlantic/Azores", "America/Havana"])
      for (const day of ["2024-10-26", "2024-10-27", "2024-10-28"]) {
        const [want] = (
          await shop.sql(`select count(*) as n from moments where ("at" at time zone '${zone}')::date = '${day}'`)
        ).map((r) => Number(r["n"]));
        expect(
          await total({
            measures: ["moments.n"],
            filters: [{ member: "moment", operator: "equals", values: [day] }],
            timeZone: zone,
          }),
        ).toEqual([want]);
      }
  });
  test("an hour that the clock shows twice with another between is one cell", async () => {
    const hours = await rows({
      measures: ["moments.n", "moments.last_24h"],
      dimensions: ["moment.hour"],
      filters: [{ member: "moment", operator: "equals", values: ["2024-04-07"] }],
      timeZone: "Pacific/Chatham",
    });
    expect(hours).toHaveLength(24);
    // 96 quarters of an hour to the end of each: 02 and 03 have 7 of their own, and end later
    expect(hours.filter(([hour]) => /T0[23]/.test(String(hour)))).toEqual(
      [
        ["2024-04-07T02:00:00", 6, 96],
        ["2024-04-07T03:00:00", 6, 96],
      ].map((want, i) => [want[0], hours[2 + i]![1], 96]),
    );
  });
});

test("hours are not counted of a measure that is taken for each day", async () => {
  await expect(rows({ measures: ["facts.each_day_6h"], filters: [within("2024-03")] })).rejects.toMatchObject({
    code: "query-invalid",
    message: expect.stringContaining("hours"),
  });
});

test("a role's rule about dates stays when a measure moves along them, also in a rollup", async () => {
  const spec = {
    ...project,
    cubes: [
      defineCube({ ...sales, rollups: { daily: { dimensions: ["date.day"], measures: ["revenue"] } } }),
      ...project.cubes.slice(1),
    ],
    roles: { summer: { rows: [{ member: "date", operator: "in_range", values: ["2024-02-10", "2024-12-20"] }] } },
  } as unknown as ProjectSpec;
  const open = await openShop(spec);
  try {
    const role = open.engine.as("summer");
    const seen = Number(
      (
        await open.sql("select sum(amount)::double as v from sales where sold_on between '2024-02-10' and '2024-12-20'")
      )[0]!["v"],
    );
    const query: Query = {
      measures: ["sales.revenue_running", "sales.revenue_last_year", "sales.revenue_ytd", "sales.revenue_28d"],
      dimensions: ["date.month"],
      filters: [{ member: "date", operator: "in_range", values: ["2024-12", "2025-03"] }],
      totals: true,
    };
    const answer = await role.query(query);
    expect(answer.meta.rollup).toBe("sales.daily");
    expect(answer.totals![0]!.row["sales.revenue_running"]).toBeCloseTo(seen, 6);
    const plain = await role.fromFacts().query(query);
    expect([answer.rows, answer.totals]).toEqual([plain.rows, plain.totals]);
    const compared: Query = {
      measures: ["sales.revenue"],
      dimensions: ["date.month"],
      filters: [{ member: "date", operator: "in_range", values: ["2025-H1"] }],
      compare: { dimension: "date", to: "previous_year" },
    };
    expect((await role.query(compared)).rows).toEqual((await role.fromFacts().query(compared)).rows);
  } finally {
    await open.close();
  }
});
