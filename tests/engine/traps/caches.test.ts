import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import type { Query } from "../../../engine/model/query.ts";
import { openSmallShop } from "../../api/support/small-shop.ts";
import { CURRENT, openTraps, type Traps } from "./_traps.ts";

let shop: Traps;
beforeAll(async () => {
  shop = await openTraps();
});
afterAll(() => shop.close());

/** Questions that differ in one thing each, which a careless key would leave out. */
const base: Query = {
  measures: ["sales.revenue"],
  filters: [{ member: "date", operator: "in_range", values: ["this month"] }],
  compare: { dimension: "date", to: "previous_period" },
};
const ALIKE: readonly Query[] = [
  base,
  { ...base, now: "2024-03-10" },
  { ...base, now: "2024-03-11" },
  { ...base, compare: { dimension: "date", to: "previous_year" } },
  { ...base, compare: { dimension: "date", to: { by: "-2 months" } } },
  { ...base, exact: true },
  { measures: ["moments.moments"], dimensions: ["moment.day"] },
  { measures: ["moments.moments"], dimensions: ["moment.day"], timeZone: "Asia/Kathmandu" },
  { measures: ["moments.moments"], dimensions: ["moment.day"], timeZone: "America/St_Johns" },
  { measures: ["sales.lines"], dimensions: ["customer.status"] },
  { measures: ["sales.lines"], dimensions: ["customer.status"], history: "as_was" },
  { measures: ["sales.lines"], dimensions: ["customer.status"], history: { as_of: "2024-01-15" } },
  {
    measures: ["sales.lines"],
    dimensions: ["customer.name"],
    top: [{ dimension: "customer.name", by: "sales.lines", n: 2 }],
  },
  {
    measures: ["sales.lines"],
    dimensions: ["customer.name"],
    top: [{ dimension: "customer.name", by: "sales.revenue", n: 2 }],
  },
  {
    measures: ["sales.lines"],
    dimensions: ["customer.country"],
    filters: [{ member: "customer.age", operator: "equals", values: [34] }],
  },
  {
    measures: ["sales.lines"],
    dimensions: ["customer.country"],
    filters: [{ member: "customer.age", operator: "equals", values: [34, null] }],
  },
];
const answer = async (traps: Traps, query: Query): Promise<string> => {
  const { meta: _, ...rest } = await traps.engine.query(query);
  return JSON.stringify(rest);
};

describe("caches", () => {
  test("trap 33: plans are cached by zone, comparison, history, now, top and exactness", async () => {
    await shop.same(
      { ...base, now: "2024-03-10" },
      "select a, b, a - b, (a - b) / abs(b) from (select (select sum(amount) from sales where sold_on between '2024-03-01' and '2024-03-10') a, (select sum(amount) from sales where sold_on between '2024-02-01' and '2024-02-10') b)",
    );
    await shop.same(
      { ...base, now: "2024-03-11" },
      "select a, b, a - b, (a - b) / abs(b) from (select (select sum(amount) from sales where sold_on between '2024-03-01' and '2024-03-11') a, (select sum(amount) from sales where sold_on between '2024-02-01' and '2024-02-11') b)",
    );
    await shop.same(
      { measures: ["sales.lines"], dimensions: ["customer.status"], history: "as_was" },
      "select status, count(*) from sales s left join customer c on s.customer_version = c.customer_version group by 1 order by 1 nulls last",
    );
    await shop.same(
      { measures: ["sales.lines"], dimensions: ["customer.status"] },
      `select status, count(*) from sales left join ${CURRENT} c using (customer_id) group by 1 order by 1 nulls last`,
    );
    const answers = new Set<string>();
    for (const query of ALIKE) answers.add(await answer(shop, query));
    expect(answers.size).toBe(ALIKE.length);
  });

  test("trap 33: cached answers and ETags depend on the zone, the comparison, now, the format and the day", async () => {
    const small = await openSmallShop();
    try {
      const app = createApp({ project: small.project });
      const ask = async (query: unknown, more = "", on = app): Promise<string> =>
        (await on.request(`/v1/query?q=${encodeURIComponent(JSON.stringify(query))}${more}`)).headers.get("etag")!;
      const query = {
        measures: ["sales.revenue"],
        filters: [{ member: "date", operator: "in_range", values: ["2024"] }],
      };
      const tags = [
        await ask(query),
        await ask({ ...query, timeZone: "Asia/Kathmandu" }),
        await ask({ ...query, now: "2024-05-05" }),
        await ask({ ...query, compare: { dimension: "date", to: "previous_year" } }),
        await ask(query, "&format=csv"),
        await ask(query, "&format=csv&raw=1"),
        await ask(query, "", createApp({ project: small.project, clock: () => new Date("2031-01-01T00:00:00Z") })),
      ];
      expect(new Set(tags).size).toBe(tags.length);
      expect(await ask(query)).toBe(tags[0]);
    } finally {
      await small.close();
    }
  });

  test("trap 34: an answer does not depend on what was asked before", async () => {
    const first: string[] = [];
    for (const query of ALIKE) first.push(await answer(shop, query));
    const again: string[] = [];
    for (const query of [...ALIKE].reverse()) again.unshift(await answer(shop, query));
    const together = await Promise.all(ALIKE.map((query) => answer(shop, query)));
    expect(again).toEqual(first);
    expect(together).toEqual(first);
    const fresh = await openTraps();
    try {
      for (const [i, query] of [...ALIKE.entries()].reverse()) expect(await answer(fresh, query)).toBe(first[i]);
    } finally {
      await fresh.close();
    }
  });
});
