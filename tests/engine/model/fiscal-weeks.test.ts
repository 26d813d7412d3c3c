/** Fiscal calendars of whole weeks: published ones to the day, and every day alike in TypeScript and SQL. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addPeriods,
  levelValue,
  makeCalendar,
  parseDay,
  periodEnd,
  periodStart,
  toIso,
} from "../../../engine/model/time/calendar.ts";
import {
  count,
  defineCube,
  defineDateDimension,
  defineProject,
  shift,
  sum,
  toDate,
} from "../../../engine/model/index.ts";
import type { Query, Value } from "../../../engine/model/query.ts";
import { openShop, project } from "../support/shop.ts";

/** The National Retail Federation's: the year ends on the Saturday nearest to the end of January. */
const retail = defineDateDimension({
  name: "retail",
  from: "2019-01-01",
  until: "2026-12-31",
  weekStart: "sunday",
  fiscalYearStart: 2,
  fiscalWeeks: { pattern: "4-5-4", yearEnds: "nearest" },
});
/** Ends on the last Saturday of September. */
const autumn = defineDateDimension({
  name: "autumn",
  from: "2019-01-01",
  until: "2026-12-31",
  weekStart: "sunday",
  fiscalYearStart: 10,
  fiscalWeeks: { pattern: "4-4-5" },
});
const newYear = defineDateDimension({
  name: "new_year",
  from: "2019-01-01",
  until: "2026-12-31",
  fiscalWeeks: { pattern: "5-4-4", yearEnds: "nearest" },
});
const facts = defineCube({
  name: "till",
  table: "till",
  dimensions: {
    retail: { to: retail, on: "day" },
    autumn: { to: autumn, on: "day" },
    new_year: { to: newYear, on: "day" },
  },
  measures: {
    rows: count(),
    value: sum("value"),
    last_year: shift("value", { years: -1 }, { over: "retail" }),
    last_quarter: shift("value", { quarters: -1 }, { over: "retail" }),
    ytd: toDate("value", "fiscal_year", { over: "retail" }),
    ptd: toDate("value", "fiscal_period", { over: "retail" }),
  },
  rollups: {
    monthly: { dimensions: ["retail.month"], measures: ["value"] },
    periods: { dimensions: ["retail.fiscal_period"], measures: ["value"] },
  },
});
const TABLES = [
  "create table till as select d::date as day, ((epoch(d) / 86400)::bigint * 7919) % 101 as value from generate_series(date '2019-06-01', date '2026-06-30', interval 1 day) t(d)",
];
let shop: Awaited<ReturnType<typeof openShop>>;
beforeAll(async () => {
  shop = await openShop(
    defineProject({
      ...project,
      segments: [],
      dimensions: [...project.dimensions, retail, autumn, newYear],
      cubes: [...project.cubes, facts],
    }),
    TABLES,
  );
});
afterAll(() => shop.close());
const rows = async (query: Query): Promise<Value[][]> => {
  const r = await shop.engine.query({ limit: 100_000, ...query });
  return r.rows.map((row) => r.columns.map((c) => row[c.name]!));
};
const total = async (from: string, until: string): Promise<unknown> =>
  Number((await shop.sql(`select sum(value)::double n from till where day between '${from}' and '${until}'`))[0]!["n"]);
const day = (iso: string): number => parseDay(iso)!;
const starts = (
  spec: typeof retail | typeof autumn | typeof newYear,
  level: "fiscal_year" | "fiscal_quarter" | "fiscal_period",
  from: string,
  n: number,
): string[] => {
  const c = makeCalendar(spec);
  return Array.from({ length: n }, (_, i) => toIso(addPeriods(c, level, day(from), i)));
};

describe("fiscal years of weeks", () => {
  test("begin as in published calendars, with 53 weeks in 2023 and in the autumn year 2023", () => {
    expect(starts(retail, "fiscal_year", "2022-01-30", 5)).toEqual([
      "2022-01-30",
      "2023-01-29",
      "2024-02-04",
      "2025-02-02",
      "2026-02-01",
    ]);
    expect(starts(autumn, "fiscal_year", "2021-09-26", 5)).toEqual([
      "2021-09-26",
      "2022-09-25",
      "2023-10-01",
      "2024-09-29",
      "2025-09-28",
    ]);
    expect(starts(newYear, "fiscal_year", "2023-01-02", 4)).toEqual([
      "2023-01-02",
      "2024-01-01",
      "2024-12-30",
      "2025-12-29",
    ]);
  });
  test("have quarters and periods by their pattern, the 53rd week in the last", () => {
    expect(starts(retail, "fiscal_period", "2024-02-04", 13)).toEqual([
      "2024-02-04",
      "2024-03-03",
      "2024-04-07",
      "2024-05-05",
      "2024-06-02",
      "2024-07-07",
      "2024-08-04",
      "2024-09-01",
      "2024-10-06",
      "2024-11-03",
      "2024-12-01",
      "2025-01-05",
      "2025-02-02",
    ]);
    expect(starts(retail, "fiscal_quarter", "2023-01-29", 5)).toEqual([
      "2023-01-29",
      "2023-04-30",
      "2023-07-30",
      "2023-10-29",
      "2024-02-04",
    ]);
    const calendar = makeCalendar(retail);
    expect(
      (periodEnd(calendar, "fiscal_period", day("2024-02-03")) -
        periodStart(calendar, "fiscal_period", day("2024-02-03")) +
        1) /
        7,
    ).toBe(5);
    expect(toIso(addPeriods(calendar, "fiscal_period", day("2024-02-04"), -1))).toBe("2023-12-31");
    expect(toIso(addPeriods(calendar, "fiscal_quarter", day("2024-02-04"), -4))).toBe("2023-01-29");
  });
  test("are the same in SQL on every day", async () => {
    for (const spec of [retail, autumn, newYear]) {
      const calendar = makeCalendar(spec);
      const levels = ["fiscal_year", "fiscal_quarter", "fiscal_period"] as const;
      const found = await rows({
        measures: ["till.rows"],
        dimensions: ["day", ...levels].map((level) => `${spec.name}.${level}`),
      });
      expect(found.length).toBeGreaterThan(2500);
      expect(
        found.filter(([at, ...values]) =>
          levels.some((level, i) => values[i] !== levelValue(calendar, level, day(String(at)))),
        ),
      ).toEqual([]);
    }
  });
  test("are filtered by their own phrases", async () => {
    const value = async (phrase: string, now: string): Promise<Value> =>
      (
        await rows({
          measures: ["till.value"],
          filters: [{ member: "retail", operator: "in_range", values: [phrase] }],
          now,
        })
      )[0]![0]!;
    expect(await value("this fiscal period", "2024-03-10")).toBe(await total("2024-03-03", "2024-04-06"));
    expect(await value("last fiscal quarter", "2024-03-10")).toBe(await total("2023-10-29", "2024-02-03"));
    expect(await value("last 2 fiscal years", "2025-06-01")).toBe(await total("2023-01-29", "2025-02-01"));
    expect(await value("fiscal year to date", "2024-03-10")).toBe(await total("2024-02-04", "2024-03-10"));
  });
  test("a period moved by a year is the same period of the other year, and to date starts with its own", async () => {
    const [first] = await rows({
      measures: ["till.value", "till.last_year", "till.last_quarter", "till.ytd", "till.ptd"],
      dimensions: ["retail.fiscal_period"],
      filters: [{ member: "retail", operator: "in_range", values: ["2024-05-05", "2024-06-01"] }],
    });
    expect(first).toEqual([
      "2024-05-05",
      await total("2024-05-05", "2024-06-01"),
      await total("2023-04-30", "2023-05-27"),
      await total("2024-02-04", "2024-03-02"),
      await total("2024-02-04", "2024-06-01"),
      await total("2024-05-05", "2024-06-01"),
    ]);
    const years = await rows({
      measures: ["till.last_year"],
      dimensions: ["retail.fiscal_year"],
      filters: [{ member: "retail", operator: "in_range", values: ["2024-02-04", "2025-02-01"] }],
    });
    expect(years).toEqual([["2024-02-04", await total("2023-01-29", "2024-02-03")]]);
  });
  test("a quarter is compared with the one before, whole with whole and part with part", async () => {
    const compare = async (values: string[], now: string, to: "previous_period" | "previous_year"): Promise<Value[]> =>
      (
        await rows({
          measures: ["till.value"],
          filters: [{ member: "retail", operator: "in_range", values }],
          compare: { dimension: "retail", to },
          now,
        })
      )[0]!.slice(0, 2);
    expect(await compare(["last fiscal quarter"], "2024-03-10", "previous_period")).toEqual([
      await total("2023-10-29", "2024-02-03"),
      await total("2023-07-30", "2023-10-28"),
    ]);
    expect(await compare(["last fiscal quarter"], "2024-03-10", "previous_year")).toEqual([
      await total("2023-10-29", "2024-02-03"),
      await total("2022-10-30", "2023-01-28"),
    ]);
    expect(await compare(["this fiscal quarter"], "2024-03-10", "previous_period")).toEqual([
      await total("2024-02-04", "2024-03-10"),
      await total("2023-10-29", "2023-12-03"),
    ]);
  });
  test("no rollup by month answers for them, one by period does", async () => {
    const asked = await shop.engine.query({ measures: ["till.value"], dimensions: ["retail.fiscal_quarter"] });
    expect(asked.meta.rollup).toBe("till.periods");
    expect(asked.rows.find((row) => row["retail.fiscal_quarter"] === "2023-10-29")!["till.value"]).toBe(
      await total("2023-10-29", "2024-02-03"),
    );
    expect((await shop.engine.query({ measures: ["till.value"], dimensions: ["retail.quarter"] })).meta.rollup).toBe(
      "till.monthly",
    );
  });
});
