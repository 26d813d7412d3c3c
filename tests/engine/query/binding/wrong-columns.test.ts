/** Unknown columns, and columns without numbers, are reported in the model's terms when the query is planned. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  avg,
  count,
  countDistinct,
  defineCube,
  defineDateDimension,
  defineDimension,
  lastValue,
  max,
  median,
  quantile,
  stddev,
  sum,
} from "../../../../engine/model/index.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
const region = defineDimension({ name: "region", table: "region", key: "rid", attributes: { title: "titel" } });
const customer = defineDimension({
  name: "customer",
  table: "customer",
  key: "cid",
  references: { region: { to: region, on: "rid" } },
  attributes: { name: "nam", region: { from: "region.title" } },
});
const f = defineCube({
  name: "f",
  table: "f",
  dimensions: {
    date: { to: date, on: "day" },
    customer: { to: customer, on: "cid" },
    lost: { to: customer, on: "customer" },
  },
  attributes: { channel: "chanel" },
  measures: {
    n: count(),
    a: sum("amout"),
    b: sum("word"),
    c: median("word"),
    d: avg("day"),
    e: stddev("at"),
    g: quantile("uid", 0.5),
    h: lastValue("word", { over: "date" }),
    i: lastValue("amount", { over: "date", per: ["accounts"] }),
    j: sum({ sql: "word || 'x'" }),
    k: sum({ sql: "amout * 2" }),
    l: avg("flag"),
    fine: sum("amount"),
    flags: sum("flag"),
    longest: max("word"),
    words: countDistinct("word"),
  },
});
let t: Tables;
beforeAll(async () => {
  t = await openTables({ cubes: [f], dimensions: [date, customer, region] }, [
    "create table region as select 1 as rid, 'N' as title",
    "create table customer as select 1 as cid, 1 as rid, 'Ann' as name",
    "create table f as select 1 as cid, date '2024-01-01' as day, timestamp '2024-01-01 10:00:00' as at, uuid '00000000-0000-0000-0000-000000000001' as uid, 'a' as word, 10.5::decimal(14,2) as amount, 1 as account, true as flag, 'web' as channel",
  ]);
});
afterAll(() => t.close());
const planned = (query: Query): { code: string; message: string; place: string } => {
  try {
    t.engine.prepare(query);
  } catch (error) {
    return error as never;
  }
  throw new Error("it was planned");
};

test("an unknown column is reported with the nearest one", () => {
  expect(planned({ measures: ["f.a"] })).toMatchObject({
    code: "model-invalid",
    place: "f.a",
    message: 'f.a reads the column "amout", which table f lacks (did you mean "amount"?)',
  });
  expect(planned({ measures: ["f.i"] })).toMatchObject({
    place: "f.i",
    message: expect.stringContaining('"accounts", which table f lacks (did you mean "account"?)') as unknown,
  });
  expect(planned({ measures: ["f.k"] })).toMatchObject({
    code: "model-invalid",
    place: "f.k",
    message: 'f.k takes "amout * 2", which cannot be read from f',
  });
  expect(planned({ measures: ["f.n"], dimensions: ["f.channel"] })).toMatchObject({
    code: "model-invalid",
    message: 'f.channel reads the column "chanel", which table f lacks (did you mean "channel"?)',
  });
  expect(planned({ measures: ["f.n"], filters: [{ member: "customer.name", operator: "is_null" }] })).toMatchObject({
    code: "model-invalid",
    place: "$.filters[0].member",
    message: 'customer.name reads the column "nam", which table customer lacks (did you mean "name"?)',
  });
  expect(planned({ measures: ["f.n"], dimensions: ["customer.region"] })).toMatchObject({
    message: 'customer.region reads the column "titel", which table region lacks (did you mean "title"?)',
  });
  expect(planned({ measures: ["f.n"], dimensions: ["lost.cid"] })).toMatchObject({
    place: "cube f, role lost",
    message: expect.stringContaining('reads the column "customer", which table f lacks') as unknown,
  });
});
test("what takes numbers refuses a column of none, and what takes anything does not", async () => {
  for (const [measure, message] of [
    ["f.b", "a sum of word, which is text"],
    ["f.c", "a median of word, which is text"],
    ["f.d", "an average of day, which is a date"],
    ["f.e", "a deviation of at, which is a date with a time"],
    ["f.g", "a quantile of uid, which is of type uuid"],
    ["f.h", "a sum at a date of word, which is text"],
    ["f.j", "a sum of \"word || 'x'\", which is text"],
    ["f.l", "an average of flag, which is a truth value"],
  ] as const) {
    expect(planned({ measures: [measure] })).toMatchObject({
      code: "model-invalid",
      place: measure,
      message: `${measure} is ${message}`,
    });
  }
  expect(await t.rows({ measures: ["f.fine", "f.flags", "f.longest", "f.words"] })).toEqual([[10.5, 1, "a", 1]]);
});
