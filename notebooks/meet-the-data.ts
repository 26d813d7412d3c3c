/** Meet the data: what the warehouse holds, what is odd about it, who brings the money. */
import {
  areaY,
  axisX,
  axisY,
  barX,
  dot,
  gridX,
  gridY,
  line,
  lineY,
  ruleX,
  ruleY,
  selectLast,
  text,
  type Data,
} from "@observablehq/plot";
import type { OpenProject, Query, Row } from "tessera";
import { frame, numbersOf, pivot, rowsOf } from "./frame.ts";
import { chart, heading, prose, SERIES, table, type Page } from "./page.ts";
import { compact, day, integer, money, month, percent, shortMoney } from "./words.ts";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const number = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0);

export default async function meetTheData(project: OpenProject): Promise<Page> {
  const ask = async (query: Query): Promise<Row[]> => [...(await project.query(query)).rows];
  const framed = async (query: Query): Promise<ReturnType<typeof frame>> => frame(await project.query(query));

  // what there is
  const [all] = await ask({
    measures: [
      "sales.revenue",
      "sales.orders",
      "sales.lines",
      "sales.buyers",
      "sales.average_order",
      "service.cases",
      "touches.touches",
    ],
  });
  const months = await framed({ measures: ["sales.revenue", "sales.orders"], dimensions: ["date.month"] });
  const monthly = rowsOf(months);
  const [first, last] = [String(monthly[0]!["date.month"]), String(monthly.at(-1)!["date.month"])];
  const best = monthly.reduce((a, b) => (number(b, "sales.revenue") > number(a, "sales.revenue") ? b : a));

  // years, from the months
  months.addColumn(
    "year",
    monthly.map((row) => String(row["date.month"]).slice(0, 4)),
    { inplace: true },
  );
  const years = rowsOf(months.groupby(["year"]).agg({ "sales.revenue": "sum", "sales.orders": "sum" }));
  const [before, latest] = [years.at(-2), years.at(-1)];
  const growth =
    before === undefined ? null : number(latest, "sales.revenue_sum") / number(before, "sales.revenue_sum") - 1;
  const latestYear = String(latest!["year"]);
  const lateShare =
    sum(
      monthly
        .filter((row) => /^\d{4}-1[12]/.test(String(row["date.month"])))
        .map((row) => number(row, "sales.revenue")),
    ) / number(all, "sales.revenue");

  // channels by quarter, and countries by kind of customer
  const channels = await ask({ measures: ["sales.revenue"], dimensions: ["date.quarter", "channel.name"] });
  const countries = pivot(
    await framed({
      measures: ["sales.revenue"],
      dimensions: ["customer.country", "customer.customer_type"],
      order: [{ member: "sales.revenue", direction: "desc" }],
    }),
    "customer.country",
    "customer.customer_type",
    "sales.revenue",
  );
  const kinds = countries.columns.filter((name) => name !== "customer.country");
  const unknown = (
    await ask({
      measures: ["sales.lines", "sales.revenue"],
      dimensions: ["customer.customer_id"],
      filters: [{ member: "customer.customer_id", operator: "is_null" }],
    })
  )[0];

  // one row a buyer
  const buyers = await framed({
    measures: ["sales.revenue", "sales.orders"],
    dimensions: ["customer.customer_id"],
    filters: [
      { member: "date", operator: "in_range", values: [latestYear] },
      { member: "customer.customer_id", operator: "not_null" },
    ],
    limit: 1_000_000,
  });
  const described = rowsOf(buyers.loc({ columns: ["sales.revenue", "sales.orders"] }).describe());
  const [count, mean, deviation, least, median, most] = described;
  const spent = numbersOf(buyers, "sales.revenue").sort((a, b) => b - a);
  const topTenth = sum(spent.slice(0, Math.ceil(spent.length / 10))) / sum(spent);
  const lorenz = concentration(spent);

  // what comes back
  const departments = await ask({
    measures: ["sales.return_rate", "sales.returns", "sales.revenue"],
    dimensions: ["product.department"],
    order: [{ member: "sales.return_rate", direction: "desc" }],
  });
  const jobs = await ask({
    measures: ["loads.rows_read", "loads.rows_rejected", "loads.reject_rate"],
    dimensions: ["loads.job"],
    filters: [{ member: "loads.rows_rejected", operator: "gt", values: [0] }],
    order: [{ member: "loads.rows_rejected", direction: "desc" }],
  });
  const [read] = await ask({ measures: ["loads.rows_read", "loads.rows_rejected", "loads.unaccounted"] });

  const data = (rows: readonly Row[]): Data => rows as unknown as Data;
  const label = { fontWeight: 600, fill: "currentColor" } as const;
  return {
    title: "Meet the data",
    lead: `${project.spec.title ?? project.spec.name}: ${shortMoney(number(all, "sales.revenue"))} of sales from ${month(first)} to ${month(last)}, as the warehouse has them.`,
    source: `Warehouse version ${project.manifest().version}. Every number comes from a query in notebooks/meet-the-data.ts.`,
    parts: [
      heading("What there is"),
      prose(
        `The warehouse holds **${integer(number(all, "sales.lines"))} order lines** in ${integer(number(all, "sales.orders"))} orders by ${integer(number(all, "sales.buyers"))} customers; the average order is ${money(number(all, "sales.average_order"))}. Beside the sales stand ${integer(number(all, "service.cases"))} service cases and ${integer(number(all, "touches.touches"))} contacts by campaigns, all of them about the same customers.`,
      ),
      chart(
        "Revenue by month",
        `Revenue by month from ${month(first)} to ${month(last)}, highest in ${month(String(best["date.month"]))}.`,
        {
          y: { label: null },
          x: { label: null, type: "utc" },
          marks: [
            gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
            axisY({ tickFormat: (value: number) => shortMoney(value), tickSize: 0, label: null }),
            ruleY([0], { stroke: "var(--line)" }),
            areaY(data(monthly), {
              x: (row: Row) => day(String(row["date.month"])),
              y: "sales.revenue",
              fill: SERIES[0]!,
              fillOpacity: 0.12,
            }),
            lineY(data(monthly), {
              x: (row: Row) => day(String(row["date.month"])),
              y: "sales.revenue",
              stroke: SERIES[0]!,
              strokeWidth: 2,
            }),
            dot(data([best]), {
              x: (row: Row) => day(String(row["date.month"])),
              y: "sales.revenue",
              fill: SERIES[0]!,
              r: 4,
            }),
            text(data([best]), {
              x: (row: Row) => day(String(row["date.month"])),
              y: "sales.revenue",
              text: (row: Row) => shortMoney(number(row, "sales.revenue")),
              dy: -12,
              ...label,
            }),
          ],
        },
      ),
      prose(
        `${month(String(best["date.month"]))} was the best month with ${money(number(best, "sales.revenue"))}. November and December bring ${percent(lateShare)} of all revenue${monthly.length % 12 === 0 ? `; two even months would bring ${percent(2 / 12)}` : ""}.${growth === null ? "" : ` ${latestYear} ${growth >= 0 ? "grew" : "fell"} by ${percent(Math.abs(growth))} on the year before.`}`,
      ),
      table(
        "By year",
        [
          { title: "Year", value: (row) => row["year"]! },
          { title: "Revenue", value: (row) => money(number(row, "sales.revenue_sum")) },
          { title: "Orders", value: (row) => integer(number(row, "sales.orders_sum")) },
          {
            title: "Average order",
            value: (row) => money(number(row, "sales.revenue_sum") / number(row, "sales.orders_sum")),
          },
        ],
        years,
      ),
      heading("Where it is sold"),
      chart("Revenue by quarter and sales channel", "Revenue by quarter, a line for each sales channel.", {
        marginRight: 84,
        y: { label: null, zero: true },
        x: { label: null, type: "utc" },
        color: { range: SERIES, domain: largestFirst(channels).map(([name]) => name) },
        marks: [
          gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
          axisY({ tickFormat: (value: number) => shortMoney(value), tickSize: 0, label: null }),
          ruleY([0], { stroke: "var(--line)" }),
          lineY(data(channels), { x: quarter, y: "sales.revenue", stroke: channel, strokeWidth: 2 }),
          text(
            data(channels),
            selectLast({
              x: quarter,
              y: "sales.revenue",
              z: channel,
              text: channel,
              fill: channel,
              fontWeight: 600,
              dx: 8,
              textAnchor: "start",
            }),
          ),
        ],
      }),
      prose(
        `From the largest: ${largestFirst(channels)
          .map(([name, value]) => `**${name}** ${percent(value / number(all, "sales.revenue"))}`)
          .join(", ")}.`,
      ),
      table(
        "Revenue by country and kind of customer",
        [
          { title: "Country", value: (row) => row["customer.country"]! },
          ...kinds.map((kind) => ({
            title: kind,
            value: (row: Row) => (row[kind] === null ? "" : money(number(row, kind))),
          })),
          { title: "all", value: (row) => money(sum(kinds.map((kind) => number(row, kind)))) },
        ],
        rowsOf(countries).sort(
          (a, b) => sum(kinds.map((kind) => number(b, kind))) - sum(kinds.map((kind) => number(a, kind))),
        ),
      ),
      prose(
        unknown === undefined
          ? "Every line has a customer."
          : `${integer(number(unknown, "sales.lines"))} lines (${money(number(unknown, "sales.revenue"))}, ${percent(number(unknown, "sales.revenue") / number(all, "sales.revenue"))} of revenue) name no customer that any system knows. They stand under (unknown) and are in every total.`,
      ),
      heading("Who brings the money"),
      prose(
        `In ${latestYear} **${integer(number(count, "sales.revenue"))} customers** bought for ${money(number(mean, "sales.revenue"))} on average, but half of them for less than ${money(number(median, "sales.revenue"))}: the standard deviation is ${money(number(deviation, "sales.revenue"))}, the smallest customer spent ${money(number(least, "sales.revenue"))}, the largest ${money(number(most, "sales.revenue"))}. **The upper tenth brings ${percent(topTenth)} of the revenue.**`,
      ),
      chart(
        `How revenue is spread over the customers of ${latestYear}`,
        `Cumulative share of revenue against the share of customers, largest first: the upper tenth brings ${percent(topTenth)}.`,
        {
          height: 340,
          marginTop: 28,
          x: { label: null, domain: [0, 1] },
          y: { label: null, domain: [0, 1.02] },
          marks: [
            gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
            gridX({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
            axisY({
              ticks: 5,
              tickFormat: (value: number) => percent(value, 0),
              tickSize: 0,
              label: "share of revenue",
            }),
            axisX({
              ticks: 5,
              tickFormat: (value: number) => percent(value, 0),
              tickSize: 0,
              label: "share of customers",
            }),
            line(
              [
                [0, 0],
                [1, 1],
              ],
              { stroke: "currentColor", strokeOpacity: 0.35, strokeDasharray: "4 4" },
            ),
            lineY(lorenz, { x: "customers", y: "revenue", stroke: SERIES[0]!, strokeWidth: 2 }),
            ruleX([0.1], { stroke: SERIES[1]!, strokeDasharray: "2 3" }),
            dot([[0.1, topTenth]], { fill: SERIES[1]!, r: 4 }),
            text([[0.1, topTenth]], { text: () => percent(topTenth), dx: 10, dy: 12, textAnchor: "start", ...label }),
          ],
        },
      ),
      heading("What comes back"),
      chart(
        "Return rate by department",
        `Return rate by department, highest in ${String(departments[0]!["product.department"] ?? "(unknown)")}.`,
        {
          height: 60 + 28 * departments.length,
          marginLeft: 150,
          x: { label: null, axis: null },
          y: {
            label: null,
            domain: departments.map((row) => String(row["product.department"] ?? "(unknown)")),
            tickSize: 0,
          },
          marks: [
            barX(data(departments), {
              x: "sales.return_rate",
              y: (row: Row) => String(row["product.department"] ?? "(unknown)"),
              fill: SERIES[0]!,
              rx: 2,
            }),
            text(data(departments), {
              x: "sales.return_rate",
              y: (row: Row) => String(row["product.department"] ?? "(unknown)"),
              text: (row: Row) => percent(number(row, "sales.return_rate")),
              dx: 6,
              textAnchor: "start",
            }),
          ],
        },
      ),
      prose(
        `Customers sent back goods for ${money(sum(departments.map((row) => number(row, "sales.returns"))))}, ${percent(sum(departments.map((row) => number(row, "sales.returns"))) / number(all, "sales.revenue"))} of what they bought.`,
      ),
      heading("What did not fit"),
      prose(
        `The loads read ${compact(number(read, "loads.rows_read"))} rows and set ${integer(number(read, "loads.rows_rejected"))} apart with their reasons; ${number(read, "loads.unaccounted") === 0 ? "no row is unaccounted for" : `${integer(number(read, "loads.unaccounted"))} rows are unaccounted for`}.`,
      ),
      ...(jobs.length === 0
        ? []
        : [
            table(
              "Rows set apart, by job",
              [
                { title: "Job", value: (row) => row["loads.job"]! },
                { title: "Read", value: (row) => integer(number(row, "loads.rows_read")) },
                { title: "Set apart", value: (row) => integer(number(row, "loads.rows_rejected")) },
                { title: "Share", value: (row) => percent(number(row, "loads.reject_rate"), 2) },
              ],
              jobs,
            ),
          ]),
    ],
  };
}

const quarter = (row: Row): Date => day(String(row["date.quarter"]));
const channel = (row: Row): string => String(row["channel.name"] ?? "(unknown)");

/** Channels with their revenue of all quarters. */
function largestFirst(rows: readonly Row[]): [string, number][] {
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(channel(row), (totals.get(channel(row)) ?? 0) + number(row, "sales.revenue"));
  return [...totals].sort((a, b) => b[1] - a[1]);
}

/** Cumulative shares at some 200 points; `values` from the largest to the smallest. */
function concentration(values: readonly number[]): { customers: number; revenue: number }[] {
  const total = sum(values);
  const step = Math.max(1, Math.floor(values.length / 200));
  let running = 0;
  return [
    { customers: 0, revenue: 0 },
    ...values.flatMap((value, i) => {
      running += value;
      return (i + 1) % step === 0 || i === values.length - 1
        ? [{ customers: (i + 1) / values.length, revenue: running / total }]
        : [];
    }),
  ];
}
