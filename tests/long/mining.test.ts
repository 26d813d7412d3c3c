import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { frequentItemsets, type Baskets } from "../../engine/mining/basket/itemsets.ts";
import { rulesOf } from "../../engine/mining/basket/rules.ts";
import { forecastSeries } from "../../engine/mining/forecast/forecast-series.ts";
import { dataPath, hasData, normalOf, randomOf } from "../engine/mining/_data.ts";

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
    "finds no rule at q < .05 in 95 of 100 permutations of the baskets (data folder needed)",
    () => {
      const { baskets } = groceries();
      const random = randomOf(11);
      let quiet = 0;
      for (let run = 0; run < 100; run++) {
        // each item falls into as many random baskets as it was in: nothing goes with anything
        const lists: number[][] = Array.from({ length: 9835 }, () => []);
        const counts = new Int32Array(baskets.itemCount);
        for (const item of baskets.items) counts[item]!++;
        counts.forEach((count, item) => {
          const taken = new Set<number>();
          while (taken.size < count) taken.add(Math.floor(random() * 9835));
          for (const b of taken) lists[b]!.push(item);
        });
        const shuffled = basketsOf(lists, baskets.itemCount);
        if (
          rulesOf(frequentItemsets(shuffled, Math.ceil(0.004 * 9835)), 9835, { confidence: 0 }).every(
            (r) => r.q >= 0.05,
          )
        )
          quiet++;
      }
      expect(quiet).toBeGreaterThanOrEqual(95);
    },
  );
});

describe("forecasts", () => {
  const normal = normalOf(randomOf(2));
  const week = [0, 0.1, 0.05, -0.1, 0.2, 0.3, -0.55];
  const daily = Array.from({ length: 1096 }, (_, t) =>
    Math.exp(8 + 0.0002 * t + 0.3 * Math.sin((2 * Math.PI * t) / 365.25) + week[t % 7]! + 0.15 * normal()),
  );
  test("forecasts daily figures with both seasons better than the same day a year before, with valid intervals", () => {
    const found = forecastSeries(daily, "day", 28);
    expect(found.chosen.method.name).toContain("Seasons of 7 and 365");
    expect(found.chosen.mase).toBeLessThan(0.9 * found.tests[0]!.mase);
    expect(Math.abs(found.chosen.coverage - 0.8)).toBeLessThan(0.1);
    for (const figure of [found.chosen.mase, found.chosen.smape, found.chosen.pinball])
      expect(Number.isFinite(figure) && figure > 0).toBe(true);
  });
});
