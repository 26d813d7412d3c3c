import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { near, openTraps, type Traps } from "./_traps.ts";

let shop: Traps;
beforeAll(async () => {
  shop = await openTraps();
});
afterAll(() => shop.close());

describe("numbers", () => {
  test("trap 35: money sums to 4995, not to 4994.999999999999", async () => {
    expect((await shop.rows({ measures: ["money.sum"] }))[0]).toEqual({ "money.sum": 4995 });
    expect((await shop.rows({ measures: ["money.sum"], exact: true }))[0]).toEqual({ "money.sum": "4995.00" });
    // also where it is taken by windows, totals and others
    const { totals, rows } = await shop.engine.query({
      measures: ["money.sum"],
      dimensions: ["date.day"],
      totals: true,
      exact: true,
    });
    expect(totals![0]!.row["money.sum"]).toBe("4995.00");
    expect(rows[0]!["money.sum"]).toBe(
      (await shop.sql("select sum(amount)::varchar x from money where day = '2024-01-01'"))[0]!["x"],
    );
    expect(
      await shop.value(
        "select (select sum(x) from (select amount::double as x from money order by amount)) <> 4995 or sum(0.1::double) <> 0.1 from range(10)",
      ),
    ).toBe(true);
  });

  test("trap 36: an integer beyond 2^53 comes as text with every digit", async () => {
    expect(
      (
        await shop.rows({
          measures: ["money.largest"],
          filters: [{ member: "date", operator: "in_range", values: ["2024-01-01"] }],
        })
      )[0],
    ).toEqual({ "money.largest": await shop.value("select sum(big)::varchar from money where day = '2024-01-01'") });
    const text = JSON.stringify(await shop.rows({ measures: ["money.largest"] }));
    expect((JSON.parse(text) as Record<string, unknown>[])[0]!["money.largest"]).toBe("9007199254740993000");
  });

  test("trap 37: the order of the measures changes no value", async () => {
    const measures = [
      "sales.revenue_running",
      "sales.lines",
      "service.cases",
      "sales.revenue_last_month",
      "sales.revenue_share",
      "service.profit",
      "sales.revenue_rank",
    ];
    const ask = async (order: readonly string[]): Promise<unknown> =>
      (
        await shop.rows({
          measures: order,
          dimensions: ["date.month", "customer.country"],
          filters: [{ member: "date", operator: "in_range", values: ["2024-04", "2024-09"] }],
        })
      ).map((row) => ["date.month", "customer.country", ...measures].map((m) => near(row[m])));
    const first = await ask(measures);
    for (let turn = 1; turn < measures.length; turn++)
      expect(await ask([...measures.slice(turn), ...measures.slice(0, turn)])).toEqual(first);
    expect(await ask([...measures].reverse())).toEqual(first);
    // nor do measures that only come along
    for (const m of measures)
      expect(
        (
          await shop.rows({
            measures: [m],
            dimensions: ["date.month", "customer.country"],
            filters: [{ member: "date", operator: "in_range", values: ["2024-04", "2024-09"] }],
          })
        )
          .filter((row) => row[m] !== null && row[m] !== 0)
          .map((row) => near(row[m])),
      ).toEqual(
        (first as unknown[][])
          .map((row) => row[2 + measures.indexOf(m)])
          .filter((value) => value !== null && value !== 0),
      );
  });
});
