import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { leaksIn } from "../../engine/mining/churn/leaks.ts";
import { mineInProcess } from "../../etl/mine/mine-in-process.ts";
import { modelReport, type ModelReport } from "../../etl/project/reports.ts";
import { randomOf } from "../engine/mining/_data.ts";
import { openCompany, type Company } from "../engine/mining/_company.ts";

let company: Company;
const reports = new Map<string, ModelReport>();
beforeAll(async () => {
  company = await openCompany();
  const { skipped } = await mineInProcess({ spec: company.project.spec, folder: company.folder });
  expect(skipped).toEqual([]);
  await company.project.refresh();
  for (const model of company.project.spec.models ?? [])
    reports.set(model.name, await modelReport(company.project, model.name));
}, 180_000);
afterAll(() => company.close());

/** All that a report says in words. */
const sentencesOf = (report: ModelReport): string[] =>
  [
    ...report.notes,
    ...report.figures.flatMap((f) => [f.title, f.note ?? ""]),
    ...report.sections.flatMap((s) => [s.title, s.note ?? "", ...s.columns.map((c) => c.title)]),
  ].flatMap((text) => text.split(/(?<=[.:;])\s/));
const CAUSAL = /\b(caus(e|es|ed|al|ally)|because of|due to|thanks to|effect|impact|brings about|responsible for)\b/i;

describe("honesty", () => {
  test("names a planted leak, and raises no alarm for a feature that does not know the future", () => {
    expect(
      reports
        .get("leaking")!
        .notes.filter((n) => n.startsWith("Leak alarm"))
        .join(),
    ).toMatch(/Farewell letters alone predicts leaving \(AUC (0\.9|1\.0)/);
    expect(reports.get("churn")!.notes.join()).not.toContain("Leak alarm");
    const random = randomOf(4);
    const y = Float64Array.from({ length: 500 }, () => (random() < 0.4 ? 1 : 0));
    expect(
      leaksIn([y.map((v) => -v + 0.2 * random()), y.map((v) => 0.2 * v + random())], y, [
        "after the fact",
        "before it",
      ]).map((l) => l.title),
    ).toEqual(["after the fact"]);
  });
  test("uses causal words only for randomised data, and elsewhere only to deny them", () => {
    for (const [name, report] of reports) {
      if (report.technique === "uplift") continue;
      const claims = sentencesOf(report).filter((s) => CAUSAL.test(s) && !/\bnot\b|\bno\b|hold-out/.test(s));
      expect(claims, name).toEqual([]);
    }
    expect(sentencesOf(reports.get("moved")!).some((s) => CAUSAL.test(s))).toBe(true);
  });
  test("compares every predictive model with a baseline: a lead with an interval, and a verdict that follows from it", () => {
    for (const name of ["lifetime", "churn", "answers", "moved", "together", "staying", "outlook"]) {
      const { verdict } = reports.get(name)!;
      const { lead, beats, model, rival, by } = verdict!;
      // the measured lead lies within its interval, whichever way the compared figure counts
      const measured = by.includes("less is better") ? rival - model : model - rival;
      if (/AUC/.test(by)) expect([lead[0] <= measured, measured <= lead[1]], name).toEqual([true, true]);
      expect(lead[0], name).toBeLessThanOrEqual(lead[1]);
      expect(beats, name).toBe(lead[0] > 0);
      expect(model, name).not.toBe(rival);
    }
    for (const name of ["lifetime", "answers", "together"]) expect(reports.get(name)!.verdict!.beats, name).toBe(true);
  });
});

describe("labels and reports", () => {
  const rowsOf = async (sql: string) => (await company.project.sql(sql)).rows;
  test("keeps bounds in order, and large expectations within them", async () => {
    const [row] = await rowsOf(
      "SELECT count(*)::INTEGER AS n, count(*) FILTER (WHERE purchases_low > purchases_high OR value_low > " +
        "value_high)::INTEGER AS crossed, count(*) FILTER (WHERE purchases > 3 AND (purchases < " +
        "purchases_low OR purchases > purchases_high))::INTEGER AS outside, count(*) FILTER (WHERE value > " +
        "200 AND (value < value_low OR value > value_high))::INTEGER AS dear FROM labels_lifetime WHERE " +
        "valid_until IS NULL",
    );
    expect(row).toMatchObject({ crossed: 0, outside: 0, dear: 0 });
    expect(Number(row!["n"])).toBeGreaterThan(2000);
  });
  test("learns churn from monthly cut-offs, and backtests it on days whose outcome was not known", () => {
    const backtest = reports.get("churn")!.sections.find((s) => s.title === "Backtest by cut-off")!;
    expect(backtest.rows.map((r) => r["on"])).toHaveLength(3);
    for (const row of backtest.rows) {
      expect(Number(row["cutoffs"])).toBeGreaterThan(1);
      expect(Number(row["auc"])).toBeGreaterThan(0.55);
    }
    expect(reports.get("churn")!.sections.some((s) => s.title === "Profit by customers contacted")).toBe(true);
  });
  test("learns responses from earlier mailings, judges on later ones, and names the profitable cut-off", () => {
    const report = reports.get("answers")!;
    expect(report.verdict!.beats).toBe(true);
    const profit = report.sections.find((s) => s.title === "Profit by customers contacted")!;
    expect(profit.plot).toMatchObject({ kind: "curve", mark: { words: expect.stringMatching(/^best: \d+ %$/) } });
    expect(profit.note).toMatch(/contact those with a score of 0\.\d\d or more/);
    expect(report.sections.find((s) => s.title === "Backtest by cut-off")!.rows.length).toBeGreaterThan(1);
  });
  test("describes clusters by readable rules", () => {
    for (const row of reports.get("kinds")!.sections.find((s) => s.title === "Cluster rules")!.rows) {
      expect(String(row["rule"])).toMatch(/ (at least|below) /);
      expect(Number(row["right"])).toBeGreaterThan(0.4);
    }
  });
  test("returns the audience of a rule: as many members as reported, none of whom has the right side", async () => {
    const rule = reports.get("together")!.sections.find((s) => s.title === "Strongest rules")!.rows[0]!;
    expect(String(rule["rule"])).toMatch(/^Thing [12] → Thing [12]$/);
    const app = createApp({ project: company.project });
    const answer = (await (await app.request("/v1/models/together/rules/1/audience")).json()) as {
      keys: string[];
      member: string;
    };
    expect(answer.keys).toHaveLength(Number(rule["audience"]));
    const [left, right] = [(JSON.parse(String(rule["left"])) as string[])[0]!, String(rule["right"])];
    const owned = await rowsOf(
      `SELECT count(*) FILTER (WHERE product_id = ${right})::INTEGER AS wrong, count(DISTINCT customer_id) FILTER (WHERE product_id = ${left})::INTEGER AS told FROM orders WHERE customer_id IN (${answer.keys.join(",")})`,
    );
    expect(owned[0]).toEqual({ wrong: 0, told: answer.keys.length });
    expect(
      (await (await app.request("/v1/models/together/rules/1/audience?format=csv")).text()).trim().split("\r\n"),
    ).toHaveLength(answer.keys.length + 1);
    expect(await (await app.request("/segments/models/together")).text()).toContain("Audience of a rule");
    expect((await app.request("/v1/models/together/rules/4711/audience")).status).toBe(404);
  });
});
