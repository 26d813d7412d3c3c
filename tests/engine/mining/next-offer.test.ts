import { describe, expect, test } from "vitest";
import { judgeOffers, type OfferTest } from "../../../engine/mining/next-offer/judge-offers.ts";
import { learnOffers, recommend, type Histories } from "../../../engine/mining/next-offer/recommend.ts";
import { chanceOf } from "../../../engine/mining/next-offer/worth.ts";
import { readTyped } from "../../../engine/mining/read-typed.ts";
import { connect, dataPath, hasData } from "./_data.ts";

const historiesOf = (members: readonly (readonly (readonly number[])[])[], itemCount: number): Histories => {
  const baskets = members.flatMap((list, m) => list.map((items) => ({ m, items })));
  const offsets = new Int32Array(baskets.length + 1);
  baskets.forEach(({ items }, b) => {
    offsets[b + 1] = offsets[b]! + items.length;
  });
  return {
    member: Int32Array.from(baskets, ({ m }) => m),
    offsets,
    items: Int32Array.from(baskets.flatMap(({ items }) => items)),
    itemCount,
  };
};

describe("next offers", () => {
  test.skipIf(!hasData)(
    "Online Retail: one of ten guesses is in the next basket of .362 by popularity, of .7255 by buying " +
      "again (data folder needed)",
    async () => {
      const connection = await connect();
      const [m, b, i] = (await readTyped(
        connection,
        `WITH l AS (SELECT customer_id, invoice_no, min(invoice_date) OVER (PARTITION BY customer_id, invoice_no) AS d, stock_code FROM '${dataPath("online_retail.parquet")}' WHERE customer_id IS NOT NULL AND quantity > 0 AND unit_price > 0 AND NOT starts_with(invoice_no::VARCHAR, 'C')), u AS (SELECT DISTINCT customer_id, d, invoice_no, stock_code FROM l)
      SELECT (dense_rank() OVER (ORDER BY customer_id) - 1)::INTEGER, (dense_rank() OVER (ORDER BY customer_id, d, invoice_no) - 1)::INTEGER, (dense_rank() OVER (ORDER BY stock_code) - 1)::INTEGER FROM u ORDER BY 2, 3`,
      )) as [Int32Array, Int32Array, Int32Array];
      const n = b[b.length - 1]! + 1;
      const offsets = new Int32Array(n + 1),
        member = new Int32Array(n);
      b.forEach((basket, k) => {
        offsets[basket + 1]!++;
        member[basket] = m[k]!;
      });
      for (let k = 0; k < n; k++) offsets[k + 1]! += offsets[k]!;
      const { tests } = judgeOffers({
        member,
        offsets,
        items: i,
        itemCount: i.reduce((a, x) => Math.max(a, x), 0) + 1,
      });
      const hits = Object.fromEntries(tests.map((t) => [t.how, t.hits]));
      expect(hits["popularity"]).toBeCloseTo(0.362, 3);
      expect(hits["again"]).toBeCloseTo(0.7255, 4);
      expect(hits["together"]).toBeGreaterThan(hits["popularity"]!);
    },
  );
  const histories = historiesOf(
    [
      [[0, 1], [0, 1], [2]],
      [[0, 1], [3]],
      [[0], [1]],
      [[3], [3], [3]],
    ],
    4,
  );
  test("offers what goes with a purchase to members who do not own it", () => {
    const learnt = learnOffers(histories, () => true);
    expect(recommend("together", learnt, [Int32Array.of(0)], 1, true)).toEqual([1]);
    expect(recommend("again", learnt, [Int32Array.of(3), Int32Array.of(3, 0)], 2)).toEqual([3, 0]);
  });
  test("judges only members with two baskets, and learns nothing from the hidden one", () => {
    const { tests, learnt } = judgeOffers(historiesOf([[[0]], [[1], [2]]], 3), 1);
    expect(tests[0]!.members).toBe(1);
    expect(learnt.popularity[0]).toBe(1);
  });
});

describe("value of an offer", () => {
  const test2: OfferTest = {
    how: "again",
    hits: 0.5,
    members: 100,
    byMember: new Uint8Array(0),
    first: [0.1, 0.2, null, 0.4],
    ranked: [
      [0.12, null, null, 0.4],
      [0.05, null, null, null],
    ],
  };
  test("uses the probability of its place, or of the first guess where that place is rare", () => {
    expect([
      chanceOf(test2, 0, 0),
      chanceOf(test2, 1, 0),
      chanceOf(test2, 0, 1),
      chanceOf(test2, 1, 1),
      chanceOf(test2, 0, 7),
      chanceOf(test2, 1, 3),
      chanceOf(test2, 5, 2),
    ]).toEqual([0.12, 0.05, 0.2, 0.1, 0.4, 0.2, null]);
  });
});
