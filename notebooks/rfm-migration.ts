/**
 * RFM and migration: customers by recency, frequency and monetary value, and how they move between groups in a year.
 */
import { axisX, axisY, barX, cell, gridX, ruleX, text } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { DataFrame } from "danfojs-node";
import { numberOf, numbersOf, pivot, rowsOf, sum } from "./frame.ts";
import { BLUE, chart, heading, plotted, prose, table, type Html, type Page } from "./page.ts";
import { integer, money, percent, shortMoney } from "./words.ts";

const NEW = "Not a customer yet";
const GROUPS: readonly string[] = ["Champions", "Loyal", "Promising", "Drifting", "Asleep", NEW];

/** A group by quintiles: recency (5 the latest), and the mean of frequency and monetary value. */
function groupOf(recency: number, worth: number): string {
  if (recency >= 4) {
    if (worth >= 4) return "Champions";
    return worth >= 2.5 ? "Loyal" : "Promising";
  }
  if (recency < 2.5) return "Asleep";
  return worth >= 4 ? "Loyal" : "Drifting";
}

/** Quintiles in which equal values have equal scores; 1 is the lowest. */
function quintiles(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const edges = [0.2, 0.4, 0.6, 0.8].map(
    (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0,
  );
  return values.map((value) => 1 + edges.filter((edge) => value >= edge).length);
}

/** Everyone who had bought by a day, with their group on that day. */
async function groupedOn(project: OpenProject, day: string): Promise<DataFrame> {
  const { rows } = await project.sql(
    `SELECT customer_id, max(order_date)::VARCHAR AS last, count(DISTINCT order_date)::INTEGER AS days,
       sum(net_amount)::DOUBLE AS money
     FROM fact_sales WHERE customer_id IS NOT NULL AND order_date <= CAST($1 AS DATE) GROUP BY 1 ORDER BY 1`,
    [day],
  );
  const daysSince = (iso: string): number => (Date.parse(day) - Date.parse(iso.slice(0, 10))) / 86_400_000;
  const frame = new DataFrame(
    rows.map((row) => [
      numberOf(row, "customer_id"),
      daysSince(String(row["last"])),
      numberOf(row, "days"),
      numberOf(row, "money"),
    ]),
    { columns: ["customer", "since", "days", "money"] },
  );
  const recency = quintiles(numbersOf(frame, "since").map((since) => -since));
  const frequency = quintiles(numbersOf(frame, "days"));
  const monetary = quintiles(numbersOf(frame, "money"));
  frame.addColumn(
    "group",
    recency.map((r, i) => groupOf(r, ((frequency[i] ?? 0) + (monetary[i] ?? 0)) / 2)),
    { inplace: true },
  );
  return frame;
}

/** The notebook. */
export default async function rfmMigration(project: OpenProject): Promise<Page> {
  const { rows } = await project.sql("SELECT max(order_date)::VARCHAR AS until FROM fact_sales");
  const now = String(rows[0]?.["until"]).slice(0, 10);
  const before = `${Number(now.slice(0, 4)) - 1}${now.slice(4)}`.replace(/-02-29$/, "-02-28");
  const [then, today] = await Promise.all([groupedOn(project, before), groupedOn(project, now)]);
  const buyers = rowsOf(today);
  return {
    title: "RFM and migration",
    lead: `${integer(buyers.length)} buyers by recency, frequency and monetary value on ${now}, and a year before.`,
    source:
      `Warehouse version ${project.manifest().version}. Quintiles are computed in this notebook; customers ` +
      "with equal " +
      "figures are in equal quintiles.",
    parts: [...groupParts(today, buyers.length), ...migrationParts(then, buyers, before)],
  };
}

function groupParts(today: DataFrame, buyers: number): Html[] {
  const groups = rowsOf(
    today.groupby(["group"]).agg({ customer: "count", money: "sum", days: "mean", since: "mean" }),
  ).sort((a, b) => GROUPS.indexOf(String(a["group"])) - GROUPS.indexOf(String(b["group"])));
  const sizeOf = (row: Row | undefined): number => numberOf(row, "customer_count");
  const moneyOf = (row: Row | undefined): number => numberOf(row, "money_sum");
  const total = sum(groups.map(moneyOf));
  const champions = groups.find((row) => row["group"] === "Champions");
  const sizes = groups.map((row) => `${String(row["group"])} ${integer(sizeOf(row))}`).join(", ");
  return [
    heading("Groups today"),
    prose(
      `**${percent(sizeOf(champions) / buyers)}** of all buyers are Champions; they account for ` +
        `**${percent(moneyOf(champions) / total)}** of all sales to known customers.`,
    ),
    chart("Customers by group", `Customers by group; ${sizes}.`, {
      height: 60 + 38 * groups.length,
      marginLeft: 110,
      marginRight: 60,
      x: { label: null },
      y: { label: null, domain: groups.map((row) => String(row["group"])) },
      marks: [
        gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
        axisX({ tickSize: 0, label: null, ticks: 5 }),
        axisY({ tickSize: 0, label: null }),
        barX(plotted(groups), { x: "customer_count", y: "group", fill: BLUE, insetTop: 4, insetBottom: 4 }),
        text(plotted(groups), {
          x: "customer_count",
          y: "group",
          text: (row: Row) => integer(sizeOf(row)),
          dx: 6,
          textAnchor: "start",
        }),
        ruleX([0]),
      ],
    }),
    table(
      "Groups",
      [
        { title: "Group", value: (row) => row["group"] },
        { title: "Customers", value: (row) => integer(sizeOf(row)) },
        { title: "Revenue so far", value: (row) => shortMoney(moneyOf(row)) },
        { title: "Share of revenue", value: (row) => percent(moneyOf(row) / total) },
        { title: "Revenue per customer", value: (row) => money(moneyOf(row) / sizeOf(row)) },
        { title: "Days since the last purchase", value: (row) => integer(numberOf(row, "since_mean")) },
      ],
      groups,
    ),
  ];
}

function migrationParts(then: DataFrame, buyers: readonly Row[], before: string): Html[] {
  const was = new Map(rowsOf(then).map((row) => [row["customer"], String(row["group"])] as const));
  const moves = new DataFrame(
    buyers.map((row) => [was.get(row["customer"]) ?? NEW, String(row["group"]), 1]),
    { columns: ["from", "to", "n"] },
  );
  const matrix = rowsOf(pivot(moves, "from", "to", "n"));
  const rowOf = (group: string): Row | undefined => matrix.find((row) => row["from"] === group);
  const from = GROUPS.filter((group) => rowOf(group) !== undefined);
  const to = GROUPS.filter((group) => buyers.some((row) => row["group"] === group));
  const countOf = (f: string, t: string): number => numberOf(rowOf(f), t);
  const sizeOf = (f: string): number => sum(to.map((t) => countOf(f, t)));
  const shareOf = (f: string, ...targets: readonly string[]): number =>
    sum(targets.map((t) => countOf(f, t))) / Math.max(1, sizeOf(f));
  const cells = from.flatMap((f) => to.map((t) => ({ from: f, to: t, n: countOf(f, t), share: shareOf(f, t) })));
  return [
    heading("Migration in a year"),
    prose(
      `Each row is a group on ${before}, each column shows where its members are now; a row adds up to its group. Of ` +
        `the Champions then, **${percent(shareOf("Champions", "Asleep", "Drifting"))}** are now drifting or ` +
        "asleep, and " +
        `${percent(shareOf("Champions", "Champions"))} have stayed.`,
    ),
    migrationChart(cells, from, to),
    table(
      "Customers by group then and now",
      [
        { title: "Then", value: (row) => row["from"] },
        ...to.map((t) => ({ title: t, value: (row: Row) => integer(numberOf(row, t)) })),
        { title: "All", value: (row) => integer(sum(to.map((t) => numberOf(row, t)))) },
      ],
      from.map((f): Row => rowOf(f) ?? {}),
    ),
  ];
}

const migrationChart = (cells: readonly object[], from: readonly string[], to: readonly string[]): Html =>
  chart(
    "Where each group went, as a share of the group",
    "Migration between groups within a year as a heat map; shares of each row.",
    {
      height: 70 + 44 * from.length,
      marginLeft: 130,
      marginTop: 30,
      x: { label: null, domain: [...to], axis: null },
      y: { label: null, domain: [...from], axis: null },
      color: {
        type: "linear",
        domain: [0, 1],
        range: ["var(--back)", "var(--s1)"],
        interpolate: () => (t: number) => `color-mix(in srgb, var(--s1) ${Math.round(t * 75)}%, var(--back))`,
      },
      marks: [
        axisX({ anchor: "top", tickSize: 0, label: null }),
        axisY({ tickSize: 0, label: null }),
        cell(plotted(cells), { x: "to", y: "from", fill: "share", inset: 1 }),
        text(plotted(cells), {
          x: "to",
          y: "from",
          text: (row: Row) => (numberOf(row, "n") === 0 ? "" : percent(numberOf(row, "share"), 0)),
          fill: "currentColor",
        }),
      ],
    },
  );
