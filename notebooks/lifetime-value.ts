/** Lifetime value: what customers are expected to buy within a year, how reliable that is, and where the value is. */
import { axisX, axisY, barY, gridY, line, ruleY, text } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { modelReport } from "tessera/mining";
import { frame, numberOf, numbersOf, rowsOf, sum } from "./frame.ts";
import { AMBER, BLUE, chart, heading, plotted, prose, table, TEAL, type Html, type Page } from "./page.ts";
import { compact, integer, money, percent, shortMoney } from "./words.ts";

type Report = Awaited<ReturnType<typeof modelReport>>;
type Frame = ReturnType<typeof frame>;

/** The notebook. */
export default async function lifetimeValue(project: OpenProject): Promise<Page> {
  const report = await modelReport(project, "lifetime");
  const customers = frame(
    await project.query({
      measures: ["sales.revenue"],
      dimensions: [
        "customer.customer_id",
        "customer.acquired_through",
        "customer.alive",
        "customer.lifetime_value",
        "customer.lifetime_value_band",
      ],
      filters: [{ member: "customer.lifetime_value", operator: "not_null" }],
      limit: 1_000_000,
    }),
  );
  const expected = shortMoney(figureOf(report, /Expected value/));
  return {
    title: "Lifetime value",
    lead: `${integer(report.members)} customers are expected to buy for ${expected} within 52 weeks, discounted.`,
    source:
      `Model lifetime, ${String(report.parameters["process"] ?? report.technique)}, as of ${report.asOf}; ` +
      `warehouse version ${project.manifest().version}.`,
    parts: [
      ...trackingParts(report),
      ...valueParts(report, customers),
      ...acquisitionParts(customers),
      ...report.notes.map((note) => prose(note)),
    ],
  };
}

const figureOf = ({ figures }: Report, title: RegExp): number => figures.find((f) => title.test(f.title))?.value ?? 0;

function trackingParts({ sections, verdict }: Report): Html[] {
  const tracking = sections.find(({ rows: [row] }) => row !== undefined && "week" in row)?.rows ?? [];
  const lines = tracking.flatMap((row) => [
    { week: row["week"], what: "actual", n: row["made"] },
    { week: row["week"], what: "expected", n: row["expected"] },
  ]);
  const last = tracking.at(-1);
  // cumulative since the first unseen week
  const [actual, expected] = [numberOf(last, "made"), numberOf(last, "expected")];
  const error = `${expected >= actual ? "+" : "−"}${percent(Math.abs(expected / actual - 1))}`;
  return [
    heading("How reliable is it?"),
    prose(
      `The model did not see the last ${integer(numberOf(last, "week"))} weeks. It expected ` +
        `**${compact(expected)} purchases; ${compact(actual)} were made** (${error}).` +
        (verdict
          ? ` The mean error per customer is ${verdict.model.toFixed(2)} purchases, compared with ` +
            `${verdict.rival.toFixed(2)} for the baseline, ${verdict.against}: the model ` +
            `${verdict.beats ? "beats" : "does not beat"} it.`
          : ""),
    ),
    chart("Cumulative purchases in unseen weeks", "Cumulative purchases, actual and expected, over the unseen weeks.", {
      x: { label: null },
      y: { label: null, zero: true },
      marks: [
        gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
        axisX({ tickSize: 0, label: "week", labelArrow: "none" }),
        axisY({ tickSize: 0, label: null }),
        ruleY([0]),
        line(plotted(lines), {
          x: "week",
          y: "n",
          z: "what",
          stroke: (row: Row) => (row["what"] === "actual" ? BLUE : AMBER),
          strokeWidth: 2,
        }),
        text(plotted(lines.filter((row) => row.week === last?.["week"])), {
          x: "week",
          y: "n",
          text: "what",
          dy: -12,
          dx: -20,
          fontWeight: 600,
          fill: "currentColor",
        }),
      ],
    }),
  ];
}

function valueParts(report: Report, customers: Frame): Html[] {
  const values = numbersOf(customers, "customer.lifetime_value").sort((a, b) => b - a);
  const total = sum(values);
  const topTenth = sum(values.slice(0, Math.ceil(values.length / 10))) / total;
  const bands = rowsOf(
    customers
      .groupby(["customer.lifetime_value_band"])
      .agg({ "customer.lifetime_value": ["sum", "count"], "customer.alive": "mean" }),
  ).sort((a, b) => String(a["customer.lifetime_value_band"]).localeCompare(String(b["customer.lifetime_value_band"])));
  const valueOf = (row: Row): number => numberOf(row, "customer.lifetime_value_sum");
  return [
    heading("Where the value is"),
    prose(
      `The most valuable tenth of customers holds **${percent(topTenth)}** of the expected value. The median ` +
        "customer " +
        `is expected to buy for ${money(values[Math.floor(values.length / 2)] ?? 0)}; ` +
        `${percent(figureOf(report, /alive/))} are expected to be customers still.`,
    ),
    chart("Expected value by band", "Expected value by band, highest in the first.", {
      height: 280,
      x: { label: null, type: "band" },
      y: { label: null },
      marks: [
        gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
        axisX({ tickSize: 0, label: null }),
        axisY({ tickSize: 0, label: null, tickFormat: (value: number) => shortMoney(value) }),
        barY(plotted(bands), {
          x: "customer.lifetime_value_band",
          y: "customer.lifetime_value_sum",
          fill: TEAL,
          insetLeft: 12,
          insetRight: 12,
        }),
        text(plotted(bands), {
          x: "customer.lifetime_value_band",
          y: "customer.lifetime_value_sum",
          text: (row: Row) => shortMoney(valueOf(row)),
          dy: -8,
        }),
        ruleY([0]),
      ],
    }),
    table(
      "Value bands",
      [
        { title: "Band", value: (row) => row["customer.lifetime_value_band"] },
        { title: "Customers", value: (row) => integer(numberOf(row, "customer.lifetime_value_count")) },
        { title: "Expected value", value: (row) => shortMoney(valueOf(row)) },
        { title: "Share", value: (row) => percent(valueOf(row) / total) },
        { title: "Probability alive", value: (row) => percent(numberOf(row, "customer.alive_mean")) },
      ],
      bands,
    ),
  ];
}

function acquisitionParts(customers: Frame): Html[] {
  const known = rowsOf(customers).filter((row) => row["customer.acquired_through"] !== null);
  if (known.length === 0) return [];
  const columns = ["customer.acquired_through", "customer.lifetime_value", "customer.alive"];
  const channels = rowsOf(
    frame({
      columns: columns.map((name) => ({ name, title: name, kind: "dimension", type: "string" })),
      rows: known,
    })
      .groupby(["customer.acquired_through"])
      .agg({ "customer.lifetime_value": ["mean", "count"], "customer.alive": "mean" }),
  ).sort((a, b) => numberOf(b, "customer.lifetime_value_mean") - numberOf(a, "customer.lifetime_value_mean"));
  return [
    heading("Which acquisition channels bring better customers?"),
    prose(
      "Means by the channel that acquired a customer. Customers were not assigned to channels at random, so " +
        "this shows " +
        "association, not cause.",
    ),
    table(
      "By acquisition",
      [
        { title: "Acquired through", value: (row) => row["customer.acquired_through"] },
        { title: "Customers", value: (row) => integer(numberOf(row, "customer.lifetime_value_count")) },
        { title: "Expected value a year, each", value: (row) => money(numberOf(row, "customer.lifetime_value_mean")) },
        { title: "Probability alive", value: (row) => percent(numberOf(row, "customer.alive_mean")) },
      ],
      channels,
    ),
  ];
}
