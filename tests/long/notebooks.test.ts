import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSound, openNotebooks, words, type Notebooks } from "../notebooks/_notebooks.ts";

let books: Notebooks;
beforeAll(async () => {
  books = await openNotebooks(["lifetime", "churn"]);
});
afterAll(() => books?.close());

describe("Campaign verdict", () => {
  it("has a row for each campaign that matches the engine's answer", async () => {
    const made = await books.page("campaign-verdict");
    expectSound(made);
    const verdicts = await books.project.experiment({
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
    const made = await books.page("rfm-migration");
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
    } = await books.project.sql(
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
      await books.page("lifetime-value"),
      await books.page("churn"),
      await books.page("attribution-budget"),
    ];
    for (const made of [lifetime, churn, attribution]) expectSound(made);
    const { rows } = await books.project.sql("SELECT report FROM report_churn");
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
