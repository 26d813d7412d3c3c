import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { createApp } from "../../../api/app.ts";
import { inMemberOrder } from "../../../api/services/member-order.ts";
import { unfinishedFrom } from "../../../api/services/ripening.ts";
import { formatInstant } from "../../../api/pages/parts/instant.tsx";
import { evenColumn, formatValue } from "../../../api/charts/index.ts";
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { Column, Query, Result } from "../../../engine/model/query.ts";
import { openCampaignShop } from "../support/campaign-shop.ts";

const column = (name: string, kind: Column["kind"], more: Partial<Column> = {}): Column => ({
  name,
  kind,
  type: kind === "measure" ? "number" : "string",
  title: name,
  ...more,
});
const catalog = (measures: object[], attributes: object[] = []): CatalogView =>
  ({ cubes: [{ name: "sales", roles: [], attributes, measures }], roles: [] }) as unknown as CatalogView;

describe("rows in the order that their members mean", () => {
  const known = catalog([], [{ member: "deal.stage", order: ["Lead", "Offer", "Won"] }, { member: "deal.region" }]);
  const result = (rows: readonly (readonly [string, string])[], truncated = false): Result => ({
    columns: [column("deal.region", "dimension"), column("deal.stage", "dimension")],
    rows: rows.map(([region, stage]) => ({ "deal.region": region, "deal.stage": stage })),
    meta: { elapsedMs: 1, truncated } as Result["meta"],
  });
  const stages = (query: Partial<Query>, found: Result): string[] =>
    inMemberOrder(found, { measures: [], dimensions: ["deal.region", "deal.stage"], ...query }, known).rows.map(
      (row) => `${row["deal.region"]} ${row["deal.stage"]}`,
    );
  const mixed = result([
    ["north", "Won"],
    ["north", "Lead"],
    ["south", "other"],
    ["south", "Offer"],
  ]);

  test("are sorted within the members before them; members without a place come last", () => {
    expect(stages({}, mixed)).toEqual(["north Lead", "north Won", "south Offer", "south other"]);
  });
  test("stay as a query orders them, and where a limit has cut them", () => {
    const same = ["north Won", "north Lead", "south other", "south Offer"];
    expect(stages({ order: [{ member: "deal.stage" }] }, mixed)).toEqual(same);
    expect(stages({}, { ...mixed, meta: { ...mixed.meta, truncated: true } })).toEqual(same);
  });
});

describe("numbers that still grow", () => {
  const known = catalog([
    { member: "sales.returns", formula: "sum(returned)", ripensDays: 10 },
    { member: "sales.revenue", formula: "sum(amount)" },
    { member: "sales.return_rate", formula: "returns / revenue" },
  ]);
  test("are unfinished for as many days as they say, formulas included", () => {
    expect(unfinishedFrom(["sales.return_rate"], "2025-12-31", null, known)).toBe("2025-12-22");
    expect(unfinishedFrom(["sales.return_rate"], "2025-12-31", ["2025-01-01", "2025-12-22"], known)).toBe("2025-12-22");
  });
  test("are finished in periods before", () => {
    expect(unfinishedFrom(["sales.returns"], "2025-12-31", ["2025-01-01", "2025-12-21"], known)).toBeNull();
    expect(unfinishedFrom(["sales.revenue"], "2025-12-31", null, known)).toBeNull();
  });
});

describe("numbers and times", () => {
  test("a column has one number of decimals", () => {
    const money = column("m", "measure", { format: "currency", currency: "EUR" });
    const print = (values: number[]): string[] => values.map((value) => formatValue(value, evenColumn(money, values)));
    expect(print([9.5, 12_000])).toEqual(["€10", "€12,000"]);
    expect(print([9.5, 120])).toEqual(["€9.50", "€120.00"]);
    const days = column("d", "measure", { format: "days" });
    expect([4, 4.25].map((value) => formatValue(value, evenColumn(days, [4, 4.25])))).toEqual(["4.0 d", "4.3 d"]);
  });
  test("a time names its zone", () => {
    expect(formatInstant("2026-12-01T23:30:00Z", "Europe/Berlin")).toBe("2 Dec 2026, 00:30 CET");
    expect(formatInstant("2026-07-01T22:30:00Z", "Europe/Berlin")).toBe("2 Jul 2026, 00:30 CEST");
  });
});

describe("pages over a campaign's data", () => {
  let shop: Awaited<ReturnType<typeof openCampaignShop>>;
  let app: ReturnType<typeof createApp>;
  beforeAll(async () => {
    shop = await openCampaignShop();
    app = createApp({ project: shop.project });
  });
  afterAll(() => shop.close());
  const html = async (path: string): Promise<string> =>
    (await app.request(path, { headers: { Accept: "text/html" } })).text();

  test("a campaign is judged once its window is over, not on its last day", async () => {
    const page = await html("/campaigns");
    const section = page.slice(page.indexOf('id="experiment-watched"'));
    const running = section.slice(section.indexOf("Running campaigns"), section.indexOf("Lift in"));
    expect(running).toContain("winter");
    expect(running).toContain("autumn");
    expect(running).not.toContain("spring");
    const results = section.slice(section.indexOf("Results"));
    expect(results).toContain("spring");
    expect(results).not.toContain("/watched/winter");
    expect(section).toMatch(/Compared<\/span><b[^>]*>1</);
    expect(await html("/campaigns/watched/autumn")).toContain("Running until 1 Dec 2025");
    expect(await html("/campaigns/watched/spring")).not.toContain("Running until");
  });

  test("every page says until when its data reaches", async () => {
    expect(await html("/campaigns")).toMatch(/class="stated">.*Data until 1 Dec 2025/s);
  });

  test("pages are sent by brotli or gzip, and say the same", async () => {
    const plain = await html("/campaigns");
    for (const [accepted, open] of [
      ["br, gzip", brotliDecompressSync],
      ["gzip", gunzipSync],
    ] as const) {
      const answer = await app.request("/campaigns", {
        headers: { Accept: "text/html", "Accept-Encoding": accepted },
      });
      expect(answer.headers.get("content-encoding")).toBe(accepted.split(",")[0]);
      expect(answer.headers.get("vary")).toContain("Accept-Encoding");
      const sent = Buffer.from(await answer.arrayBuffer());
      expect(sent.length).toBeLessThan(plain.length / 4);
      expect(open(sent).toString().length).toBe(plain.length);
    }
    expect((await app.request("/campaigns")).headers.get("content-encoding")).toBeNull();
  });
});
