/** Who brings the revenue: the distribution of revenue over customers. */
import { axisX, axisY, dot, gridX, gridY, line, lineY, ruleX, text } from "@observablehq/plot";
import type { OpenProject } from "tessera";
import { frame, numberOf, numbersOf, rowsOf, sum } from "../frame.ts";
import { AMBER, BLUE, chart, heading, prose, type Html } from "../page.ts";
import { integer, money, percent } from "../words.ts";

/** @param year the latest year */
export async function customerParts(project: OpenProject, year: string): Promise<Html[]> {
  const buyers = frame(
    await project.query({
      measures: ["sales.revenue", "sales.orders"],
      dimensions: ["customer.customer_id"],
      filters: [
        { member: "date", operator: "in_range", values: [year] },
        { member: "customer.customer_id", operator: "not_null" },
      ],
      limit: 1_000_000,
    }),
  );
  const described = rowsOf(buyers.loc({ columns: ["sales.revenue", "sales.orders"] }).describe());
  const [count = 0, mean = 0, deviation = 0, least = 0, median = 0, most = 0] = described.map((row) =>
    numberOf(row, "sales.revenue"),
  );
  const spent = numbersOf(buyers, "sales.revenue").sort((a, b) => b - a);
  const topTenth = sum(spent.slice(0, Math.ceil(spent.length / 10))) / sum(spent);
  return [
    heading("Who brings the revenue"),
    prose(
      `In ${year} **${integer(count)} customers** bought for ${money(mean)} on average, and half of them for ` +
        "less than " +
        `${money(median)}. The standard deviation is ${money(deviation)}; the smallest customer spent ` +
        `${money(least)}, ` +
        `the largest ${money(most)}. **The top tenth brings ${percent(topTenth)} of the revenue.**`,
    ),
    lorenzChart(spent, topTenth, year),
  ];
}

const lorenzChart = (spent: readonly number[], topTenth: number, year: string): Html =>
  chart(
    `Concentration of revenue over the customers of ${year}`,
    `Cumulative share of revenue by share of customers, largest first: the top tenth brings ${percent(topTenth)}.`,
    {
      height: 340,
      marginTop: 28,
      x: { label: null, domain: [0, 1] },
      y: { label: null, domain: [0, 1.02] },
      marks: [
        gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
        gridX({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
        axisY({ ticks: 5, tickFormat: (value: number) => percent(value, 0), tickSize: 0, label: "share of revenue" }),
        axisX({ ticks: 5, tickFormat: (value: number) => percent(value, 0), tickSize: 0, label: "share of customers" }),
        line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: "currentColor", strokeOpacity: 0.35, strokeDasharray: "4 4" },
        ),
        lineY(concentration(spent), { x: "customers", y: "revenue", stroke: BLUE, strokeWidth: 2 }),
        ruleX([0.1], { stroke: AMBER, strokeDasharray: "2 3" }),
        dot([[0.1, topTenth]], { fill: AMBER, r: 4 }),
        text([[0.1, topTenth]], {
          text: () => percent(topTenth),
          dx: 10,
          dy: 12,
          textAnchor: "start",
          fontWeight: 600,
          fill: "currentColor",
        }),
      ],
    },
  );

/** Cumulative shares at some 200 points. @param values from the largest to the smallest */
function concentration(values: readonly number[]): { customers: number; revenue: number }[] {
  const total = sum(values);
  const step = Math.max(1, Math.floor(values.length / 200));
  let running = 0;
  const points = values.flatMap((value, i) => {
    running += value;
    const isShown = (i + 1) % step === 0 || i === values.length - 1;
    return isShown ? [{ customers: (i + 1) / values.length, revenue: running / total }] : [];
  });
  return [{ customers: 0, revenue: 0 }, ...points];
}
