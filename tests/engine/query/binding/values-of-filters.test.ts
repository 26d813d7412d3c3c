/** Values of filters mean what the column holds: every digit of a number, every day of a period, the text of what is no text. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  count,
  defineCube,
  defineDateDimension,
  defineDimension,
  defineSegment,
  sum,
} from "../../../../engine/model/index.ts";
import type { Filter, Operator } from "../../../../engine/model/index.ts";
import { drill } from "../../../../engine/query/inspect/drill.ts";
import { drillthrough } from "../../../../engine/query/inspect/drillthrough.ts";
import type { Value } from "../../../../engine/model/query.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const date = defineDateDimension({
  name: "date",
  from: "2023-01-01",
  until: "2025-12-31",
  timeZone: "Europe/Berlin",
  fiscalYearStart: 4,
});
const member = defineDimension({
  name: "member",
  table: "member",
  key: "id",
  attributes: {
    id: "id",
    since: "since",
    seen: "seen",
    born: "born",
    uid: "uid",
    zip: { sql: "zip", type: "string" },
    zip_words: { sql: "zip + 0", type: "string" },
    age_band: { sql: "age", bins: [18, 65] },
  },
});
const f = defineCube({
  name: "f",
  table: "f",
  dimensions: { date: { to: date, on: "d" }, at: { to: date, on: "ts" }, member: { to: member, on: "id" } },
  attributes: {
    id: "id",
    huge: "huge",
    dec: "dec",
    tiny: "tiny",
    dbl: "dbl",
    opens: "opens",
    at_raw: "ts",
    local: "local",
    kind: "kind",
  },
  measures: { n: count(), amount: sum("amount") },
});
const TABLES = [
  "create type kinds as enum ('new', 'old')",
  `create table member as select 9007199254740990 + i as id, timestamp '2024-01-05 00:00:00' + to_hours(i * 13) as since, timestamptz '2024-01-05 22:30:00+00' + to_hours(i) as seen, date '1990-01-01' + (i * 40)::int as born,
     ('00000000-0000-0000-0000-0000000000' || lpad(i::varchar, 2, '0'))::uuid as uid, 100 + i as zip, 10 + i * 10 as age from range(0, 8) r(i)`,
  `create table f as select i as n, 9007199254740990 + i % 8 as id, (170141183460469231731687303715884100 + i % 3)::hugeint as huge, (i % 3 + 0.12345678901234567890)::decimal(38,20) as dec, (i % 5)::tinyint as tiny, i % 3 + 0.1::double as dbl,
     time '10:00:00' + to_minutes(30 * (i % 4)) as opens, timestamptz '2024-01-01 00:00:00+00' + to_hours(i * 11) as ts, timestamp '2024-01-01 00:00:00' + to_hours(i * 11) as local, date '2024-01-01' + (i * 9)::int as d, case when i % 2 = 0 then 'new' else 'old' end::kinds as kind, (i + 1)::decimal(14,2) as amount from range(0, 80) r(i)`,
];
let t: Tables;
beforeAll(async () => {
  t = await openTables(
    {
      cubes: [f],
      dimensions: [date, member],
      segments: [
        defineSegment({
          name: "drawn",
          over: "member",
          filters: [],
          members: ["9007199254740993", "9007199254740996"],
        }),
      ],
    },
    TABLES,
  );
});
afterAll(() => t.close());
const is = (member: string, operator: Operator, ...values: (string | number | boolean | null)[]): Filter => ({
  member,
  operator,
  values,
});
const n = async (...filters: Filter[]): Promise<Value> => (await t.rows({ measures: ["f.n"], filters }))[0]![0]!;
const same = async (filter: Filter, where: string, from = "f"): Promise<void> => {
  expect(await n(filter), where).toBe((await t.sql(`select count(*) from ${from} where ${where}`))[0]![0]);
};
const JOINED = "f left join member m using (id)";

describe("numbers past 2^53", () => {
  test("are members apart in every operator", async () => {
    const id = "9007199254740993";
    for (const [operator, sql] of [
      ["equals", "="],
      ["not_equals", "<>"],
      ["gt", ">"],
      ["gte", ">="],
      ["lt", "<"],
      ["lte", "<="],
    ] as const) {
      await same(is("f.id", operator, id), `id ${sql} ${id}`);
      await same(is("member.id", operator, id), `id ${sql} ${id}`);
      await same(
        is("f.huge", operator, "170141183460469231731687303715884101"),
        `huge ${sql} 170141183460469231731687303715884101`,
      );
      await same(is("f.dec", operator, "1.12345678901234567890"), `dec ${sql} 1.12345678901234567890`);
    }
    await same(is("f.id", "in", "9007199254740992", "9007199254740995"), "id in (9007199254740992, 9007199254740995)");
    await same(is("f.id", "between", "9007199254740992", id), "id between 9007199254740992 and 9007199254740993");
    await same({ segment: "drawn" }, "id in (9007199254740993, 9007199254740996)");
  });
  test("a number between two that the column holds splits them, and one beyond all it holds matches nothing", async () => {
    await same(is("f.id", "gt", "9007199254740992.5"), "id > 9007199254740992");
    await same(is("f.id", "lt", "9007199254740992.5"), "id <= 9007199254740992");
    expect(await n(is("f.id", "equals", "9007199254740992.5"))).toBe(0);
    await same(is("f.dec", "gte", "1.123456789012345678901"), "dec > 1.12345678901234567890");
    for (const far of ["99999999999999999999999999999999999999999999", 1e30]) {
      expect(await n(is("f.tiny", "gt", far))).toBe(0);
      expect(await n(is("f.tiny", "lte", far))).toBe(80);
    }
    expect(await n(is("f.tiny", "equals", "-99999999999999999999999999999999"))).toBe(0);
    expect(await n(is("f.tiny", "not_equals", "99999999999999999999999999999999"))).toBe(80);
    expect(await n(is("f.tiny", "gte", "-1e40"))).toBe(80);
    await same(is("f.dbl", "equals", "0.1"), "dbl = 0.1");
  });
  test("are none of others, and none is lost from them", async () => {
    for (const dimension of [
      "f.id",
      "member.id",
      "f.huge",
      "f.dec",
      "f.dbl",
      "f.opens",
      "f.at_raw",
      "f.kind",
      "member.uid",
      "member.zip",
    ]) {
      const { rows, others, totals } = await t.engine.query({
        measures: ["f.n"],
        dimensions: [dimension],
        top: [{ dimension, by: "f.n", n: 2, others: true }],
        totals: true,
      });
      expect(rows, dimension).toHaveLength(2);
      expect(
        rows.reduce((sum, row) => sum + Number(row["f.n"]), Number(others![0]!.row["f.n"])),
        dimension,
      ).toBe(totals![0]!.row["f.n"]);
    }
  });
  test("are drilled into by the cell's own member", async () => {
    const down = drill(t.engine, {
      query: { measures: ["f.n"], dimensions: ["member.id"] },
      direction: { to: "f.tiny" },
      cell: { "member.id": "9007199254740993" },
    });
    expect((await t.rows(down)).reduce((sum, [, rows]) => sum + Number(rows), 0)).toBe(10);
    expect(
      (
        await drillthrough(t.engine, {
          measures: ["f.amount"],
          dimensions: ["f.id"],
          cell: { "f.id": "9007199254740993" },
        })
      ).rows.map((row) => row["f.id"]),
    ).toEqual(Array(10).fill("9007199254740993"));
  });
  test("are refused as a JSON number, which has lost the last digit already", async () => {
    expect(
      await t.refused({ measures: ["f.n"], filters: [is("f.id", "equals", Number("9007199254740993"))] }),
    ).toMatchObject({
      code: "filter-invalid",
      place: "$.filters[0]",
      remedy: "give it as text, with every digit",
    });
  });
});

describe("days and moments", () => {
  test("a day as a value of a level is its whole period, between two as well as from one", async () => {
    await same(is("date.month", "between", "2024-01-01", "2024-02-01"), "d >= '2024-01-01' and d < '2024-03-01'");
    await same(is("date.quarter", "in_range", "2024-02-15", "2024-05-15"), "d >= '2024-01-01' and d < '2024-07-01'");
    await same(is("date.week", "between", "2024-01-03", "2024-01-10"), "d between '2024-01-01' and '2024-01-14'");
    await same(is("date", "between", "2024-01-01", "2024-02-01"), "d between '2024-01-01' and '2024-02-01'");
  });
  test("a year is the fiscal year that the result shows", async () => {
    for (const year of ["2024", 2024])
      await same(is("date.fiscal_year", "equals", year), "d >= '2024-04-01' and d < '2025-04-01'");
    await same(is("date.fiscal_year", "between", "2023", "2024"), "d >= '2023-04-01' and d < '2025-04-01'");
    await same(is("date.year", "equals", 2024), "year(d) = 2024");
    expect(
      await t.rows({
        measures: ["f.n"],
        dimensions: ["date.fiscal_year"],
        filters: [is("date.fiscal_year", "equals", "2024")],
      }),
    ).toEqual([
      ["2024-04-01", (await t.sql("select count(*) from f where d >= '2024-04-01' and d < '2025-04-01'"))[0]![0]],
    ]);
  });
  test("a day is all of it for a timestamp, in the zone of the query for an instant", async () => {
    await same(is("member.since", "equals", "2024-01-06"), "since::date = '2024-01-06'", JOINED);
    await same(is("member.since", "not_equals", "2024-01-06"), "since::date <> '2024-01-06'", JOINED);
    await same(is("member.since", "lte", "2024-01-06"), "since::date <= '2024-01-06'", JOINED);
    await same(
      is("f.local", "in_range", "2024-01-02", "2024-01-04"),
      "local::date between '2024-01-02' and '2024-01-04'",
    );
    await same(
      is("member.seen", "equals", "2024-01-06"),
      "timezone('Europe/Berlin', seen)::date = '2024-01-06'",
      JOINED,
    );
    await same(
      is("f.at_raw", "in_range", "2024-01-02", "2024-01-04"),
      "timezone('Europe/Berlin', ts)::date between '2024-01-02' and '2024-01-04'",
    );
    const tokyo = await t.rows({
      measures: ["f.n"],
      filters: [is("member.seen", "equals", "2024-01-06")],
      timeZone: "Asia/Tokyo",
    });
    expect(tokyo[0]![0]).toBe(
      (await t.sql(`select count(*) from ${JOINED} where timezone('Asia/Tokyo', seen)::date = '2024-01-06'`))[0]![0],
    );
  });
  test("a period is a value of any date", async () => {
    await same(is("member.born", "in_range", "1990-Q2"), "born between '1990-04-01' and '1990-06-30'", JOINED);
    await same(is("member.since", "in_range", "2024"), "year(since) = 2024", JOINED);
    await same(is("member.since", "equals", "2024-W02"), "since >= '2024-01-08' and since < '2024-01-15'", JOINED);
    expect(
      (
        await t.rows({ measures: ["f.n"], filters: [is("f.local", "in_range", "last 3 months")], now: "2024-03-10" })
      )[0]![0],
    ).toBe((await t.sql("select count(*) from f where local < '2024-03-01'"))[0]![0]);
    await same(is("at.hour", "in_range", "2024-01-05"), "timezone('Europe/Berlin', ts)::date = '2024-01-05'");
  });
  test("a moment is itself, with an offset or by the clock", async () => {
    await same(is("f.at_raw", "equals", "2024-01-02T09:00:00Z"), "ts = '2024-01-02 09:00:00+00'");
    await same(is("f.at_raw", "equals", "2024-01-02T10:00"), "ts = '2024-01-02 09:00:00+00'");
    await same(is("f.at_raw", "gt", "2024-01-02 10:00:00+0100"), "ts > '2024-01-02 09:00:00+00'");
    await same(
      is("f.local", "in_range", "2024-01-02", "2024-01-04T12:00:00"),
      "local >= '2024-01-02' and local <= '2024-01-04 12:00:00'",
    );
    await same(
      is("f.local", "not_equals", "2024-01-01T11:00:00", "2024-01-02"),
      "local <> '2024-01-01 11:00:00' and local::date <> '2024-01-02'",
    );
    await same(
      is("at.hour", "equals", "2024-01-02T10:30:00"),
      "date_trunc('hour', timezone('Europe/Berlin', ts)) = '2024-01-02 10:00:00'",
    );
  });
  test("an invalid day, week or moment is refused with a remedy", async () => {
    const refused = (filter: Filter) => t.refused({ measures: ["f.n"], filters: [filter] });
    expect(await refused(is("date", "equals", "2024-W53"))).toMatchObject({
      code: "filter-invalid",
      message: "2024-W53: 2024 has 52 ISO weeks",
      remedy: "the weeks of 2024 are 2024-W01 to 2024-W52",
    });
    expect(await n(is("date", "equals", "2020-W53"))).toBe(0);
    for (const [member, value] of [
      ["member.since", "Jan 5, 2024"],
      ["at.hour", "5/1/2024 10:00"],
      ["f.local", "2024-01-05T10:00:00Z"],
      ["f.local", "2024-02-30T10:00:00"],
      ["member.born", "1"],
    ] as const)
      expect((await refused(is(member, "equals", value))).code, value).toBe("filter-invalid");
  });
});

describe("what is no text", () => {
  test("is looked into by its text", async () => {
    await same(is("member.uid", "contains", "0001"), "uid::varchar like '%0001%'", JOINED);
    await same(is("f.opens", "starts_with", "10:"), "hour(opens) = 10");
    await same(is("member.zip", "ends_with", "7"), "zip % 10 = 7", JOINED);
    await same(is("member.zip", "equals", 104), "zip = 104", JOINED);
    await same(is("member.zip_words", "equals", "104", "abc"), "zip = 104", JOINED);
    await same(is("f.kind", "not_contains", "NE"), "kind <> 'new'");
    await same(is("member.age_band", "contains", "65"), "age >= 18", JOINED);
    await same(is("member.age_band", "starts_with", "<"), "age < 18", JOINED);
    await same(is("member.age_band", "not_contains", "18 "), "not (age >= 18 and age < 65)", JOINED);
  });
  test("equals what it is written as, and refuses what it cannot be", async () => {
    await same(
      is("member.uid", "equals", "00000000-0000-0000-0000-000000000003"),
      "uid = '00000000-0000-0000-0000-000000000003'",
      JOINED,
    );
    await same(is("f.opens", "gte", "10:30"), "opens >= '10:30'");
    for (const [member, value] of [
      ["member.uid", "nope"],
      ["f.opens", "noon"],
      ["f.tiny", "many"],
      ["f.tiny", "0x10"],
    ] as const)
      expect((await t.refused({ measures: ["f.n"], filters: [is(member, "equals", value)] })).code, String(value)).toBe(
        "filter-invalid",
      );
    expect(await t.refused({ measures: ["f.n"], filters: [is("f.opens", "equals", "noon")] })).toMatchObject({
      place: "$.filters[0]",
      remedy: 'write "10:00" or "10:00:30"',
    });
  });
});
