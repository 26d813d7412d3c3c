import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Filter } from "../../../engine/model/index.ts";
import { near, openTraps, type Traps } from "./_traps.ts";

let shop: Traps;
beforeAll(async () => {
  shop = await openTraps();
});
afterAll(() => shop.close());

const within = (...values: string[]): Filter => ({ member: "date", operator: "in_range", values });

describe("time", () => {
  test("trap 11: shifting back a month from the 31st gives null, and the shifted total counts each day of February once", async () => {
    const query = {
      measures: ["sales.revenue_last_month", "sales.lines"],
      dimensions: ["date.day"],
      filters: [within("2024-03")],
    };
    await shop.same(
      query,
      `select d::date::varchar, case when day(d) <= 29 then (select sum(amount) from sales where sold_on = d - interval 1 month) end, (select count(*) from sales where sold_on = d)
      from generate_series(date '2024-03-01', date '2024-03-31', interval 1 day) t(d) where exists (from sales where sold_on = d) or (day(d) <= 29 and exists (from sales where sold_on = d - interval 1 month)) order by 1`,
    );
    const days = await shop.rows(query);
    expect(
      days.filter((row) => String(row["date.day"]) > "2024-03-29").map((row) => row["sales.revenue_last_month"]),
    ).toEqual([null]); // the 31st is a Sunday without sales
    const { totals } = await shop.engine.query({ ...query, totals: true });
    const february = Number(
      await shop.value("select sum(amount) from sales where sold_on between '2024-02-01' and '2024-02-29'"),
    );
    expect(totals![0]!.row["sales.revenue_last_month"]).toBeCloseTo(february, 6);
    expect(days.reduce((sum, row) => sum + Number(row["sales.revenue_last_month"] ?? 0), 0)).toBeCloseTo(february, 6);
  });

  test("trap 12: weeks are not rolled into months, quarters or years", async () => {
    await shop.same(
      {
        measures: ["sales.lines", "sales.buyers"],
        dimensions: ["date.month", "date.week"],
        filters: [within("2024-02", "2024-04")],
      },
      "select date_trunc('month', sold_on)::date::varchar, date_trunc('week', sold_on)::date::varchar, count(*), count(distinct customer_id) from sales where sold_on between '2024-02-01' and '2024-04-30' group by 1, 2 order by 1, 2",
    );
    // a window's value at a week is that of the week's last day, wherever the month ends
    await shop.same(
      { measures: ["weeks.rows_mtd"], dimensions: ["date.week"], filters: [within("2024-02-26", "2024-03-17")] },
      "select w::varchar, (select count(*) from weeks where day >= date_trunc('month', w + 6) and day <= w + 6) from (select unnest([date '2024-02-26', date '2024-03-04', date '2024-03-11']) w) order by 1",
    );
  });

  test("trap 13: days of 23 and 25 hours and zones off by 30 or 45 minutes put every fact on its own day and hour", async () => {
    for (const zone of ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"]) {
      await shop.same(
        { measures: ["moments.moments", "moments.value"], dimensions: ["moment.day"], timeZone: zone },
        `select ("at" at time zone '${zone}')::date::varchar, count(*), sum(value) from moments group by 1 order by 1`,
      );
      await shop.same(
        {
          measures: ["moments.moments", "moments.value"],
          dimensions: ["moment.hour"],
          timeZone: zone,
          filters: [{ member: "moment", operator: "in_range", values: ["2024-03-30", "2024-04-07"] }],
        },
        `select strftime(date_trunc('hour', "at" at time zone '${zone}'), '%Y-%m-%dT%H:%M:%S'), count(*), sum(value) from moments where ("at" at time zone '${zone}')::date between '2024-03-30' and '2024-04-07' group by 1 order by 1`,
      );
    }
    const berlin = await shop.rows({
      measures: ["moments.moments"],
      dimensions: ["moment.day"],
      timeZone: "Europe/Berlin",
    });
    expect(
      berlin
        .filter((row) => ["2024-03-31", "2024-10-27"].includes(String(row["moment.day"])))
        .map((row) => row["moments.moments"]),
    ).toEqual([23 * 3, 25 * 3]);
  });

  test("trap 14: a rolling window counts days, also where days are missing", async () => {
    const query = {
      measures: ["sales.revenue_28d"],
      dimensions: ["date.day"],
      filters: [within("2024-05-01", "2024-05-20")],
    };
    await shop.same(
      query,
      "select d::date::varchar, (select sum(amount) from sales where sold_on > d - interval 28 day and sold_on <= d) from generate_series(date '2024-05-01', date '2024-05-20', interval 1 day) t(d) order by 1",
    );
    const byRows = await shop.sql(
      "select * from (select sold_on, sum(sum(amount)) over (order by sold_on rows 27 preceding) x from sales group by 1) where sold_on between '2024-05-01' and '2024-05-20'",
    );
    const found = new Map((await shop.rows(query)).map((row) => [row["date.day"], near(row["sales.revenue_28d"])]));
    expect(byRows.filter((row) => near(row["x"]) === found.get(String(row["sold_on"])))).toEqual([]); // what the trap would give, on every day
  });

  test("trap 15: a running total starts before the range, unless the measure is within the range", () =>
    shop.same(
      {
        measures: ["sales.revenue_running", "sales.revenue_running_here"],
        dimensions: ["date.week", "sales.channel"],
        filters: [within("2024-07-03", "2024-07-19"), { member: "sales.channel", operator: "not_null" }],
      },
      `select w::varchar, channel, sum(amount), sum(amount) filter (where sold_on >= '2024-07-03') from (values (date '2024-07-01', date '2024-07-07'), (date '2024-07-08', date '2024-07-14'), (date '2024-07-15', date '2024-07-19')) t(w, e)
     join sales on sold_on <= e and channel is not null group by 1, 2 order by 1, 2`,
    ));

  test("trap 16: a rolling or to-date measure that is also shifted keeps its window", () =>
    shop.same(
      {
        measures: ["sales.rolling_last_month", "sales.mtd_last_month"],
        dimensions: ["date.day"],
        filters: [within("2024-06-24", "2024-06-26")],
      },
      `select d::varchar, (select sum(amount) from sales where sold_on > e - interval 28 day and sold_on <= e), (select sum(amount) from sales where sold_on >= '2024-05-01' and sold_on <= e)
     from (values (date '2024-06-24', date '2024-05-24'), (date '2024-06-25', date '2024-05-25'), (date '2024-06-26', date '2024-05-26')) t(d, e) order by 1`,
    ));

  test("trap 17: year to date obeys the fiscal year's start", async () => {
    await shop.same(
      {
        measures: ["sales.revenue_ytd", "sales.revenue_fytd"],
        dimensions: ["date.quarter"],
        filters: [within("2024-Q4", "2025-Q2")],
      },
      `select q::varchar, (select sum(amount) from sales where sold_on >= c and sold_on <= e), (select sum(amount) from sales where sold_on >= f and sold_on <= e) from (values (date '2024-10-01', date '2024-12-31', date '2024-01-01', date '2024-04-01'),
       (date '2025-01-01', date '2025-03-31', date '2025-01-01', date '2024-04-01'), (date '2025-04-01', date '2025-06-30', date '2025-01-01', date '2025-04-01')) t(q, e, c, f) order by 1`,
    );
    await shop.same(
      {
        measures: ["sales.lines"],
        filters: [{ member: "date", operator: "in_range", values: ["fiscal year to date"] }],
        now: "2025-02-10",
      },
      "select count(*) from sales where sold_on between '2024-04-01' and '2025-02-10'",
    );
  });

  test("trap 18: the previous period of a part of a month has as many days, that of a whole month is the whole month", async () => {
    const pair = (a: string, b: string): string =>
      `select a, b, a - b, (a - b) / abs(b) from (select (select sum(amount) from sales where sold_on between ${a}) a, (select sum(amount) from sales where sold_on between ${b}) b)`;
    const compare = { dimension: "date", to: "previous_period" as const };
    await shop.same(
      { measures: ["sales.revenue"], filters: [within("this month")], now: "2024-03-10", compare },
      pair("'2024-03-01' and '2024-03-10'", "'2024-02-01' and '2024-02-10'"),
    );
    await shop.same(
      { measures: ["sales.revenue"], filters: [within("2024-02")], compare },
      pair("'2024-02-01' and '2024-02-29'", "'2024-01-01' and '2024-01-31'"),
    );
    await shop.same(
      { measures: ["sales.revenue"], filters: [within("2024-03-05", "2024-03-14")], compare },
      pair("'2024-03-05' and '2024-03-14'", "'2024-02-24' and '2024-03-04'"),
    );
    await shop.same(
      { measures: ["sales.revenue"], filters: [within("this quarter")], now: "2024-05-31", compare },
      pair("'2024-04-01' and '2024-05-31'", "'2024-01-01' and '2024-02-29'"),
    );
  });

  test("trap 19: week 53, ISO years that begin in December and leap days compare with their own", async () => {
    // 2024-12-30 is the Monday of ISO week 1 of 2025; its partner is week 1 of 2024, 2024-01-01
    await shop.same(
      {
        measures: ["weeks.rows"],
        dimensions: ["date.week"],
        filters: [within("2024-12-30", "2025-01-12")],
        compare: { dimension: "date", to: "previous_year" },
      },
      `select w::varchar, a, b, a - b, (a - b) / abs(b) from (select w, (select count(*) from weeks where day between w and w + 6) a, (select count(*) from weeks where day between p and p + 6) b from (values (date '2024-12-30', date '2024-01-01'), (date '2025-01-06', date '2024-01-08')) t(w, p)) order by 1`,
    );
    const days = await shop.rows({
      measures: ["weeks.rows", "weeks.rows_last_year"],
      dimensions: ["date.day"],
      filters: [within("2024-02-28", "2024-03-01")],
      compare: { dimension: "date", to: { by: "1 year" } },
    });
    // 2025 has no 29 February: nothing to compare the leap day with, and no neighbour's number instead
    expect(days.map((row) => [row["date.day"], row["weeks.rows.previous"]])).toEqual([
      ["2024-02-28", await shop.value("select count(*) from weeks where day = '2025-02-28'")],
      ["2024-02-29", null],
      ["2024-03-01", await shop.value("select count(*) from weeks where day = '2025-03-01'")],
    ]);
    await shop.same(
      { measures: ["weeks.rows"], filters: [within("2024-02")], compare: { dimension: "date", to: { by: "1 year" } } },
      "select a, b, a - b, (a - b) / b from (select (select count(*) from weeks where day between '2024-02-01' and '2024-02-29') a, (select count(*) from weeks where day between '2025-02-01' and '2025-02-28') b)",
    );
    // 2020 had a week 53, 2021 had not
    expect(
      await shop.rows({
        measures: ["weeks.rows"],
        dimensions: ["date.week_of_year"],
        filters: [within("2024-12-28", "2025-01-02")],
      }),
    ).toEqual(
      (
        await shop.sql(
          "select weekofyear(day) as w, count(*) n from weeks where day between '2024-12-28' and '2025-01-02' group by 1 order by 1",
        )
      ).map((r) => ({ "date.week_of_year": r["w"], "weeks.rows": r["n"] })),
    );
  });
});
