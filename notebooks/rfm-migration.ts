/**
 * RFM and migration: who buys how recently, how often and for how much, and how customers move between those groups in
 * a year.
 */
import { axisX, axisY, barX, cell, gridX, ruleX, text, type Data } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { DataFrame } from "danfojs-node";
import { numbersOf, pivot, rowsOf } from "./frame.ts";
import { chart, heading, prose, SERIES, table, type Page } from "./page.ts";
import { integer, money, percent, shortMoney } from "./words.ts";

const GROUPS = ["Champions", "Loyal", "Promising", "Drifting", "Asleep", "Not a customer yet"] as const;

/** A group by fifths of recency (5 the latest) and of frequency and money together. */
const groupOf = (recency: number, worth: number): string =>
  recency >= 4
    ? worth >= 4
      ? "Champions"
      : worth >= 2.5
        ? "Loyal"
        : "Promising"
    : recency >= 2.5
      ? worth >= 4
        ? "Loyal"
        : "Drifting"
      : "Asleep";

/** Fifths in which equal values have equal scores: 1 the least. */
function fifths(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const edges = [0.2, 0.4, 0.6, 0.8].map((at) => sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))]!);
  return values.map((value) => 1 + edges.filter((edge) => value >= edge).length);
}

/** Everybody who had bought by a day, with his group on that day. */
async function grouped(project: OpenProject, day: string): Promise<DataFrame> {
  const { rows } = await project.sql(
    "SELECT customer_id, max(order_date)::VARCHAR AS last, count(DISTINCT order_date)::INTEGER AS days, sum(net_amount)::DOUBLE AS money FROM fact_sales WHERE customer_id IS NOT NULL AND order_date <= CAST($1 AS DATE) GROUP BY 1 ORDER BY 1",
    [day],
  );
  const frame = new DataFrame(
    rows.map((row) => [
      Number(row["customer_id"]),
      (Date.parse(day) - Date.parse(String(row["last"]).slice(0, 10))) / 86_400_000,
      Number(row["days"]),
      Number(row["money"]),
    ]),
    { columns: ["customer", "since", "days", "money"] },
  );
  const recency = fifths(numbersOf(frame, "since").map((since) => -since)),
    frequency = fifths(numbersOf(frame, "days")),
    amount = fifths(numbersOf(frame, "money"));
  frame.addColumn(
    "group",
    recency.map((r, i) => groupOf(r, (frequency[i]! + amount[i]!) / 2)),
    { inplace: true },
  );
  return frame;
}

export default async function rfmMigration(project: OpenProject): Promise<Page> {
  const {
    rows: [span],
  } = await project.sql("SELECT max(order_date)::VARCHAR AS until FROM fact_sales");
  const now = String(span!["until"]).slice(0, 10),
    before = `${Number(now.slice(0, 4)) - 1}${now.slice(4)}`.replace(/-02-29$/, "-02-28");
  const [then, today] = await Promise.all([grouped(project, before), grouped(project, now)]);
  const was = new Map(rowsOf(then).map((row) => [row["customer"], String(row["group"])]));
  const all = rowsOf(today);
  const by = rowsOf(
    today.groupby(["group"]).agg({ customer: "count", money: "sum", days: "mean", since: "mean" }),
  ).sort((a, b) => GROUPS.indexOf(String(a["group"]) as "Loyal") - GROUPS.indexOf(String(b["group"]) as "Loyal"));
  const total = by.reduce((sum, row) => sum + Number(row["money_sum"]), 0);
  const moves = new DataFrame(
    all.map((row) => [was.get(row["customer"]!) ?? "Not a customer yet", String(row["group"]), 1]),
    { columns: ["from", "to", "n"] },
  );
  const matrix = rowsOf(pivot(moves, "from", "to", "n"));
  const from = GROUPS.filter((g) => matrix.some((row) => row["from"] === g)),
    to = GROUPS.filter((g) => by.some((row) => row["group"] === g));
  const count = (f: string, t: string): number => Number(matrix.find((row) => row["from"] === f)?.[t] ?? 0);
  const out = (f: string): number => to.reduce((sum, t) => sum + count(f, t), 0);
  const cells = from.flatMap((f) =>
    to.map((t) => ({ from: f, to: t, n: count(f, t), share: count(f, t) / Math.max(1, out(f)) })),
  );
  const champions = by.find((row) => row["group"] === "Champions");
  const slept = count("Champions", "Asleep") + count("Champions", "Drifting");
  return {
    title: "RFM and migration",
    lead: `${integer(all.length)} buyers by recency, frequency and money on ${now}, beside the same a year before.`,
    source: `Warehouse version ${project.manifest().version}. Fifths are computed in this notebook; customers with equal figures are in equal fifths.`,
    parts: [
      heading("Who is who today"),
      prose(
        `**${percent(Number(champions?.["customer_count"] ?? 0) / all.length)}** of all buyers are Champions; they stand for **${percent(Number(champions?.["money_sum"] ?? 0) / total)}** of everything that was ever sold to known customers.`,
      ),
      chart(
        "Customers by group",
        `Customers by group; ${by.map((row) => `${String(row["group"])} ${integer(Number(row["customer_count"]))}`).join(", ")}.`,
        {
          height: 60 + 38 * by.length,
          marginLeft: 110,
          marginRight: 60,
          x: { label: null },
          y: { label: null, domain: to as unknown as string[] },
          marks: [
            gridX({ stroke: "var(--line)", strokeOpacity: 1 }),
            axisX({ tickSize: 0, label: null, ticks: 5 }),
            axisY({ tickSize: 0, label: null }),
            barX(by as unknown as Data, {
              x: "customer_count",
              y: "group",
              fill: SERIES[0]!,
              insetTop: 4,
              insetBottom: 4,
            }),
            text(by as unknown as Data, {
              x: "customer_count",
              y: "group",
              text: (row: Row) => integer(Number(row["customer_count"])),
              dx: 6,
              textAnchor: "start",
            }),
            ruleX([0]),
          ],
        },
      ),
      table(
        "The groups",
        [
          { title: "Group", value: (row) => row["group"]! },
          { title: "Customers", value: (row) => integer(Number(row["customer_count"])) },
          { title: "Revenue so far", value: (row) => shortMoney(Number(row["money_sum"])) },
          { title: "Share of it", value: (row) => percent(Number(row["money_sum"]) / total) },
          { title: "A customer", value: (row) => money(Number(row["money_sum"]) / Number(row["customer_count"])) },
          { title: "Days since the last", value: (row) => integer(Number(row["since_mean"])) },
        ],
        by,
      ),
      heading("How they moved in a year"),
      prose(
        `Each row is a group of ${before}, each column where its members are now; a row adds up to its group. Of those who were Champions, **${percent(slept / Math.max(1, out("Champions")))}** have drifted away or fallen asleep, and ${percent(count("Champions", "Champions") / Math.max(1, out("Champions")))} have stayed.`,
      ),
      chart(
        "Where each group went, as a share of the group",
        "Migration between groups within a year as a heat map; shares of each row.",
        {
          height: 70 + 44 * from.length,
          marginLeft: 130,
          marginTop: 30,
          x: { label: null, domain: to as unknown as string[], axis: null },
          y: { label: null, domain: from as unknown as string[], axis: null },
          color: {
            type: "linear",
            domain: [0, 1],
            range: ["var(--back)", "var(--s1)"],
            interpolate: ((_a: string, _b: string) => (t: number) =>
              `color-mix(in srgb, var(--s1) ${Math.round(t * 75)}%, var(--back))`) as never,
          },
          marks: [
            axisX({ anchor: "top", tickSize: 0, label: null }),
            axisY({ tickSize: 0, label: null }),
            cell(cells as unknown as Data, { x: "to", y: "from", fill: "share", inset: 1 }),
            text(cells as unknown as Data, {
              x: "to",
              y: "from",
              text: (row: Row) => (Number(row["n"]) === 0 ? "" : percent(Number(row["share"]), 0)),
              fill: "currentColor",
            }),
          ],
        },
      ),
      table(
        "The same in customers",
        [
          { title: "Then", value: (row) => row["from"]! },
          ...to.map((t) => ({ title: t, value: (row: Row) => integer(Number(row[t] ?? 0)) })),
          { title: "All", value: (row) => integer(to.reduce((sum, t) => sum + Number(row[t] ?? 0), 0)) },
        ],
        from.map((f) => matrix.find((row) => row["from"] === f)!),
      ),
    ],
  };
}
