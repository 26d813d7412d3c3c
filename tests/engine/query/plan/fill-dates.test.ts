/** Filled dates: whole periods up to the ends that are known, and nothing that the facts' own columns could not hold. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  averageOverTime,
  count,
  defineCube,
  defineDateDimension,
  lastValue,
  running,
  shift,
  sum,
} from "../../../../engine/model/index.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const known = defineDateDimension({ name: "known", from: "2024-01-01", until: "2024-06-30" });
const open = defineDateDimension({ name: "date", from: "auto", until: "auto" });
const roles = {
  known: { to: known, on: "d" },
  date: { to: open, on: "d" },
  at: { to: open, on: "ts" },
  ship: { to: open, on: "s" },
} as const;
const f = defineCube({
  name: "f",
  table: "f",
  dimensions: roles,
  measures: {
    n: count(),
    amount: sum("amount"),
    last: lastValue("amount", { over: "date" }),
    last_along_ship: shift("last", { months: -1 }, { over: "ship" }),
    average: averageOverTime("amount", { over: "date" }),
    average_along_ship: running("average", { over: "ship" }),
    last_before: shift("last", { months: -1 }),
  },
});
const g = defineCube({ name: "g", table: "g", dimensions: { date: { to: open, on: "d" } }, measures: { n: count() } });
let t: Tables;
beforeAll(async () => {
  t = await openTables({ cubes: [f, g], dimensions: [known, open] }, [
    "create table f as select * from (values (date '2024-02-10', timestamp '2024-02-10 10:00:00', date '2024-03-01', 1), (date '2024-04-05', timestamp '2024-04-05 23:00:00', null, 2), (null, null, null, 4)) t(d, ts, s, amount)",
    "create table g as select * from (values (date '2023-12-31'), (date '2024-05-01')) t(d)",
  ]);
});
afterAll(() => t.close());

describe("filled dates", () => {
  test("of a range with one end reach the calendar's other end, or the facts'", async () => {
    expect(
      await t.rows({
        measures: ["f.amount"],
        dimensions: ["known.month"],
        filters: [{ member: "known", operator: "lte", values: ["2024-03"] }],
        fillDates: true,
      }),
    ).toEqual([
      ["2024-01-01", null],
      ["2024-02-01", 1],
      ["2024-03-01", null],
    ]);
    expect(
      await t.rows({
        measures: ["f.amount"],
        dimensions: ["known.month"],
        filters: [{ member: "known", operator: "after", values: ["2024-02"] }],
        fillDates: true,
      }),
    ).toEqual([
      ["2024-03-01", null],
      ["2024-04-01", 2],
      ["2024-05-01", null],
      ["2024-06-01", null],
    ]);
    expect(
      await t.rows({
        measures: ["f.amount"],
        dimensions: ["date.month"],
        filters: [{ member: "date", operator: "gte", values: ["2024-01"] }],
        fillDates: true,
      }),
    ).toEqual([
      ["2024-01-01", null],
      ["2024-02-01", 1],
      ["2024-03-01", null],
      ["2024-04-01", 2],
    ]);
  });
  test("of several facts reach from the first of any to the last of any", async () => {
    expect(await t.rows({ measures: ["f.n", "g.n"], dimensions: ["date.month"], fillDates: true })).toEqual([
      ["2023-12-01", 0, 1],
      ["2024-01-01", 0, 0],
      ["2024-02-01", 1, 0],
      ["2024-03-01", 0, 0],
      ["2024-04-01", 1, 0],
      ["2024-05-01", 0, 1],
      [null, 1, 0],
    ]);
  });
  test("are refused with hours of the same date, and allowed with those of another", async () => {
    for (const level of ["hour", "hour_of_day"])
      expect(
        await t.refused({ measures: ["f.n"], dimensions: ["at.month", `at.${level}`], fillDates: true }),
      ).toMatchObject({
        code: "query-invalid",
        place: "$.fillDates",
        message: expect.stringContaining(`at.${level}`) as unknown,
      });
    expect(
      await t.rows({
        measures: ["f.n"],
        dimensions: ["date.month", "at.hour_of_day"],
        filters: [{ member: "date", operator: "in_range", values: ["2024-02", "2024-03"] }],
        fillDates: true,
      }),
    ).toEqual([
      ["2024-02-01", 10, 1],
      ["2024-03-01", 10, 0],
    ]);
  });
});

test("an unknown date is neither a holiday nor a working day, with or without declared holidays", async () => {
  expect(await t.rows({ measures: ["f.n"], dimensions: ["date.is_holiday"] })).toEqual([
    [false, 2],
    [null, 1],
  ]);
  expect(await t.rows({ measures: ["f.n"], filters: [{ member: "date.is_holiday", operator: "is_null" }] })).toEqual([
    [1],
  ]);
});

test("a balance cannot be moved along a date that is not its own", async () => {
  for (const [measure, along] of [
    ["f.last_along_ship", "ship"],
    ["f.average_along_ship", "ship"],
  ] as const)
    expect(await t.refused({ measures: [measure], dimensions: ["ship.month"] })).toMatchObject({
      code: "query-invalid",
      message: expect.stringContaining(`along ${along}`) as unknown,
      remedy: "move it along date",
    });
  expect(
    await t.refused({
      measures: ["f.last"],
      filters: [{ member: "ship", operator: "in_range", values: ["2024-03"] }],
      compare: { dimension: "ship", to: "previous_period" },
    }),
  ).toMatchObject({ code: "query-invalid" });
  expect(
    await t.rows({
      measures: ["f.last", "f.last_before"],
      dimensions: ["date.month"],
      filters: [{ member: "date", operator: "in_range", values: ["2024-02", "2024-05"] }],
    }),
  ).toEqual([
    ["2024-02-01", 1, null],
    ["2024-03-01", null, 1],
    ["2024-04-01", 2, null],
    ["2024-05-01", null, 2],
  ]);
});
