import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProject, type OpenProject } from "../../index.ts";
import { mineInProcess } from "../../mining.ts";
import { startSession, type Session } from "../api/cli/_cli.ts";
import { demoFolder, loadedDemo, type LoadedDemo } from "../etl/demo/_demo.ts";

let demo: LoadedDemo;
let project: OpenProject;
const folder = mkdtempSync(join(tmpdir(), "tessera-notebooks-"));
let session: Session;
const tessera: Session["tessera"] = (args, start) => session.tessera(args, start);
beforeAll(async () => {
  session = await startSession();
  demo = await loadedDemo();
  await mineInProcess({ spec: demo.spec, folder: demoFolder, models: ["lifetime", "churn"] });
  project = (await openProject(demo.spec, { folder: demoFolder })) as unknown as OpenProject;
});
afterAll(async () => {
  session?.end();
  await project?.close();
  demo?.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Made {
  readonly html: string;
  readonly document: Document;
}
const pages = new Map<string, Promise<Made>>();
/** A notebook's page, made once. */
const page = (name: string): Promise<Made> => {
  const made = pages.get(name) ?? run(name);
  pages.set(name, made);
  return made;
};

/** Runs a notebook by its command, and reads the page it wrote. */
async function run(name: string): Promise<Made> {
  const out = join(folder, `${name}.html`);
  const answer = await tessera(["notebook", name, "--out", out], {
    cwd: folder,
    env: { TESSERA_HOME: dirname(demo.home) },
  });
  expect(answer.code, answer.stderr).toBe(0);
  expect(answer.stdout).toBe(`${out}\n`);
  const html = readFileSync(out, "utf8");
  return { html, document: parseHTML(html).document as unknown as Document };
}

const words = (document: Document): string =>
  (document.querySelector("main")!.textContent ?? "").replaceAll(/\s+/g, " ");

/** Nothing on the page is fetched from anywhere, and no number is missing. */
function expectSound({ html, document }: { readonly html: string; readonly document: Document }): void {
  expect(html).not.toMatch(/<(?:script|link|img|iframe)\b|url\(|@import/i);
  expect([...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toEqual([]);
  expect(words(document)).not.toMatch(/NaN|undefined|Infinity|\[object|null/);
  for (const svg of document.querySelectorAll("svg[role=img]")) {
    expect(svg.getAttribute("aria-label")).toMatch(/\w+ \w+/);
    expect(svg.outerHTML).not.toMatch(/NaN/);
  }
}

describe("Meet the data", () => {
  it("writes a self-contained page with charts, tables and numbers of the warehouse", async () => {
    const made = await page("meet-the-data");
    expectSound(made);
    expect(made.document.querySelectorAll("svg[role=img]")).toHaveLength(4);
    expect(made.document.querySelectorAll("table").length).toBeGreaterThanOrEqual(3);
    const {
      rows: [all],
    } = await project.query({ measures: ["sales.lines", "sales.orders", "sales.buyers"] });
    const shown = words(made.document);
    expect(shown).toContain(
      `${Number(all!["sales.lines"]).toLocaleString("en")} order lines in ${Number(all!["sales.orders"]).toLocaleString("en")} orders by ${Number(all!["sales.buyers"]).toLocaleString("en")} customers`,
    );
    expect(shown).toContain("no row is unaccounted for");
  });

  it("adds months up to the cube's years", async () => {
    const { document } = await page("meet-the-data");
    const { rows } = await project.query({ measures: ["sales.revenue", "sales.orders"], dimensions: ["date.year"] });
    const cells = [...document.querySelectorAll("table")[0]!.querySelectorAll("tbody tr")].map((line) =>
      [...line.querySelectorAll("td")].map((cell) => cell.textContent),
    );
    expect(cells.map(([year, revenue, orders]) => [year, revenue, orders])).toEqual(
      rows.map((row) => [
        String(row["date.year"]).slice(0, 4),
        `€${Math.round(Number(row["sales.revenue"])).toLocaleString("en")}`,
        Number(row["sales.orders"]).toLocaleString("en"),
      ]),
    );
  });
});

describe("Campaign verdict", () => {
  it("has a row for each campaign that matches the engine's answer", async () => {
    const made = await page("campaign-verdict");
    expectSound(made);
    const verdicts = await project.experiment({
      cube: "assignments",
      treated: "assignments.treated",
      by: "campaign.name",
      outcomes: ["assignments.conversions"],
    });
    const lines = [...made.document.querySelectorAll("tbody tr")].map((line) =>
      [...line.querySelectorAll("td")].slice(0, 3).map((cell) => cell.textContent),
    );
    expect(lines.length).toBeGreaterThan(5);
    const byText = (a: readonly string[], b: readonly string[]): number => (a.join() < b.join() ? -1 : 1);
    expect(lines.sort(byText)).toEqual(
      verdicts
        .filter((v) => v.group !== null && v.treated > 0 && v.control > 0)
        .map((v) => [String(v.group), v.treated.toLocaleString("en"), v.control.toLocaleString("en")])
        .sort(byText),
    );
  });
});

describe("RFM and migration", () => {
  it("balances the migration matrix over all buyers", async () => {
    const made = await page("rfm-migration");
    expectSound(made);
    expect(made.document.querySelectorAll("svg[role=img]")).toHaveLength(2);
    const [groups, moves] = [...made.document.querySelectorAll("table")].map((each) =>
      [...each.querySelectorAll("tbody tr")].map((line) =>
        [...line.querySelectorAll("td")].map((cell) => cell.textContent!),
      ),
    );
    const number = (text: string): number => Number(text.replaceAll(",", ""));
    const {
      rows: [bought],
    } = await project.sql(
      "SELECT count(DISTINCT customer_id)::INTEGER AS n FROM fact_sales WHERE order_date <= (SELECT " +
        "max(order_date) FROM fact_sales)",
    );
    expect(moves!.reduce((sum, line) => sum + number(line.at(-1)!), 0)).toBe(bought!["n"]);
    for (const line of moves!)
      expect(line.slice(1, -1).reduce((sum, cell) => sum + number(cell), 0)).toBe(number(line.at(-1)!));
    groups!.forEach((line, i) =>
      expect(moves!.reduce((sum, row) => sum + number(row[i + 1]!), 0)).toBe(number(line[1]!)),
    );
  });
});

describe("Lifetime value, churn, attribution and budget", () => {
  it("show the figures of their models' reports in self-contained pages", async () => {
    const [lifetime, churn, attribution] = [
      await page("lifetime-value"),
      await page("churn"),
      await page("attribution-budget"),
    ];
    for (const made of [lifetime, churn, attribution]) expectSound(made);
    const { rows } = await project.sql("SELECT report FROM report_churn");
    const auc = (
      JSON.parse(String(rows[0]!["report"])) as { figures: { title: string; value: number }[] }
    ).figures.find((f) => f.title.startsWith("AUC"))!.value;
    expect(words(churn.document)).toContain(`AUC is ${auc.toFixed(3)}`);
    const bands = [...lifetime.document.querySelectorAll("table")[0]!.querySelectorAll("tbody tr")].map(
      (line) => line.querySelector("td")!.textContent,
    );
    expect(bands).toEqual([...bands].sort());
    expect(bands.length).toBeGreaterThanOrEqual(3);
    const lines = [...attribution.document.querySelectorAll("table")[0]!.querySelectorAll("tbody tr")].map((line) =>
      [...line.querySelectorAll("td")].slice(1, 6).map((cell) => Number(cell.textContent!.replaceAll(",", ""))),
    );
    const sums = [0, 1, 2, 3, 4].map((i) => lines.reduce((sum, line) => sum + line[i]!, 0));
    for (const sum of sums) expect(Math.abs(sum - sums[0]!)).toBeLessThanOrEqual(lines.length);
  });
});

describe("the command", () => {
  it("lists the notebooks, and suggests the nearest name", async () => {
    expect(await tessera(["notebook"], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: "attribution-budget\ncampaign-verdict\nchurn\nlifetime-value\nmeet-the-data\nrfm-migration\n",
    });
    expect(await tessera(["notebook", "meet-the-date"], { cwd: folder })).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining('did you mean "meet-the-data"?') as string,
    });
  });

  it("explains what to do before the first load", async () => {
    expect(
      await tessera(["notebook", "meet-the-data"], { cwd: folder, env: { TESSERA_HOME: join(folder, "empty") } }),
    ).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/nothing has been loaded yet[\s\S]*tessera load/) as string,
    });
  });
});
