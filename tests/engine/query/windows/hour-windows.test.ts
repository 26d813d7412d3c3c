/** Windows of hours over the changes of the clocks: each moment is looked for by itself. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  count,
  countDistinct,
  defineCube,
  defineProject,
  rolling,
  shift,
  sum,
} from "../../../../engine/model/index.ts";
import { resolveModel } from "../../../../engine/model/resolve-model.ts";
import type { Query, Value } from "../../../../engine/model/query.ts";
import { date, openShop, project } from "../../support/shop.ts";

const calls = defineCube({
  name: "calls",
  table: "calls",
  dimensions: { at: { to: date, on: "at" }, wall: { to: date, on: "wall" }, day: { to: date, on: "day" } },
  attributes: { line: "line", caller: "caller" },
  measures: {
    calls: count(),
    minutes: sum("minutes"),
    last_24h: rolling("calls", { hours: 24 }, { over: "at" }),
    minutes_3h: rolling("minutes", { hours: 3 }, { over: "at" }),
    callers_36h: rolling("callers", { hours: 36 }, { over: "at" }),
    callers: countDistinct("caller"),
    hour_before: shift("minutes", { hours: -1 }, { over: "at" }),
    wall_5h: rolling("calls", { hours: 5 }, { over: "wall" }),
    by_day: rolling("calls", { hours: 5 }, { over: "day" }),
    twice: rolling("last_24h", { days: 2 }, { over: "at" }),
    per_call_6h: rolling("minutes", { hours: 6 }, { over: "at", where: [] }),
  },
  rollups: { daily: { dimensions: ["at.day"], measures: ["calls"] } },
});
const TABLES = [
  "create table calls as select t as at, (t at time zone 'UTC') as wall, (t at time zone 'UTC')::date as day, i % 3 as line, i % 17 as caller, 1 + (i * 13) % 29 as minutes from (select i, start + to_minutes(11 * i + (i * i) % 7) as t from range(0, 800) r(i), (values (timestamptz '2024-03-29 00:00:00+00'), (timestamptz '2024-10-25 00:00:00+00'), (timestamptz '2024-04-05 00:00:00+00')) s(start))",
];
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(defineProject({ ...project, segments: [], cubes: [...project.cubes, calls] }), TABLES);
});
afterAll(() => shop.close());
const rows = async (query: Query): Promise<Value[][]> => {
  const r = await shop.engine.query({ limit: 100_000, ...query });
  return r.rows.map((row) => r.columns.map((c) => row[c.name]!));
};
const same = async (query: Query, text: string): Promise<void> => {
  const want = (await shop.sql(text)).map((row) => Object.values(row));
  expect(want.length).toBeGreaterThan(5);
  expect(await rows(query)).toEqual(want);
};
/** Every local hour of some days in a zone, with its first moment and the one after its last, found minute by minute. */
const hours = (zone: string, from: string, until: string): string =>
  `(select date_trunc('hour', m at time zone '${zone}') as h, min(m) as a, max(m) + interval 1 minute as e from (select timestamptz '${from} 00:00:00+00' - interval 1 day + to_minutes(i) as m from range(0, 1440 * 8) r(i)) where (m at time zone '${zone}')::date between '${from}' and '${until}' group by 1)`;
const ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"];
const within = (...values: string[]) => ({ member: "at", operator: "in_range" as const, values });

describe("windows of hours", () => {
  test("are whole hours up to the cell's own, on days of 23 and 25 hours and in zones off by 30 and 45 minutes", async () => {
    for (const zone of ZONES)
      for (const [from, until] of [
        ["2024-03-30", "2024-04-01"],
        ["2024-10-26", "2024-10-28"],
        ["2024-04-06", "2024-04-08"],
      ] as const) {
        await same(
          {
            measures: ["calls.last_24h", "calls.minutes_3h", "calls.callers_36h"],
            dimensions: ["at.hour"],
            filters: [within(from, until)],
            timeZone: zone,
          },
          `select strftime(h, '%Y-%m-%dT%H:%M:%S'), count(*) filter (where calls.at >= e - interval 24 hour), sum(minutes) filter (where calls.at >= e - interval 3 hour), count(distinct caller) from ${hours(zone, from, until)} join calls on calls.at < e and calls.at >= e - interval 36 hour group by 1 order by 1`,
        );
      }
  });
  test("at days they end with the day's last hour, and in a total with the range's", async () => {
    const ends = (days: string): string =>
      `(select d::date as d, timezone('Europe/Berlin', (d + interval 1 day)::timestamp) as e from (select unnest([${days}]) d))`;
    await same(
      {
        measures: ["calls.last_24h", "calls.minutes_3h"],
        dimensions: ["at.day", "calls.line"],
        filters: [within("2024-03-30", "2024-04-01")],
        timeZone: "Europe/Berlin",
      },
      `select d::varchar, line, count(*), sum(minutes) filter (where calls.at >= e - interval 3 hour) from ${ends("date '2024-03-30', date '2024-03-31', date '2024-04-01'")} join calls on calls.at < e and calls.at >= e - interval 24 hour group by 1, 2 order by 1, 2`,
    );
    const { totals } = await shop.engine.query({
      measures: ["calls.last_24h"],
      dimensions: ["at.day"],
      filters: [within("2024-03-30", "2024-03-31")],
      timeZone: "Europe/Berlin",
      totals: true,
    });
    expect(totals![0]!.row["calls.last_24h"]).toBe(
      (
        await shop.sql(
          `select count(*) n from ${ends("date '2024-03-31'")} join calls on calls.at < e and calls.at >= e - interval 24 hour`,
        )
      )[0]!["n"],
    );
  });
  test("count the moments that pass the other filters, in whatever order these are written", async () => {
    const line = { member: "calls.line", operator: "equals" as const, values: [1] };
    const caller = { member: "calls.caller", operator: "not_equals" as const, values: [3, 5] };
    const range = within("2024-03-30", "2024-03-31");
    const passing = (more: string): string => `(select * from calls where ${more})`;
    const want = (more: string): string =>
      `select strftime(h, '%Y-%m-%dT%H:%M:%S'), count(*) filter (where calls.at >= e - interval 24 hour), sum(minutes) filter (where calls.at >= e - interval 3 hour), count(distinct caller) from ${hours("Europe/Berlin", "2024-03-30", "2024-03-31")} join ${passing(more)} as calls on calls.at < e and calls.at >= e - interval 36 hour group by 1 order by 1`;
    for (const [filters, more] of [
      [[line, range], "line = 1"],
      [[range, line], "line = 1"],
      [[caller, range, line], "line = 1 and caller not in (3, 5)"],
      [[line, caller, range], "line = 1 and caller not in (3, 5)"],
      [[{ or: [line, { not: caller }] }, range], "line = 1 or caller in (3, 5)"],
    ] as const)
      await same(
        {
          measures: ["calls.last_24h", "calls.minutes_3h", "calls.callers_36h"],
          dimensions: ["at.hour"],
          filters: [...filters],
          timeZone: "Europe/Berlin",
        },
        want(more),
      );
  });
  test("shifted by hours, an hour is that of the moments before it", async () => {
    await same(
      {
        measures: ["calls.hour_before"],
        dimensions: ["at.hour"],
        filters: [within("2024-10-27")],
        timeZone: "Europe/Berlin",
      },
      `select strftime(h, '%Y-%m-%dT%H:%M:%S'), sum(minutes) from ${hours("Europe/Berlin", "2024-10-27", "2024-10-27")} join calls on calls.at >= a - interval 1 hour and calls.at < e - interval 1 hour group by 1 order by 1`,
    );
  });
  test("of a wall clock without a zone they are the clock's own", () =>
    same(
      {
        measures: ["calls.wall_5h"],
        dimensions: ["wall.hour"],
        filters: [{ member: "wall", operator: "in_range", values: ["2024-03-30", "2024-03-31"] }],
        timeZone: "Europe/Berlin",
      },
      "select strftime(h, '%Y-%m-%dT%H:%M:%S'), count(*) from (select timestamp '2024-03-30' + to_hours(i) as h from range(0, 48) r(i)) join calls on wall < h + interval 1 hour and wall >= h - interval 4 hour group by 1 order by 1",
    ));
  test("no rollup of days answers for them", async () => {
    expect(
      (
        await shop.engine.query({
          measures: ["calls.last_24h"],
          dimensions: ["at.day"],
          filters: [within("2024-03-30")],
        })
      ).meta.rollup,
    ).toBe(null);
  });
  test("what has no hours is refused: days, weekdays, two changes, a mixed span, a comparison", async () => {
    for (const query of [
      { measures: ["calls.by_day"] },
      { measures: ["calls.last_24h"], dimensions: ["at.hour_of_day"] },
      { measures: ["calls.twice"] },
      { measures: ["calls.last_24h"], compare: { dimension: "at", to: "previous_period" as const } },
      { measures: ["calls.calls"], compare: { dimension: "at", to: { by: { hours: -1 } } } },
    ]) {
      await expect(
        shop.engine.query({ ...query, filters: [within("2024-03-30")] }),
        JSON.stringify(query),
      ).rejects.toMatchObject({ code: "query-invalid" });
    }
    await expect(
      shop.engine.query({ measures: ["calls.last_24h"], dimensions: ["at.hour"], filters: [within("2024", "2025")] }),
    ).rejects.toMatchObject({ code: "too-large" });
    expect(
      resolveModel(
        defineProject({
          ...project,
          cubes: [
            defineCube({
              ...calls,
              rollups: {},
              measures: { calls: count(), odd: rolling("calls", { hours: 3, days: 1 }, { over: "at" }) },
            }),
          ],
        }),
      ).problems.map((p) => p.message),
    ).toContain("hours cannot be combined with other units");
  });
});
