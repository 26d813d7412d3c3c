/**
 * Lifetime value: what customers are expected to buy within a year, how far that can be believed, and where the value
 * lies.
 */
import { axisX, axisY, barY, gridY, line, ruleY, text, type Data } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { modelReport } from "tessera/mining";
import { frame, numbersOf, rowsOf } from "./frame.ts";
import { chart, heading, prose, SERIES, table, type Page } from "./page.ts";
import { compact, integer, money, percent, shortMoney } from "./words.ts";

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
  const values = numbersOf(customers, "customer.lifetime_value").sort((a, b) => b - a);
  const all = values.reduce((a, b) => a + b, 0);
  const tenth = values.slice(0, Math.ceil(values.length / 10)).reduce((a, b) => a + b, 0) / all;
  const figure = (title: RegExp): number => report.figures.find((f) => title.test(f.title))?.value ?? 0;
  const bands = rowsOf(
    customers
      .groupby(["customer.lifetime_value_band"])
      .agg({ "customer.lifetime_value": ["sum", "count"], "customer.alive": "mean" }),
  ).sort((a, b) => String(a["customer.lifetime_value_band"]).localeCompare(String(b["customer.lifetime_value_band"])));
  const known = customers.query(
    customers.column("customer.acquired_through").map((value: unknown) => value !== null) as never,
  ) as typeof customers;
  const ways = rowsOf(
    known
      .groupby(["customer.acquired_through"])
      .agg({ "customer.lifetime_value": ["mean", "count"], "customer.alive": "mean" }),
  ).sort((a, b) => Number(b["customer.lifetime_value_mean"]) - Number(a["customer.lifetime_value_mean"]));
  const tracking = report.sections.find((s) => s.rows[0] !== undefined && "week" in s.rows[0])?.rows ?? [];
  const lines = tracking.flatMap((row) => [
    { week: row["week"]!, what: "bought", n: row["made"]! },
    { week: row["week"]!, what: "expected", n: row["expected"]! },
  ]);
  // the report tells purchases since the first unseen week, not of each week
  const made = Number(tracking.at(-1)?.["made"] ?? 0),
    said = Number(tracking.at(-1)?.["expected"] ?? 0);
  const label = { fontWeight: 600, fill: "currentColor" } as const;
  return {
    title: "Lifetime value",
    lead: `${integer(report.members)} customers are expected to buy for ${shortMoney(figure(/Expected value/))} within 52 weeks, discounted.`,
    source: `Model lifetime, ${String(report.parameters["process"] ?? report.technique)}, as of ${report.asOf}; warehouse version ${project.manifest().version}.`,
    parts: [
      heading("Can it be believed?"),
      prose(
        `The model was kept from the last ${integer(Number(tracking.at(-1)?.["week"] ?? 0))} weeks and asked what they would bring. It expected **${compact(said)} purchases, ${compact(made)} came** (${said >= made ? "+" : "−"}${percent(Math.abs(said / made - 1))}). ${report.verdict ? `A customer's own error is ${report.verdict.model.toFixed(2)} purchases, against ${report.verdict.rival.toFixed(2)} by ${report.verdict.against}: it ${report.verdict.beats ? "beats" : "does not beat"} that rival.` : ""}`,
      ),
      chart(
        "Purchases so far in weeks that the model had not seen",
        "Purchases so far, made and expected, over the unseen weeks.",
        {
          x: { label: null },
          y: { label: null, zero: true },
          marks: [
            gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
            axisX({ tickSize: 0, label: "week", labelArrow: "none" }),
            axisY({ tickSize: 0, label: null }),
            ruleY([0]),
            line(lines as unknown as Data, {
              x: "week",
              y: "n",
              z: "what",
              stroke: (row: Row) => (row["what"] === "bought" ? SERIES[0]! : SERIES[1]!),
              strokeWidth: 2,
            }),
            text(lines.filter((row) => row.week === tracking.at(-1)?.["week"]) as unknown as Data, {
              x: "week",
              y: "n",
              text: "what",
              dy: -12,
              dx: -20,
              ...label,
            }),
          ],
        },
      ),
      heading("Where the value lies"),
      prose(
        `The most valuable tenth of customers holds **${percent(tenth)}** of the expected value. The median customer is expected to buy for ${money(values[Math.floor(values.length / 2)] ?? 0)}; ${percent(figure(/alive/))} are thought to be customers still.`,
      ),
      chart("Expected value by band", "Expected value by band, highest in the first.", {
        height: 280,
        x: { label: null, type: "band" },
        y: { label: null },
        marks: [
          gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
          axisX({ tickSize: 0, label: null }),
          axisY({ tickSize: 0, label: null, tickFormat: (value: number) => shortMoney(value) }),
          barY(bands as unknown as Data, {
            x: "customer.lifetime_value_band",
            y: "customer.lifetime_value_sum",
            fill: SERIES[2]!,
            insetLeft: 12,
            insetRight: 12,
          }),
          text(bands as unknown as Data, {
            x: "customer.lifetime_value_band",
            y: "customer.lifetime_value_sum",
            text: (row: Row) => shortMoney(Number(row["customer.lifetime_value_sum"])),
            dy: -8,
          }),
          ruleY([0]),
        ],
      }),
      table(
        "The bands",
        [
          { title: "Band", value: (row) => row["customer.lifetime_value_band"]! },
          { title: "Customers", value: (row) => integer(Number(row["customer.lifetime_value_count"])) },
          { title: "Expected value", value: (row) => shortMoney(Number(row["customer.lifetime_value_sum"])) },
          { title: "Share", value: (row) => percent(Number(row["customer.lifetime_value_sum"]) / all) },
          { title: "Still customers", value: (row) => percent(Number(row["customer.alive_mean"])) },
        ],
        bands,
      ),
      heading("Which way in brings the better customers?"),
      prose(
        "Means by the channel that won a customer. Nobody was assigned to a channel at random, so this says what goes with it and not what it causes.",
      ),
      table(
        "By acquisition",
        [
          { title: "Acquired through", value: (row) => row["customer.acquired_through"]! },
          { title: "Customers", value: (row) => integer(Number(row["customer.lifetime_value_count"])) },
          { title: "Expected in a year, each", value: (row) => money(Number(row["customer.lifetime_value_mean"])) },
          { title: "Still customers", value: (row) => percent(Number(row["customer.alive_mean"])) },
        ],
        ways,
      ),
      ...report.notes.map((note) => prose(note)),
    ],
  };
}
