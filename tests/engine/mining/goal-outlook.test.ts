import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calculated, count, defineCube, defineDateDimension, sum } from "../../../engine/model/index.ts";
import { forecastSeries } from "../../../engine/mining/forecast/forecast-series.ts";
import { goalOutlook } from "../../../engine/mining/index.ts";
import { openTables, type Tables } from "../support/tables.ts";

const date = defineDateDimension({ name: "date", from: "2023-01-01", until: "2026-12-31" });
const orders = defineCube({
  name: "orders",
  table: "orders",
  dimensions: { date: { to: date, on: "day" } },
  measures: { revenue: sum("amount"), orders: count(), average: calculated("revenue / orders") },
});
/** an order or two a day from 2024 to 10 January 2026; it is 1 January 2026 */
const TABLE = `create table orders as select date '2024-01-01' + (i // 2)::int as day, 10 + (i * 37) % 23 as amount
  from range(0, 1480) t(i) where i % 5 <> 0`;
let tables: Tables;
beforeAll(async () => {
  tables = await openTables({ now: "clock", dimensions: [date], cubes: [orders] }, [TABLE]);
});
afterAll(() => tables.close());

describe("on the last day of a goal's period", () => {
  const goal = (until: string, target: number) =>
    goalOutlook(tables.engine, { measure: "orders.revenue", period: ["2025-11-16", until], target });
  test("the goal is not missed yet: that day is not over", async () => {
    const last = await goal("2026-01-01", 1_000_000);
    expect(last).toMatchObject({ words: "not on the way", done: 46, of: 47 });
    expect(last.expected).toBeGreaterThan(500);
  });
  test("the day after, it is", async () => {
    expect(await goal("2025-12-31", 1_000_000)).toMatchObject({
      words: "missed",
      by: "the period is over",
      interval: null,
    });
    expect(await goal("2025-12-31", 10)).toMatchObject({ words: "reached" });
  });
  test("a target that is met already is on the way, since nothing is taken back", async () => {
    expect((await goal("2026-01-01", 10)).words).not.toMatch(/missed|not on the way/);
  });
});

test("a ratio is the known parts and the forecast parts of numerator and denominator, each counted once", async () => {
  const tables2 = await openTables({ now: "2025-09-30", dimensions: [date], cubes: [orders] }, [TABLE]);
  try {
    const found = await goalOutlook(tables2.engine, { measure: "orders.average", period: "2025", target: 20 });
    expect(found).toMatchObject({ unit: "month", done: 9, of: 12 });
    const months = await tables2.sql(
      "select date_trunc('month', day)::varchar, sum(amount)::double, count(*)::double from orders where day <= '2025-09-30' group by 1 order by 1",
    );
    const side = (column: 1 | 2): number => {
      const values = months.map((row) => Number(row[column]));
      const rest = forecastSeries(values, "month", 3).ahead.reduce((a, b) => a + b, 0);
      return values.slice(-9).reduce((a, b) => a + b, 0) + rest;
    };
    expect(found.expected).toBeCloseTo(side(1) / side(2), 8);
  } finally {
    await tables2.close();
  }
});

test("the interval of a sum is as wide as single periods apart and together allow, half widths and not whole ones", () => {
  const noise = (i: number): number => ((i * 7919) % 101) / 101;
  const y = Array.from({ length: 40 }, (_, i) => 100 + 10 * noise(i));
  const found = forecastSeries(y, "month", 6);
  const halves = [0, 1, 2, 3].map((h) => {
    const [low, high] = found.band(h, 0.8);
    return (high - low) / 2;
  });
  const apart = Math.hypot(...halves);
  const together = halves.reduce((a, b) => a + b, 0);
  const floor = Math.sqrt((apart ** 2 + together ** 2) / 2);
  const { value, interval } = found.total(4, 0.8);
  const next = [...found.tests].sort((a, b) => a.mase - b.mase)[1];
  const sizes = [...found.chosen.sums, ...(next?.sums ?? [])]
    .map((sums) => sums.slice(0, 4))
    .filter((sums) => sums.length >= 2)
    .map((sums) => Math.abs(sums.at(-1) ?? 0))
    .sort((a, b) => a - b);
  const free = sizes.length / (1 + 4 / 6);
  const own =
    (sizes[Math.min(sizes.length - 1, Math.ceil(((0.8 * (free + 1)) / free) * sizes.length) - 1)] ?? 0) * value;
  expect(value).toBeCloseTo(
    found.ahead.slice(0, 4).reduce((a, b) => a + b, 0),
    10,
  );
  expect(interval[1] - value).toBeCloseTo(Math.max(own, floor), 8);
  expect(value - interval[0]).toBeCloseTo(interval[1] - value, 8);
});
