import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { basketCount, frequentItemsets, type Baskets, type Itemset } from "../../../engine/mining/basket/itemsets.ts";
import { rulesOf } from "../../../engine/mining/basket/rules.ts";
import { readTyped } from "../../../engine/mining/read-typed.ts";
import { connect, dataPath, hasData, randomOf } from "./_data.ts";

const basketsOf = (lists: readonly (readonly number[])[], itemCount: number): Baskets => {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((l, b) => {
    offsets[b + 1] = offsets[b]! + l.length;
  });
  return { offsets, items: Int32Array.from(lists.flat()), itemCount };
};
const groceries = (): { baskets: Baskets; names: string[] } => {
  const rows = readFileSync(dataPath("groceries.txt"), "utf8")
    .trim()
    .split("\n")
    .map((line) => [...new Set(line.split(",").map((v) => v.trim()))]);
  const names = [...new Set(rows.flat())].sort();
  const number = new Map(names.map((name, i) => [name, i]));
  return {
    baskets: basketsOf(
      rows.map((row) => row.map((name) => number.get(name)!)),
      names.length,
    ),
    names,
  };
};

describe("Groceries, as published", () => {
  test.skipIf(!hasData)(
    "support .01, confidence .5: 15 rules, citrus fruit and root vegetables lead to other vegetables with " +
      "lift 3.0296 (data folder needed)",
    () => {
      const { baskets, names } = groceries();
      expect(basketCount(baskets)).toBe(9835);
      const rules = rulesOf(frequentItemsets(baskets, Math.ceil(0.01 * 9835)), 9835, { confidence: 0.5 });
      expect(rules).toHaveLength(15);
      expect(rules[0]!.left.map((i) => names[i])).toEqual(["citrus fruit", "root vegetables"]);
      expect(names[rules[0]!.right]).toBe("other vegetables");
      expect(rules[0]!.lift).toBeCloseTo(3.0296, 4);
    },
  );
  test.skipIf(!hasData)(".006 and .25 give 463 rules (data folder needed)", () => {
    const { baskets } = groceries();
    expect(rulesOf(frequentItemsets(baskets, Math.ceil(0.006 * 9835)), 9835, { confidence: 0.25 })).toHaveLength(463);
  });
  test.skipIf(!hasData)(".001 and .8 give 410 rules from 13,492 itemsets (data folder needed)", () => {
    const { baskets } = groceries();
    const itemsets = frequentItemsets(baskets, Math.ceil(0.001 * 9835));
    const rules = rulesOf(itemsets, 9835, { confidence: 0.8 });
    expect([itemsets.length, rules.length]).toEqual([13_492, 410]);
  });
});

describe("Online Retail", () => {
  test.skipIf(!hasData)(
    "19,960 baskets, 2,026 itemsets in 1 % of them, 815 of one product (data folder needed)",
    async () => {
      const connection = await connect();
      const [b, i] = (await readTyped(
        connection,
        `WITH l AS (SELECT DISTINCT invoice_no AS b, stock_code AS i FROM '${dataPath("online_retail.parquet")}' WHERE quantity > 0 AND unit_price > 0 AND NOT starts_with(invoice_no::VARCHAR, 'C'))
      SELECT (dense_rank() OVER (ORDER BY b) - 1)::INTEGER, (dense_rank() OVER (ORDER BY i) - 1)::INTEGER FROM l ORDER BY 1, 2`,
      )) as [Int32Array, Int32Array];
      const n = b[b.length - 1]! + 1;
      const offsets = new Int32Array(n + 1);
      for (const basket of b) offsets[basket + 1]!++;
      for (let k = 0; k < n; k++) offsets[k + 1]! += offsets[k]!;
      const found = frequentItemsets(
        { offsets, items: i, itemCount: i.reduce((m, v) => Math.max(m, v), 0) + 1 },
        Math.ceil(0.01 * n),
      );
      expect([n, found.length, found.filter((s) => s.items.length === 1).length]).toEqual([19_960, 2026, 815]);
    },
  );
});

describe("itemsets", () => {
  const random = randomOf(3);
  const lists = Array.from({ length: 300 }, () => [0, 1, 2, 3, 4, 5, 6, 7].filter(() => random() < 0.35));
  const baskets = basketsOf(lists, 8);
  test("equal those found by counting every subset", () => {
    const slow: Itemset[] = [];
    for (let bits = 1; bits < 256; bits++) {
      const items = [0, 1, 2, 3, 4, 5, 6, 7].filter((i) => bits & (1 << i));
      const count = lists.filter((l) => items.every((i) => l.includes(i))).length;
      if (count >= 20) slow.push({ items, count });
    }
    const key = (s: Itemset): string => `${s.items.join()}:${s.count}`;
    expect(frequentItemsets(baskets, 20).map(key).sort()).toEqual(slow.map(key).sort());
  });
  test("computes a rule's measures from its four counts", () => {
    const rule = rulesOf(frequentItemsets(baskets, 5), 300, { confidence: 0 }).find(
      (r) => r.left.join() === "0" && r.right === 1,
    )!;
    const [a, b, ab] = [
      lists.filter((l) => l.includes(0)).length / 300,
      lists.filter((l) => l.includes(1)).length / 300,
      lists.filter((l) => l.includes(0) && l.includes(1)).length / 300,
    ];
    expect(rule.confidence).toBeCloseTo(ab / a, 12);
    expect(rule.lift).toBeCloseTo(ab / a / b, 12);
    expect(rule.leverage).toBeCloseTo(ab - a * b, 12);
    expect(rule.conviction).toBeCloseTo((1 - b) / (1 - ab / a), 12);
    expect(rule.zhang).toBeCloseTo((ab - a * b) / Math.max(ab * (1 - a), a * (b - ab)), 12);
  });
  test("finds no pairs in baskets of one item or in no baskets", () => {
    expect(frequentItemsets(basketsOf([[0], [1], [0]], 2), 1)).toEqual([
      { items: [0], count: 2 },
      { items: [1], count: 1 },
    ]);
    expect(frequentItemsets(basketsOf([], 0), 1)).toEqual([]);
  });
});
