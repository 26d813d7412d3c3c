/** A dimension behind a dimension: by name beside other roles, and by history as of the query's moment. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { count, defineCube, defineDateDimension, defineDimension } from "../../../../engine/model/index.ts";
import type { Query } from "../../../../engine/model/query.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const history = { from: "since", until: "until" } as const;
const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2024-12-31" });
const region = defineDimension({
  name: "region",
  table: "region",
  key: "rid",
  attributes: { manager: "manager" },
  history: { ...history, version: "region_version" },
});
const customer = defineDimension({
  name: "customer",
  table: "customer",
  key: "cid",
  references: { region: { to: region, on: "rid" } },
  attributes: { manager: { from: "region.manager" } },
  history: { ...history, version: "customer_version" },
});
const shop = defineDimension({
  name: "shop",
  table: "shop",
  key: "sid",
  references: { region: { to: region, on: "rid" } },
  attributes: { manager: { from: "region.manager" } },
});
const sales = defineCube({
  name: "sales",
  table: "sales",
  dimensions: {
    date: { to: date, on: "day" },
    customer: { to: customer, on: "cid" },
    customer_region: { to: region, on: "rid" },
    shop: { to: shop, on: "sid" },
  },
  measures: { n: count() },
});
let t: Tables;
beforeAll(async () => {
  t = await openTables({ cubes: [sales], dimensions: [date, customer, region, shop] }, [
    "create table region as select * from (values (11, 1, 'Ann', null, date '2024-03-01'), (12, 1, 'Bob', date '2024-03-01', null), (21, 2, 'Cid', null, date '2024-05-01'), (22, 2, 'Dot', date '2024-05-01', null)) t(region_version, rid, manager, since, until)",
    // customer 7 moves from region 1 to 2 in April
    "create table customer as select * from (values (71, 7, 1, null, date '2024-04-01'), (72, 7, 2, date '2024-04-01', null)) t(customer_version, cid, rid, since, until)",
    "create table shop as select * from (values (1, 1), (2, 2)) t(sid, rid)",
    "create table sales as select d::date as day, 7 as cid, case when d < date '2024-04-01' then 71 else 72 end as customer_version, 1 as rid, 1 + day(d) % 2 as sid from generate_series(date '2024-02-15', date '2024-05-15', interval 1 day) s(d)",
  ]);
});
afterAll(() => t.close());
const by = (dimension: string, asked: Query["history"]) =>
  t.rows({ measures: ["sales.n"], dimensions: [dimension], ...(asked !== undefined && { history: asked }) });

describe("a reference to a dimension with history", () => {
  test("is followed as it is now", async () => {
    expect(await by("customer.manager", undefined)).toEqual([["Dot", 91]]);
    expect(await by("shop.manager", undefined)).toEqual([
      ["Bob", 44],
      ["Dot", 47],
    ]);
  });
  test("is followed as of a day", async () => {
    expect(await by("customer.manager", { as_of: "2024-02-01" })).toEqual([["Ann", 91]]);
    expect(await by("customer.manager", { as_of: "2024-03-15" })).toEqual([["Bob", 91]]);
    expect(await by("customer.manager", { as_of: "2024-04-15" })).toEqual([["Cid", 91]]);
    expect(await by("shop.manager", { as_of: "2024-02-01" })).toEqual([
      ["Ann", 44],
      ["Cid", 47],
    ]);
  });
  test("is followed as it was at each event, from the version that the fact holds", async () => {
    // region 1 by Ann until March, by Bob until the customer moves; region 2 by Cid until May, by Dot since
    expect(await by("customer.manager", "as_was")).toEqual([
      ["Ann", 15],
      ["Bob", 31],
      ["Cid", 30],
      ["Dot", 15],
    ]);
    expect(await by("shop.manager", "as_was")).toEqual(
      await t.sql(
        "select manager, count(*) from sales join shop using (sid) join region on region.rid = shop.rid and (since is null or since <= day) and (until is null or until > day) group by 1 order by 1",
      ),
    );
  });
});

test("a reference and a role of the same name do not clash", async () => {
  expect(
    await t.rows({
      measures: ["sales.n"],
      dimensions: ["customer.manager", "customer_region.manager", "shop.manager"],
    }),
  ).toEqual([
    ["Dot", "Bob", "Bob", 44],
    ["Dot", "Bob", "Dot", 47],
  ]);
});
