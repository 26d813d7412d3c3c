/** Churn: who is at risk of leaving, how well that is known, why, and how many customers are worth a contact. */
import { axisX, axisY, barX, dot, gridX, gridY, line, ruleX, ruleY, text } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { modelReport } from "tessera/mining";
import { frame, numberOf, rowsOf, sum } from "./frame.ts";
import { BLUE, chart, heading, plotted, prose, table, TEAL, type Html, type Page } from "./page.ts";
import { integer, money, percent, shortMoney } from "./words.ts";

type Report = Awaited<ReturnType<typeof modelReport>>;

const percents = (value: number): string => `${Math.round(100 * value)} %`;

/** The notebook. */
export default async function churn(project: OpenProject): Promise<Page> {
  const report = await modelReport(project, "churn");
  const { parameters } = report;
  const left = figureOf(report, /^Left/);
  return {
    title: "Churn",
    lead:
      `${integer(report.members)} active customers; ${percent(left)} of those observed bought nothing in the ` +
      "next 90 days.",
    source:
      `Model churn (${String(parameters["learner"] ?? report.technique)}), learnt from ` +
      `${String(parameters["learntOn"] ?? "earlier days")}, judged on ` +
      `${String(parameters["judgedOn"] ?? "later ones")}; ` +
      `warehouse version ${project.manifest().version}.`,
    parts: [
      ...qualityParts(report),
      ...featureParts(report),
      ...(await riskParts(project)),
      ...profitParts(report),
      ...report.notes.map((note) => prose(note)),
    ],
  };
}

const figureOf = ({ figures }: Report, title: RegExp): number => figures.find((f) => title.test(f.title))?.value ?? 0;

/** The rows of the section that has all of these columns. */
const rowsWith = ({ sections }: Report, ...names: readonly string[]): readonly Row[] =>
  sections.find(({ rows: [row] }) => row !== undefined && names.every((name) => name in row))?.rows ?? [];

function qualityParts(report: Report): Html[] {
  const { verdict } = report;
  const calibration = plotted(rowsWith(report, "said", "came", "tenth"));
  return [
    heading("How well is it known?"),
    prose(
      `On unseen customers and days the model's AUC is **${figureOf(report, /^AUC/).toFixed(3)}**; the ` +
        "riskiest tenth " +
        `leaves ${figureOf(report, /^Lift/).toFixed(2)} times as often as all customers.` +
        (verdict
          ? ` The baseline, ${verdict.against}, has ${verdict.rival.toFixed(3)}: the model ` +
            `${verdict.beats ? "beats" : "does not beat"} it.`
          : ""),
    ),
    chart("Predicted and actual", "Predicted risk and actual share by decile, with the diagonal.", {
      height: 340,
      x: { label: null, percent: false },
      y: { label: null },
      marks: [
        gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
        gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
        axisX({ tickFormat: percents, tickSize: 0, label: "predicted", labelArrow: "none" }),
        axisY({ tickFormat: percents, tickSize: 0, label: "actual", labelArrow: "none" }),
        line(
          [
            [0, 0],
            [0.8, 0.8],
          ],
          { stroke: "currentColor", strokeOpacity: 0.35, strokeDasharray: "4 4" },
        ),
        ruleX(calibration, { x: "said", y1: "low", y2: "high", stroke: BLUE, strokeWidth: 2 }),
        dot(calibration, { x: "said", y: "came", fill: BLUE, r: 4.5 }),
      ],
    }),
  ];
}

function featureParts(report: Report): Html[] {
  const gain = rowsWith(report, "feature", "gain").slice(0, 8);
  return [
    heading("What does the model use?"),
    chart("Feature importance", `Features by gain; ${String(gain[0]?.["feature"] ?? "")} first.`, {
      height: 60 + 34 * gain.length,
      marginLeft: 190,
      marginRight: 50,
      x: { label: null },
      y: { label: null, domain: gain.map((row) => String(row["feature"])) },
      marks: [
        gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
        axisX({ tickFormat: percents, tickSize: 0, label: null }),
        axisY({ tickSize: 0, label: null }),
        barX(plotted(gain), { x: "gain", y: "feature", fill: TEAL, insetTop: 5, insetBottom: 5 }),
        text(plotted(gain), {
          x: "gain",
          y: "feature",
          text: (row: Row) => percent(numberOf(row, "gain")),
          dx: 6,
          textAnchor: "start",
        }),
        ruleX([0]),
      ],
    }),
  ];
}

/** Risk and value of each scored customer. */
async function readRisk(project: OpenProject): Promise<ReturnType<typeof frame>> {
  const risky = frame(
    await project.query({
      measures: ["sales.revenue"],
      dimensions: [
        "customer.customer_id",
        "customer.churn_score",
        "customer.churn_decile",
        "customer.churn_reason",
        "customer.annual_value",
      ],
      filters: [{ member: "customer.churn_score", operator: "not_null" }],
      limit: 1_000_000,
    }),
  );
  risky.addColumn(
    "at_risk",
    rowsOf(risky).map((row) => numberOf(row, "customer.churn_score") * numberOf(row, "customer.annual_value")),
    { inplace: true },
  );
  return risky;
}

async function riskParts(project: OpenProject): Promise<Html[]> {
  const risky = await readRisk(project);
  const by = (member: string): Row[] =>
    rowsOf(risky.groupby([member]).agg({ "customer.churn_score": ["mean", "count"], at_risk: "sum" }));
  const atRisk = (row: Row): number => numberOf(row, "at_risk_sum");
  const deciles = by("customer.churn_decile").sort(
    (a, b) => numberOf(a, "customer.churn_decile") - numberOf(b, "customer.churn_decile"),
  );
  const reasons = by("customer.churn_reason")
    .sort((a, b) => atRisk(b) - atRisk(a))
    .slice(0, 8);
  const total = sum(deciles.map(atRisk));
  const columns = [
    { title: "Customers", value: (row: Row) => integer(numberOf(row, "customer.churn_score_count")) },
    { title: "Mean risk", value: (row: Row) => percent(numberOf(row, "customer.churn_score_mean")) },
    { title: "Revenue at risk a year", value: (row: Row) => shortMoney(atRisk(row)) },
  ];
  return [
    heading("Revenue at risk"),
    prose(
      `Risk times the value of the last twelve months is **${shortMoney(total)}** a year; ` +
        `${percent(sum(deciles.slice(0, 3).map(atRisk)) / total)} of it is in the three riskiest deciles. ` +
        "Risk alone is not value: the riskiest customers buy little.",
    ),
    table(
      "By risk decile",
      [{ title: "Decile", value: (row) => integer(numberOf(row, "customer.churn_decile")) }, ...columns],
      deciles,
    ),
    table("By main reason", [{ title: "Reason", value: (row) => row["customer.churn_reason"] }, ...columns], reasons),
  ];
}

function profitParts(report: Report): Html[] {
  const profit = rowsWith(report, "taken", "profit");
  const [first, ...rest] = profit;
  if (first === undefined || rest.length === 0) return [];
  const best = rest.reduce((a, b) => (numberOf(b, "profit") > numberOf(a, "profit") ? b : a), first);
  return [
    heading("How many customers are worth a contact?"),
    prose(
      numberOf(best, "profit") > 0
        ? "With the cost, worth and success rate of the model, contacting the riskiest " +
            `**${percent(numberOf(best, "taken"))}** earns the most: ${money(numberOf(best, "profit"))} on the ` +
            "customers " +
            "it was judged on."
        : "With the cost, worth and success rate of the model, no contact pays.",
    ),
    chart("Profit by customers contacted", "Profit by the share of customers contacted, the riskiest first.", {
      height: 280,
      marginLeft: 76,
      x: { label: null },
      y: { label: null },
      marks: [
        gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
        axisX({ tickFormat: percents, tickSize: 0, label: null }),
        axisY({ tickFormat: (value: number) => shortMoney(value), tickSize: 0, label: null }),
        ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
        line(plotted(profit), { x: "taken", y: "profit", stroke: BLUE, strokeWidth: 2 }),
        dot(plotted([best]), { x: "taken", y: "profit", fill: BLUE, r: 4.5 }),
      ],
    }),
  ];
}
