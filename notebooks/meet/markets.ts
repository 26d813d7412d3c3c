/** Where it is sold: channels by quarter, and countries by type of customer. */
import { axisY, gridY, lineY, ruleY, selectLast, text } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { frame, numberOf, pivot, rowsOf, sum } from "../frame.ts";
import { chart, heading, plotted, prose, SERIES, table, type Html } from "../page.ts";
import { day, integer, money, percent, shortMoney } from "../words.ts";

const channelOf = (row: Row): string => String(row["channel.name"] ?? "(unknown)");
const quarterOf = (row: Row): Date => day(String(row["date.quarter"]));

/** @param all the totals */
export async function marketParts(project: OpenProject, all: Row): Promise<Html[]> {
  const { rows } = await project.query({ measures: ["sales.revenue"], dimensions: ["date.quarter", "channel.name"] });
  const channels = largestFirst(rows);
  const revenue = numberOf(all, "sales.revenue");
  const shares = channels.map(({ name, value }) => `**${name}** ${percent(value / revenue)}`).join(", ");
  return [
    heading("Where it is sold"),
    channelChart(
      rows,
      channels.map(({ name }) => name),
    ),
    prose(`From the largest: ${shares}.`),
    await countryTable(project),
    await unknownCustomers(project, revenue),
  ];
}

/** Channels with the revenue of all quarters. */
function largestFirst(rows: readonly Row[]): { readonly name: string; readonly value: number }[] {
  const totals = new Map<string, number>();
  for (const row of rows)
    totals.set(channelOf(row), (totals.get(channelOf(row)) ?? 0) + numberOf(row, "sales.revenue"));
  return [...totals].map(([name, value]) => ({ name, value })).sort((a, b) => b.value - a.value);
}

const channelChart = (rows: readonly Row[], names: readonly string[]): Html =>
  chart("Revenue by quarter and sales channel", "Revenue by quarter, one line for each sales channel.", {
    marginRight: 84,
    y: { label: null, zero: true },
    x: { label: null, type: "utc" },
    color: { range: SERIES, domain: [...names] },
    marks: [
      gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
      axisY({ tickFormat: (value: number) => shortMoney(value), tickSize: 0, label: null }),
      ruleY([0], { stroke: "var(--line)" }),
      lineY(plotted(rows), { x: quarterOf, y: "sales.revenue", stroke: channelOf, strokeWidth: 2 }),
      text(
        plotted(rows),
        selectLast({
          x: quarterOf,
          y: "sales.revenue",
          z: channelOf,
          text: channelOf,
          fill: channelOf,
          fontWeight: 600,
          dx: 8,
          textAnchor: "start",
        }),
      ),
    ],
  });

async function countryTable(project: OpenProject): Promise<Html> {
  const countries = pivot(
    frame(
      await project.query({
        measures: ["sales.revenue"],
        dimensions: ["customer.country", "customer.customer_type"],
        order: [{ member: "sales.revenue", direction: "desc" }],
      }),
    ),
    "customer.country",
    "customer.customer_type",
    "sales.revenue",
  );
  const types = countries.columns.filter((name) => name !== "customer.country");
  const totalOf = (row: Row): number => sum(types.map((type) => numberOf(row, type)));
  return table(
    "Revenue by country and type of customer",
    [
      { title: "Country", value: (row) => row["customer.country"] },
      ...types.map((type) => ({
        title: type,
        value: (row: Row) => (row[type] === null ? "" : money(numberOf(row, type))),
      })),
      { title: "All", value: (row) => money(totalOf(row)) },
    ],
    rowsOf(countries).sort((a, b) => totalOf(b) - totalOf(a)),
  );
}

async function unknownCustomers(project: OpenProject, revenue: number): Promise<Html> {
  const { rows } = await project.query({
    measures: ["sales.lines", "sales.revenue"],
    dimensions: ["customer.customer_id"],
    filters: [{ member: "customer.customer_id", operator: "is_null" }],
  });
  const [unknown] = rows;
  if (unknown === undefined) return prose("Every line has a customer.");
  const own = numberOf(unknown, "sales.revenue");
  return prose(
    `${integer(numberOf(unknown, "sales.lines"))} lines (${money(own)}, ${percent(own / revenue)} of revenue) have a ` +
      "customer that no system knows. They are shown under (unknown) and count in every total.",
  );
}
