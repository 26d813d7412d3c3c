import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tessera } from "../api/cli/_cli.ts";
import { focusFaults, layoutFaults, panelFaults, printFaults } from "./support/examine-layout.ts";
import { openDemoSite, type DemoSite } from "./support/demo-site.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [390, 1024, 1280, 1920];
/** A company is built, loaded and mined first. */
const SETUP_MS = 600_000;
/** What a page may send before its first content can be read, compressed. */
const MOST_BYTES = 150 * 1024;
/** First content of the fastest of four visits; generous, as a test machine does several things at once. */
const MOST_MS = 1500;

const PAGES = [
  "/",
  "/dashboards/sales",
  "/dashboards/service",
  "/dashboards/customers",
  "/dashboards/marketing",
  "/dashboards/programme",
  "/explore",
  "/explore?measures=sales.revenue,sales.orders,sales.return_rate&by=customer.region,customer.city&across=date.month&period=2025",
  "/explore?measures=sales.revenue,service.first_answer&by=product.department&explain=1&compare=previous_year&period=2025",
  "/explore?measures=sales.revenue&by=customer.country&pick=customer.country",
  "/explore?measures=sales.revenue&calculate=x%3Dsales.nothing%2F2",
  "/explore/rows?measures=sales.revenue&cell=customer.country:Germany",
  "/why?measures=sales.revenue&period=2025&compare=previous_year",
  "/customers",
  "/customers?search=nobody-has-this-name",
  "/segments",
  "/segments/models/churn",
  "/segments/models/together",
  "/segments/models/lifetime",
  "/campaigns",
  "/campaigns/plan",
  "/channels",
  "/lists",
  "/programme",
  "/data",
  "/data/identities",
  "/data/jobs/desk_cases",
  "/model",
  "/docs",
  "/nothing-here",
];

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
  }[];
}

/** @param rules names of rules; default all */
const axeFaults = async (page: Page, rules?: readonly string[]): Promise<string[]> => {
  await page.evaluate(AXE);
  const found = await page.evaluate((only) => {
    const { axe } = globalThis as unknown as { axe: { run(of: Document, how: object): Promise<unknown> } };
    return axe.run(document, { resultTypes: ["violations"], ...(only && { runOnly: only }) });
  }, rules);
  return (found as AxeResult).violations.map(
    ({ id, nodes }) => `axe: ${id}, ${nodes.length} times: ${nodes[0]?.target.join(" ")}: ${nodes[0]?.failureSummary}`,
  );
};

/** Milliseconds to the first content, as the browser saw it. */
const firstContent = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const known = performance.getEntriesByName("first-contentful-paint")[0];
        if (known) return resolve(known.startTime);
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") resolve(entry.startTime);
        }).observe({ type: "paint", buffered: true });
        setTimeout(() => resolve(performance.now()), 3000);
      }),
  );

/** Compressed bytes of the page itself. */
const weight = async (url: string): Promise<number> => {
  const answer = await fetch(url, { headers: { Accept: "text/html", "Accept-Encoding": "br" } });
  // fetch decompresses, but tells what was sent where the length is known
  const sent = answer.headers.get("content-length");
  await answer.arrayBuffer();
  return Number(sent ?? Infinity);
};

describe.skipIf(!existsSync(CHROMIUM))(`every page in Chromium (skipped where ${CHROMIUM} is absent)`, () => {
  let site: DemoSite, browser: Browser, context: BrowserContext;

  beforeAll(async () => {
    site = await openDemoSite();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    // axe is injected, which the pages' own policy forbids
    context = await browser.newContext({ bypassCSP: true });
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** @param path of a page of the site, or the address of a file */
  const findings = async (path: string): Promise<string[]> => {
    const address = path.startsWith("/") ? site.url + path : path;
    const found: string[] = [];
    let fastest = Infinity;
    const page = await context.newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith(site.url) && request.url() !== address && !request.url().startsWith("data:"))
        found.push(`asks another origin: ${request.url()}`);
    });
    page.on("pageerror", (error) => found.push(`script fails: ${error.message}`));
    try {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
        await page.goto(address, { waitUntil: "load" });
        await page.waitForFunction(
          () => !document.querySelector("[data-chart]") || document.documentElement.dataset["charts"] === "ready",
        );
        const at = (faults: readonly string[]): void => {
          found.push(...faults.map((fault) => `${width} px: ${fault}`));
        };
        at(await layoutFaults(page));
        at(await panelFaults(page));
        fastest = Math.min(fastest, await firstContent(page));
        if (width === 1280) {
          at(await axeFaults(page));
          await page.emulateMedia({ colorScheme: "dark" });
          // of what axe looks at, only colours differ
          at((await axeFaults(page, ["color-contrast"])).map((fault) => `dark ${fault}`));
          await page.emulateMedia({ colorScheme: "light" });
          at(await focusFaults(page));
          at(await printFaults(page));
        }
      }
    } finally {
      await page.close();
    }
    if (fastest > MOST_MS) found.push(`first content after ${Math.round(fastest)} ms`);
    const bytes = path.startsWith("/") ? await weight(address) : 0;
    if (bytes > MOST_BYTES) found.push(`sends ${bytes} bytes`);
    return [...new Set(found)];
  };

  test("a customer", async () => {
    const { url } = site;
    const found = (await (await fetch(`${url}/v1/customers?limit=1`)).json()) as {
      readonly customers: readonly { readonly "customer.customer_id": unknown }[];
    };
    const key = String(found.customers[0]?.["customer.customer_id"]);
    expect(await findings(`/customers/${key}`)).toEqual([]);
  });

  test("a notebook", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tessera-notebook-"));
    try {
      const out = join(folder, "notebook.html");
      const answer = await tessera(["notebook", "meet-the-data", "--out", out], {
        cwd: folder,
        env: { TESSERA_HOME: site.home },
      });
      expect(answer.code, answer.stderr).toBe(0);
      expect(await findings(pathToFileURL(out).href)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.each(PAGES)("%s", async (path) => {
    expect(await findings(path)).toEqual([]);
  });
});
