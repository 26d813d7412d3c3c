/** A share has one value, whatever totals are asked for beside it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { count, defineCube, defineDimension, rank, share, sum } from "../../../../engine/model/index.ts";
import { openTables, type Tables } from "../../support/tables.ts";

const region = defineDimension({ name: "region", table: "region", key: "rid", attributes: { name: "name" } });
const sales = defineCube({
  name: "sales",
  table: "sales",
  dimensions: { region: { to: region, on: "rid" } },
  attributes: { channel: "channel" },
  measures: {
    revenue: sum("amount"),
    of_parent: share("revenue", { of: "parent" }),
    of_that: share("of_parent", { of: "total" }),
    of_region: share("of_that", { of: ["region.name"] }),
    placed: rank("of_parent"),
  },
});
const cases = defineCube({
  name: "cases",
  table: "cases",
  dimensions: { region: { to: region, on: "rid" } },
  measures: {
    n: count({ unrelated: "repeat" }),
    of_all: share("n", { of: "total" }),
    of_parent: share("n", { of: "parent" }),
    of_that: share("of_parent", { of: "total" }),
  },
});
let t: Tables;
beforeAll(async () => {
  t = await openTables({ cubes: [sales, cases], dimensions: [region] }, [
    "create table region as select * from (values (1, 'N'), (2, 'S')) t(rid, name)",
    "create table sales as select * from (values (1, 'a', 10), (1, 'b', 80), (2, 'a', 40), (2, 'b', 20), (null, null, 160)) t(rid, channel, amount)",
    "create table cases as select * from (values (1), (2), (2), (null)) t(rid)",
  ]);
});
afterAll(() => t.close());

describe("shares", () => {
  test("of a repeated measure are parts of all its rows", async () => {
    // 4 cases: 1 in the north, 2 in the south, 1 nowhere; each repeated for the channels of its region
    const query = {
      measures: ["sales.revenue", "cases.n", "cases.of_all", "cases.of_parent"],
      dimensions: ["region.name", "sales.channel"],
    };
    const expected = [
      ["N", "a", 10, 1, 0.25, 1],
      ["N", "b", 80, 1, 0.25, 1],
      ["S", "a", 40, 2, 0.5, 1],
      ["S", "b", 20, 2, 0.5, 1],
      [null, null, 160, 1, 0.25, 1],
    ];
    expect(await t.rows(query)).toEqual(expected);
    expect(await t.rows({ ...query, totals: true })).toEqual(expected);
    expect(await t.rows({ ...query, totals: [["sales.channel"]] })).toEqual(expected);
  });
  test("of a share are parts of that share at the coarser grain", async () => {
    // at the total the share of the parent is 1: 310 of 310
    const query = {
      measures: ["sales.revenue", "sales.of_parent", "sales.of_that", "sales.of_region", "sales.placed"],
      dimensions: ["region.name", "sales.channel"],
    };
    // by region alone the share of its parent is 90/310, 60/310, 160/310
    const expected = [
      ["N", "a", 10, 10 / 90, 10 / 90, 10 / 90 / (90 / 310), 5],
      ["N", "b", 80, 80 / 90, 80 / 90, 80 / 90 / (90 / 310), 2],
      ["S", "a", 40, 40 / 60, 40 / 60, 40 / 60 / (60 / 310), 3],
      ["S", "b", 20, 20 / 60, 20 / 60, 20 / 60 / (60 / 310), 4],
      [null, null, 160, 1, 1, 1 / (160 / 310), 1],
    ];
    for (const totals of [false, true, [["region.name"]], [[]]] as const) {
      const found = await t.rows({ ...query, totals: totals as boolean });
      expect(
        found.map((row) => row.map((v) => (typeof v === "number" ? Math.round(v * 1e9) : v))),
        JSON.stringify(totals),
      ).toEqual(expected.map((row) => row.map((v) => (typeof v === "number" ? Math.round(v * 1e9) : v))));
    }
    const { totals } = await t.engine.query({ ...query, totals: true });
    expect(totals!.find((one) => one.row["region.name"] === "N")!.row["sales.of_that"]).toBeCloseTo(90 / 310, 12);
  });
  test("of a share of what is repeated are whole", async () => {
    expect(
      await t.rows({ measures: ["sales.revenue", "cases.of_that"], dimensions: ["region.name", "sales.channel"] }),
    ).toEqual([
      ["N", "a", 10, 1],
      ["N", "b", 80, 1],
      ["S", "a", 40, 1],
      ["S", "b", 20, 1],
      [null, null, 160, 1],
    ]);
  });
});
