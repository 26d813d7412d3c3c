import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../../api/app.ts";
import { drillDown, nextLevel, trails } from "../../../api/pages/explore/drill.ts";
import { buildGrid } from "../../../api/pages/explore/grid.ts";
import { EMPTY_STATE, parseState, stateHref, type ExploreState } from "../../../api/pages/explore/state.ts";
import { stateOfQuery, stateQuery } from "../../../api/pages/explore/state-query.ts";
import { openSmallShop, type SmallShop } from "../support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  app = createApp({ project: shop.project });
});
afterAll(() => shop.close());

const page = async (path: string): Promise<string> =>
  (await app.request(path, { headers: { Accept: "text/html" } })).text();
const parse = (href: string): ExploreState => parseState(new URL(href, "http://x").searchParams);

describe("the address of a state", () => {
  const word = fc.stringMatching(/^[a-z][a-z_]{0,8}\.[a-z_]{1,8}$/);
  test("comes back as the same state, whatever the values", () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 3 }),
        fc.array(
          fc.tuple(
            word,
            fc.constantFrom("equals", "contains", "gt", "not_equals"),
            fc.array(
              fc.oneof(
                fc.string(),
                fc.constant(null),
                fc.constantFrom("gt:5", "a|b", "\\", "", "equals", "x:y", "50 % + 1 & more"),
              ),
              { minLength: 1, maxLength: 3 },
            ),
          ),
          { maxLength: 3 },
        ),
        fc.boolean(),
        (by, where, totals) => {
          const state: ExploreState = {
            ...EMPTY_STATE,
            measures: ["sales.revenue"],
            by: [...new Set(by)],
            where: where.map(([member, operator, values]) => ({ member, operator: operator as "equals", values })),
            totals,
            period: "last 12 months",
            sort: { member: "sales.revenue", direction: "desc" },
          };
          expect(parse(stateHref(state))).toEqual(state);
        },
      ),
      { numRuns: 400, seed: 3 },
    );
  });
  test("is readable", () => {
    expect(
      stateHref({
        ...EMPTY_STATE,
        measures: ["sales.revenue", "sales.orders"],
        by: ["customer.country"],
        where: [{ member: "customer.city", operator: "equals", values: ["Berlin", "São Paulo"] }],
        period: "last 12 months",
      }),
    ).toBe(
      "/explore?measures=sales.revenue,sales.orders&by=customer.country&where=customer.city:Berlin|S%C3%A3o+Paulo&period=last+12+months",
    );
  });
  test("a query becomes a state that asks the same", () => {
    const query = {
      measures: ["sales.revenue"],
      dimensions: ["customer.country"],
      filters: [
        { member: "date", operator: "in_range" as const, values: ["2025"] },
        { or: [{ member: "customer.tier", operator: "equals" as const, values: ["Gold"] }, { segment: "good" }] },
      ],
      totals: true,
    };
    const again = stateQuery(stateOfQuery(query), shop.project.catalog());
    expect(again).toMatchObject({ measures: query.measures, dimensions: query.dimensions, totals: true });
    expect(again.filters).toEqual(expect.arrayContaining([...query.filters]));
  });
});

describe("drilling", () => {
  test("a member leads to the level below, filtered to it, and the trail leads back", async () => {
    const catalog = shop.project.catalog();
    const start: ExploreState = { ...EMPTY_STATE, measures: ["sales.revenue"], by: ["customer.country"] };
    expect(nextLevel("customer.country", start, catalog)).toBe("customer.city");
    const down = drillDown(start, "customer.country", "Germany", catalog);
    expect(down).toMatchObject({ by: ["customer.city"], where: [{ member: "customer.country", values: ["Germany"] }] });
    const further = drillDown(down, "customer.city", "Berlin", catalog);
    expect(further.by).toEqual(["customer.name"]);
    const [trail] = trails(further, catalog);
    expect(trail!.crumbs.map((c) => c.value)).toEqual([null, "Germany", "Berlin"]);
    expect(trail!.crumbs[0]!.state).toEqual(start);
    expect(trail!.crumbs[1]!.state).toEqual(down);
  });
  test("the numbers below add up to the number above", async () => {
    const catalog = shop.project.catalog();
    const down = drillDown(
      { ...EMPTY_STATE, measures: ["sales.revenue"], by: ["date.year"] },
      "date.year",
      "2025-01-01",
      catalog,
    );
    expect(down.by).toEqual(["date.quarter"]);
    const { rows, totals } = await shop.project.query(stateQuery(down, catalog));
    expect(rows).toHaveLength(4);
    const year = (
      await shop.project.query({
        measures: ["sales.revenue"],
        filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
      })
    ).rows[0]!["sales.revenue"];
    expect(totals![0]!.row["sales.revenue"]).toBe(year);
  });
  test("the unknown member can be drilled into", async () => {
    const catalog = shop.project.catalog();
    const down = drillDown(
      { ...EMPTY_STATE, measures: ["sales.orders"], by: ["customer.country"] },
      "customer.country",
      null,
      catalog,
    );
    const { totals } = await shop.project.query(stateQuery(parse(stateHref(down)), catalog));
    expect(totals![0]!.row["sales.orders"]).toBe(7);
  });
});

describe("the grid", () => {
  const state: ExploreState = {
    ...EMPTY_STATE,
    measures: ["sales.revenue", "sales.buyers"],
    by: ["customer.country", "customer.city"],
  };
  test("is a tree: subtotals above their members, sorted by the measure on every level, unknown members last only if they are least", async () => {
    const grid = buildGrid(await shop.project.query(stateQuery(state, shop.project.catalog())), state);
    expect(grid.tree).toBe(true);
    const tops = grid.rows.filter((r) => r.kind === "subtotal").map((r) => Number(r.cells[0]));
    expect(tops).toEqual([...tops].sort((a, b) => b - a));
    expect(grid.rows.at(-1)!.kind).toBe("total");
    for (const [i, row] of grid.rows.entries())
      if (row.kind === "row")
        expect(grid.rows.slice(0, i).findLast((r) => r.kind === "subtotal")!.members[0]).toBe(row.members[0]);
  });
  test("lays a dimension across, with totals from the facts on both sides", async () => {
    const across: ExploreState = { ...state, by: ["customer.country"], across: "date.year" };
    const grid = buildGrid(await shop.project.query(stateQuery(across, shop.project.catalog())), across);
    expect(grid.acrossMembers).toEqual(["2024-01-01", "2025-01-01"]);
    const total = grid.rows.at(-1)!;
    const whole = (await shop.project.query({ measures: ["sales.revenue", "sales.buyers"] })).rows[0]!;
    expect(total.cells.slice(-2)).toEqual([whole["sales.revenue"], whole["sales.buyers"]]);
    // distinct buyers of two years are fewer than the years' buyers together
    expect(Number(total.cells[1]) + Number(total.cells[3])).toBeGreaterThan(Number(total.cells[5]));
  });
});

describe("the page", () => {
  test("shows chart, table, export links and the drill links", async () => {
    const text = await page("/explore?measures=sales.revenue&by=customer.country&period=2025");
    expect(text).toContain("<svg");
    expect(text).toContain(
      "/explore?measures=sales.revenue&amp;by=customer.city&amp;where=customer.country:Germany&amp;period=2025",
    );
    for (const format of ["csv", "xlsx", "arrow", "json"]) expect(text).toContain(`format=${format}`);
  });
  test("every change is a form or a link: it works without script", async () => {
    const added = await app.request("/explore?measures=sales.revenue&add-by=customer.country");
    expect(added.headers.get("location")).toBe("/explore?measures=sales.revenue&by=customer.country");
    const filtered = await app.request(
      "/explore?measures=sales.revenue&condition-member=customer.country&condition-operator=not_equals&condition-value=Germany&condition-value=(unknown)",
    );
    expect(parse(filtered.headers.get("location")!).where).toEqual([
      { member: "customer.country", operator: "not_equals", values: ["Germany", null] },
    ]);
    const ranged = await app.request("/explore?measures=sales.revenue&from=2025-01-01&until=2025-03-31");
    expect(ranged.headers.get("location")).toBe("/explore?measures=sales.revenue&period=2025-01-01..2025-03-31");
  });
  test("a wrong question shows what is wrong and keeps the shelves", async () => {
    const text = await page("/explore?measures=sales.revenu&by=customer.country");
    expect(text).toContain("did you mean");
    expect(text).toContain("Search measures");
  });
  test("says so where nothing passes", async () => {
    expect(await page("/explore?measures=sales.revenue&by=customer.country&where=customer.city:Nowhere")).toContain(
      "No rows",
    );
  });
  test("shows the rows behind a number, and their CSV", async () => {
    const path = "/explore/rows?measures=sales.revenue&cell=customer.country:Germany";
    expect(await page(path)).toContain("The rows behind Revenue");
    const lines = (await (await app.request(`${path}&format=csv`)).text()).trim().split("\r\n");
    const orders = (
      await shop.project.query({
        measures: ["sales.orders"],
        filters: [{ member: "customer.country", operator: "equals", values: ["Germany"] }],
      })
    ).rows[0]!["sales.orders"];
    expect(lines).toHaveLength(Number(orders) + 1);
  });
  test("explains with the statement", async () => {
    expect(await page("/explore?measures=sales.revenue&by=customer.country&explain=1")).toContain(
      "How this was answered",
    );
  });
});

describe("dashboards", () => {
  test("show each tile's number as the query gives it", async () => {
    const revenue = (
      await shop.project.query({
        measures: ["sales.revenue"],
        filters: [{ member: "date", operator: "in_range", values: ["2025"] }],
      })
    ).rows[0]!["sales.revenue"];
    expect(await page("/")).toContain(
      `€${Number(revenue).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`,
    );
  });
  test("a filter that a tile's facts do not know is said, not silently dropped", async () => {
    const text = await page("/?sales.channel=web");
    expect(text).toContain("all of Channel");
    expect(text).toContain("Not filtered by Channel");
  });
  test("a filter changes the numbers it reaches", async () => {
    const german = (
      await shop.project.query({
        measures: ["service.cases"],
        filters: [
          { member: "date", operator: "in_range", values: ["2025"] },
          { member: "customer.country", operator: "equals", values: ["Germany"] },
        ],
      })
    ).rows[0]!["service.cases"];
    expect(await page("/?customer.country=Germany")).toMatch(new RegExp(`class="value"[^>]*>${String(german)}<`));
  });
  test("text from the data is text on the page", async () => {
    expect(await page("/explore?measures=sales.revenue&by=customer.name")).not.toContain("<script>alert(1)");
    expect(await page("/customers?search=alert")).toContain("&lt;script&gt;alert(1)");
  });
});
