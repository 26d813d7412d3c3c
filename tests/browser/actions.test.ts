import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type RunningServer } from "../../api/server.ts";
import { runLoad } from "../../etl/index.ts";
import { openSmallShop, type SmallShop } from "../api/support/small-shop.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"];

describe.skipIf(!existsSync(CHROMIUM))(`actions in Chromium (skipped where ${CHROMIUM} is absent)`, () => {
  let shop: SmallShop, server: RunningServer, browser: Browser;
  beforeAll(async () => {
    shop = await openSmallShop();
    // a second load, which has a version before it
    shop.addOrders("second", ["401,2025-12-05,5,Cup,web,2,10.00"]);
    await runLoad({ folder: shop.folder });
    await shop.project.refresh();
    server = await startServer({ project: shop.project, port: 0 });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(500);
    await shop?.close();
  });

  const withPage = async (work: (page: Page) => Promise<void>, script = true): Promise<void> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 700 }, javaScriptEnabled: script });
    try {
      await work(page);
    } finally {
      await page.context().close();
    }
  };
  const focused = (page: Page): Promise<string> =>
    page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
    );

  test("a single letter goes nowhere, in the first second either", () =>
    withPage(async (page) => {
      await page.goto(server.url);
      for (const key of ["e", "c", "s", "l", "m", "d"]) await page.keyboard.press(key);
      // another key in between ends the combination
      for (const key of ["g", "x", "e"]) await page.keyboard.press(key);
      await page.waitForTimeout(300);
      expect(new URL(page.url()).pathname).toBe("/");
      await page.keyboard.press("g");
      await page.keyboard.press("e");
      await page.waitForURL(/\/explore/);
    }));

  test("a reader can turn the keys off", () =>
    withPage(async (page) => {
      await page.goto(server.url);
      await page.locator("[data-help]").click();
      await page.locator("#keys-on").uncheck();
      await page.reload();
      await page.keyboard.press("g");
      await page.keyboard.press("e");
      await page.waitForTimeout(300);
      expect(new URL(page.url()).pathname).toBe("/");
    }));

  test("the focus stays in the menu that something was chosen from", () =>
    withPage(async (page) => {
      await page.goto(`${server.url}/explore?measures=sales.revenue`);
      await page.getByLabel("Add a dimension").focus();
      await page.keyboard.press("Enter");
      await page.locator("details[open] input[data-filter]").fill("loyalty");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL(/by=customer\.tier/);
      await expect.poll(() => focused(page)).toBe("Add a dimension");
    }));

  test("the focus comes near what was removed", () =>
    withPage(async (page) => {
      await page.goto(`${server.url}/explore?measures=sales.revenue&by=customer.tier`);
      await page.locator("section.shelves .chip", { hasText: "Loyalty" }).getByLabel("Remove").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => !url.search.includes("by="));
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.closest("section.shelves") !== null))
        .toBe(true);
    }));

  test("the page stays where it is scrolled to, and the focus on what was clicked", () =>
    withPage(async (page) => {
      await page.goto(`${server.url}/explore?measures=sales.revenue,sales.orders&by=customer.name`);
      await page.evaluate(() => window.scrollTo(0, 300));
      await page.locator(".grid-table th a", { hasText: "Orders" }).click();
      await page.waitForURL(/sort=-sales\.orders/);
      await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(250);
      expect(await focused(page)).toContain("Orders");
    }));

  test("an irreversible button asks, and does nothing when the answer is no", () =>
    withPage(async (page) => {
      const newest = (await (await fetch(`${server.url}/v1/loads`)).json()) as { readonly loads: { id: string }[] };
      await page.goto(`${server.url}/data/loads/${newest.loads[0]?.id}`);
      const address = page.url();
      const questions: string[] = [];
      page.on("dialog", (dialog) => {
        questions.push(dialog.message());
        void dialog.dismiss();
      });
      const before = shop.project.manifest().version;
      await page.getByRole("button", { name: "Roll back load…" }).click();
      await page.waitForTimeout(300);
      expect(questions).toHaveLength(1);
      expect(page.url()).toBe(address);
      expect(shop.project.manifest().version).toBe(before);
    }));

  test("without script, a page of its own asks", () =>
    withPage(async (page) => {
      const first = shop.project.manifest().version;
      shop.addOrders("consent", ["402,2025-12-06,5,Cup,web,2,10.00"]);
      await page.goto(`${server.url}/data`);
      await page.locator("tr", { hasText: "Orders" }).first().getByRole("button", { name: /^Run / }).click();
      await page.waitForURL(/\/data\/loads\//);
      const load = page.url();
      await expect
        .poll(async () => (await page.goto(load), page.locator(".badge", { hasText: "published" }).count()), {
          timeout: 60_000,
        })
        .toBeGreaterThan(0);
      // the page may know of the load before the server serves its version
      await expect.poll(() => shop.project.manifest().version).toBeGreaterThan(first);
      const version = shop.project.manifest().version;
      await page.getByRole("button", { name: "Roll back load…" }).click();
      expect(await page.locator("h1").innerText()).toMatch(/^Roll back load .+\?$/);
      expect(shop.project.manifest().version).toBe(version);
      await page.getByRole("button", { name: "Roll back load" }).click();
      await page.waitForURL(/\/data$/);
      expect(shop.project.manifest().version).toBeLessThan(version);
    }, false));

  test("a link on a tile can be clicked, and leads to the drivers of the change", () =>
    withPage(async (page) => {
      await page.goto(server.url);
      await page.locator(".kpi", { hasText: "Revenue" }).getByText("why?").click();
      await page.waitForURL(/\/why\?/);
      expect(new URL(page.url()).searchParams.get("measures")).toBe("sales.revenue");
      expect(await page.locator("h1").innerText()).toContain("Revenue");
    }));
});
