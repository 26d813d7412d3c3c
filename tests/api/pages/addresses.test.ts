import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { periodFilter, stateOfQuery, stateQuery } from "../../../api/pages/explore/state-query.ts";
import { parseState, stateHref } from "../../../api/pages/explore/state.ts";
import { qualifyFormula } from "../../../api/pages/explore/qualify-formula.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Query } from "../../../engine/model/query.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
let catalog: CatalogView;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project });
  catalog = shop.project.catalog();
});
afterAll(() => shop.close());

/** A query there and back: into an address, and from it. */
const there = (query: Query): Query => {
  const address = new URL(stateHref(stateOfQuery(query)), "http://localhost");
  return stateQuery(parseState(address.searchParams), catalog);
};
const html = async (path: string): Promise<string> =>
  (await app.request(path, { headers: { Accept: "text/html" } })).text();

const of = (more: Partial<Query>): Query => ({
  measures: ["sales.revenue"],
  dimensions: ["customer.country"],
  ...more,
});
const QUERIES: readonly (readonly [what: string, query: Query])[] = [
  ["a range", of({ filters: [{ member: "date", operator: "in_range", values: ["2025-01-01", "2025-03-31"] }] })],
  ["a range of phrases", of({ filters: [{ member: "date", operator: "in_range", values: ["last month", "today"] }] })],
  [
    "ranges on two date roles",
    of({
      filters: [
        { member: "date", operator: "in_range", values: ["2025"] },
        { member: "delivered", operator: "in_range", values: ["2025-Q1"] },
      ],
    }),
  ],
  ["nothing of a list", of({ filters: [{ member: "customer.country", operator: "equals", values: [] }] })],
  ["an unknown member", of({ filters: [{ member: "customer.country", operator: "is_null" }] })],
  [
    "alternatives",
    of({
      filters: [
        {
          or: [
            { member: "customer.country", operator: "equals", values: ["Germany"] },
            { member: "customer.tier", operator: "equals", values: ["Gold"] },
          ],
        },
      ],
    }),
  ],
  [
    "a filter of customers",
    of({ filters: [{ member: "sales.revenue", operator: "gt", values: [9], scope: "entity" }] }),
  ],
  ["the largest", of({ top: [{ dimension: "customer.country", by: "sales.revenue", n: 2, others: true }] })],
  [
    "an order by two members",
    of({ order: [{ member: "customer.country", direction: "asc" }, { member: "sales.revenue" }] }),
  ],
  ["a comparison with a span", of({ compare: { dimension: "date", to: { by: "-3 months" } } })],
  ["a comparison with a range", of({ compare: { dimension: "date", to: { range: ["2024-01-01", "2024-03-31"] } } })],
  ["members as they were", of({ history: "as_was" })],
  ["a day that counts as today", of({ now: "2025-07-31" })],
  ["empty periods", of({ dimensions: ["date.month"], fillDates: true })],
  ["a limit", of({ limit: 15 })],
  ["chosen totals", of({ totals: [[], ["customer.country"]] })],
];

describe("the explorer's address", () => {
  test.each(QUERIES)("keeps %s", (_what, query) => {
    const back = there(query);
    const texts = (filters: Query["filters"]): string[] => (filters ?? []).map((each) => JSON.stringify(each)).sort();
    expect(texts(back.filters)).toEqual(texts(query.filters));
    for (const part of ["measures", "compare", "top", "history", "now", "fillDates", "limit"] as const)
      expect(back[part], part).toEqual(query[part]);
    if (query.order) expect(back.order).toEqual(query.order);
    if (query.totals) expect(back.totals).toEqual(query.totals);
  });

  test("keeps what each tile of a dashboard asks", () => {
    const queries = (shop.project.spec.dashboards ?? []).flatMap(({ tiles }) =>
      tiles.flatMap((tile) => (tile.kind === "kpi" ? [] : [tile.query])),
    );
    expect(queries.length).toBeGreaterThan(3);
    for (const query of queries) {
      const back = there(query);
      expect(back.measures).toEqual(query.measures);
      expect(back.dimensions).toEqual(query.dimensions);
      expect(back.compare).toEqual(query.compare);
      expect(back.filters).toEqual(query.filters);
    }
  });

  test("a removed dimension takes its top along", () => {
    const state = stateOfQuery(of({ top: [{ dimension: "customer.country", by: "sales.revenue", n: 2 }] }));
    expect(stateQuery({ ...state, by: ["customer.city"] }, catalog).top).toBeUndefined();
  });

  test("a range open at one end is a bound", () => {
    expect(periodFilter("2025-01-01..", "date")).toEqual({
      and: [{ member: "date.day", operator: "gte", values: ["2025-01-01"] }],
    });
  });
});

describe("a formula as people type it", () => {
  test.each([
    ["revenue / orders", "sales.revenue / sales.orders"],
    ["Revenue/cases", "sales.revenue/service.cases"],
    ["sales.revenue / orders", "sales.revenue / sales.orders"],
    ["case when orders > 3 then 'revenue' else null end", "case when sales.orders > 3 then 'revenue' else null end"],
    ["round(revenue, 2)", "round(sales.revenue, 2)"],
    ["nothing_like_it", "nothing_like_it"],
  ])("%s is %s", (typed, formula) => {
    expect(qualifyFormula(typed, ["sales.revenue"], catalog)).toBe(formula);
  });

  test("works with what is on the shelf", async () => {
    const moved = await app.request("/explore?measures=sales.revenue&calculation-formula=revenue+/+orders");
    const page = await html(moved.headers.get("location") ?? "");
    expect(page).not.toContain('class="problems"');
    expect(page).toMatch(/calculation 1/i);
  });
});

test("an error on a page names the problem and the remedy, and no path into a request", async () => {
  const page = await html("/explore?measures=sales.revenue&calculate=x%3Dsales.nothing%2F2");
  const problems = /<ul class="problems">.*?<\/ul>/s.exec(page)?.[0] ?? "";
  expect(problems).toContain("sales.nothing");
  expect(problems).not.toContain("$.");
});

describe("measures that do not suit the dimensions", () => {
  const path = "/explore?measures=sales.revenue,service.cases&by=sales.product";
  test("are left out, with the reason, and the others are shown", async () => {
    const page = await html(path);
    expect(page).toContain("Cases is left out: Service does not have Product.");
    expect(page).toContain("Teapot");
  });
  test("cannot be picked, and the menu says why", async () => {
    const page = await html("/explore?measures=sales.revenue&by=sales.product");
    expect(page).toMatch(/<h4>Service<span class="not"> · Service does not have Product/);
    expect(page).toMatch(/<button[^>]*value="service\.cases"[^>]*disabled/);
  });
});

describe("a table that leaves rows out", () => {
  const path =
    "/explore?measures=sales.revenue,sales.orders,sales.units,sales.buyers,sales.average_order" +
    "&by=customer.name&across=date.month";
  test("says how many there are next to it, and leads to all", async () => {
    const page = await html(path);
    const [, shown, whole] = /The first (\d+) of (\d+) rows/.exec(page) ?? [];
    expect(Number(shown)).toBeLessThan(Number(whole));
    const all = await html(`${path}&rows=all`);
    expect(all).not.toContain("data-left-out");
    expect(all.match(/<tr class="">/g)).toHaveLength(Number(whole));
  });
  test("shows whole rows: every number of a shown row is that of the whole answer", async () => {
    const cells = (page: string, name: string): string[] => {
      const row = new RegExp(`<tr class="">(?:(?!</tr>).)*>${name}<(.*?)</tr>`, "s").exec(page)?.[1] ?? "";
      return [...row.matchAll(/>([^<>]*)<\/(?:button|a|td)>/g)].map((match) => match[1] ?? "");
    };
    const few = await html(path);
    const all = await html(`${path}&rows=all`);
    const name = /<td class="member[^>]*><a[^>]*>(Customer \d+)</.exec(few)?.[1] ?? "";
    expect(name).not.toBe("");
    expect(cells(few, name)).toEqual(cells(all, name).slice(0, cells(few, name).length));
  });
  test("a number of a large table leads to its rows", async () => {
    const page = await html(`${path}&rows=all`);
    const [, place] = /<button name="at" value="(\d+\.\d+)">/.exec(page) ?? [];
    const moved = await app.request(`${path}&rows=all&at=${place}`);
    expect(moved.status).toBe(302);
    expect(moved.headers.get("location")).toMatch(/^\/explore\/rows\?measures=sales\.\w+&.*cell=customer\.name/);
  });
});
