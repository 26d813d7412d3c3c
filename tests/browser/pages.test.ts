import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { startServer, type RunningServer } from "../../api/server.ts";
import { openCampaignShop } from "../api/support/campaign-shop.ts";
import { openSmallShop, type SmallShop } from "../api/support/small-shop.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe.skipIf(!existsSync(CHROMIUM))(`in Chromium (skipped where ${CHROMIUM} is absent)`, () => {
  let shop: SmallShop, server: RunningServer, browser: Browser, page: Page;
  const said: string[] = [],
    asked: string[] = [];

  beforeAll(async () => {
    shop = await openSmallShop();
    server = await startServer({ project: shop.project, port: 0 });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(500);
    await shop?.close();
  });

  const open = async (
    options: { readonly width?: number; readonly dark?: boolean; readonly script?: boolean } = {},
  ): Promise<Page> => {
    const made = await browser.newPage({
      viewport: { width: options.width ?? 1440, height: 900 },
      colorScheme: options.dark ? "dark" : "light",
      javaScriptEnabled: options.script ?? true,
    });
    made.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") said.push(`${message.type()}: ${message.text()}`);
    });
    made.on("pageerror", (error) => said.push(`pageerror: ${error.message}`));
    made.on("request", (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) asked.push(request.url());
    });
    return made;
  };
  beforeEach(async () => {
    said.length = 0;
    asked.length = 0;
    page = await open();
  });
  afterEach(async () => {
    await page.context().close();
  });

  const go = (path: string): Promise<unknown> => page.goto(server.url + path, { waitUntil: "networkidle" });
  const firstRow = (): Promise<string> => page.locator(".grid-table tbody tr").first().innerText();

  const PATHS = [
    "/",
    "/dashboards/service",
    "/explore",
    "/explore?measures=sales.revenue,service.cases&by=customer.country,customer.city&period=2025&compare=previous_year&explain=1",
    "/explore?measures=sales.revenue&by=customer.country&across=date.quarter&chart=heatmap",
    "/explore/rows?measures=sales.revenue&cell=customer.country:Germany",
    "/why?measures=sales.revenue&period=2025&compare=previous_year",
    "/programme",
    "/segments",
    "/customers?search=customer",
    "/customers/7",
    "/data",
    "/data/jobs/orders",
    "/model",
    "/docs",
    "/nothing-here",
  ];

  test("no page asks another origin for anything, or complains", async () => {
    for (const path of PATHS) {
      await go(path);
      expect(asked, path).toEqual([]);
      expect(
        said.filter((s) => !(path === "/nothing-here" && s.includes("404"))),
        path,
      ).toEqual([]);
      said.length = 0;
    }
  });

  test("a click on a member goes down a level, Back undoes it", async () => {
    await go("/explore?measures=sales.revenue&by=customer.country");
    const before = await firstRow();
    await page.locator(".grid-table a[data-drill]", { hasText: "Germany" }).click();
    await page.waitForURL(/by=customer\.city/);
    expect(page.url()).toContain("where=customer.country:Germany");
    expect(await page.locator(".trail").innerText()).toContain("Germany");
    expect(await page.locator(".grid-table tbody").innerText()).toMatch(/Berlin|Hamburg|Munich/);
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes("where"));
    expect(await firstRow()).toBe(before);
  });

  test("a breadcrumb leads up again", async () => {
    await go("/explore?measures=sales.revenue&by=customer.city&where=customer.country:Germany");
    await page.locator("a[data-crumb]").first().click();
    await page.waitForURL(/by=customer\.country/);
    expect(page.url()).not.toContain("where");
  });

  test("a click on a bar drills as well", async () => {
    await go("/explore?measures=sales.revenue&by=customer.country&chart=bar");
    await page.waitForSelector("html[data-charts=ready]");
    const bar = page.locator("[data-chart] svg a rect").first();
    await bar.hover();
    await page.locator("[data-chart] svg a rect").first().click();
    await page.waitForURL(/where=customer\.country/);
    expect(page.url()).toContain("by=customer.city");
  });

  test("the pointer over a chart shows the number", async () => {
    await go("/");
    await page.waitForSelector("html[data-charts=ready]");
    const chart = page.locator("[data-chart]").first();
    await chart.scrollIntoViewIfNeeded();
    const box = (await chart.boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 20);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await expect
      .poll(() => page.locator("[data-chart] svg [data-mark=tip] text").first().textContent())
      .toMatch(/2025[\s\S]*Revenue\s+€/);
    expect(said).toEqual([]);
  });

  test("a picker is searched by typing and chosen by keys", async () => {
    await go("/explore?measures=sales.revenue");
    await page.getByLabel("Add a dimension").click();
    await page.locator("details[open] input[data-filter]").fill("loyalty");
    expect(await page.locator("details[open] [data-option]:visible").count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/by=customer\.tier/);
  });

  test("a filter is made by ticking members", async () => {
    await go("/explore?measures=sales.revenue&by=customer.country&pick=customer.country");
    await page.locator(".filter-editor label", { hasText: "France" }).click();
    await page.locator(".filter-editor label", { hasText: "Poland" }).click();
    await page.locator(".filter-editor button[type=submit]").click();
    await page.waitForURL(/where=customer\.country:France\|Poland/);
    expect(await page.locator(".grid-table tbody tr").count()).toBe(3);
  });

  test("sorting, totals and pivoting are links with an address of their own", async () => {
    await go("/explore?measures=sales.revenue,sales.orders&by=customer.country");
    await page.locator(".grid-table th a", { hasText: "Orders" }).click();
    await page.waitForURL(/sort=-sales\.orders/);
    const values = (await page.locator(".grid-table tbody tr:not(.total) td:nth-child(3)").allInnerTexts()).map((t) =>
      Number(t.replaceAll(",", "")),
    );
    expect(values).toEqual([...values].sort((a, b) => b - a));
    await page.locator("a[title='Lay out across']").first().click();
    await page.waitForURL(/across=customer\.country/);
    expect(await page.locator(".grid-table th.across").count()).toBeGreaterThan(3);
  });

  test("the dashboard's filters and period are in the address, and change the numbers", async () => {
    await go("/");
    const before = await page.locator(".kpi .value").first().innerText();
    await page.getByLabel("Filter by Country").click();
    await page.locator("details[open] label", { hasText: "France" }).click();
    await page.locator("details[open] button[type=submit]").click();
    await page.waitForURL(/customer\.country=France/);
    expect(await page.locator(".kpi .value").first().innerText()).not.toBe(before);
    await page.goBack();
    expect(await page.locator(".kpi .value").first().innerText()).toBe(before);
  });

  test("keys: ? shows help, g and e go to the explorer", async () => {
    await go("/");
    await page.keyboard.press("?");
    expect(await page.locator("dialog#keyboard").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.waitForURL(/\/explore/);
  });

  test("everything needed works without script", async () => {
    await page.context().close();
    page = await open({ script: false });
    await page.goto(`${server.url}/explore?measures=sales.revenue`);
    await page.getByLabel("Add a dimension").click();
    await page.locator("details[open] button[value='customer.country']").click();
    await page.waitForURL(/by=customer\.country/);
    expect(await page.locator("[data-chart] svg").count()).toBe(1);
    await page.locator("a[data-drill]", { hasText: "Poland" }).click();
    await page.waitForURL(/by=customer\.city/);
    await page.goto(`${server.url}/customers`);
    await page.locator("input[name=search]").fill("muller");
    await page.keyboard.press("Enter");
    await page.waitForURL(/search=muller/);
    expect(await page.locator("tbody tr").count()).toBe(1);
  });

  test("a load started on the page is followed to its end, then rolled back after asking", async () => {
    shop.addOrders("browser", ["401,2025-12-05,5,Cup,web,2,1000.00"]);
    await go("/data");
    await page.locator("tr", { hasText: "Orders" }).first().getByRole("button", { name: /^Run / }).click();
    await page.waitForURL(/\/data\/loads\//);
    await page.locator(".badge", { hasText: "published" }).first().waitFor({ timeout: 60_000 });
    expect(await page.locator(".accounting").innerText()).toContain("1 read = 1 written");
    page.once("dialog", (dialog) => {
      expect(dialog.message()).toContain("before this load");
      void dialog.accept();
    });
    await page.getByRole("button", { name: "Roll back load…" }).click();
    await page.waitForURL(/\/data$/);
    expect(await page.locator(".badge", { hasText: "rolled back" }).count()).toBe(1);
  });

  test("campaigns and channels fit a phone, light and dark; a budget form keeps its values in the address", async () => {
    const own = await openCampaignShop();
    const other = await startServer({ project: own.project, port: 0 });
    try {
      for (const dark of [false, true]) {
        const phone = await browser.newPage({
          viewport: { width: 420, height: 900 },
          colorScheme: dark ? "dark" : "light",
        });
        for (const path of ["/campaigns", "/campaigns/seasons/spring", "/channels", "/channels?of=media&budget=1"]) {
          await phone.goto(other.url + path, { waitUntil: "networkidle" });
          expect(await phone.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(420);
        }
        await phone.context().close();
      }
      const tab = await open({ script: false });
      await tab.goto(`${other.url}/campaigns`);
      await tab.getByRole("link", { name: "spring" }).first().click();
      await tab.waitForURL(/\/campaigns\/seasons\/spring$/);
      expect(await tab.locator("main").innerText()).toContain("+20.0 pts");
      await tab.goto(`${other.url}/channels`);
      await tab.locator("input[name=budget]").fill("6000");
      await tab.locator('input[name="least.Search"]').fill("4000");
      await tab.getByRole("button", { name: "Recalculate budget" }).click();
      await tab.waitForURL(/budget=6000/);
      expect(new URL(tab.url()).search).toBe("?of=media&least.Search=4000&budget=6000");
      expect(await tab.locator(".figures").first().innerText()).toContain("€6K");
    } finally {
      await other.close(200);
      await own.close();
    }
  });
});
