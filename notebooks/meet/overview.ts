/** What the warehouse holds, and revenue by month and year. */
import { areaY, axisY, dot, gridY, lineY, ruleY, text } from "@observablehq/plot";
import type { Row } from "tessera";
import { numberOf, sum } from "../frame.ts";
import { BLUE, chart, heading, plotted, prose, table, type Html } from "../page.ts";
import { day, integer, money, month, percent, shortMoney } from "../words.ts";
import type { Totals } from "./totals.ts";

const revenueOf = (row: Row | undefined): number => numberOf(row, "sales.revenue");
const monthOf = (row: Row): string => String(row["date.month"]);

/** Heading, totals, revenue by month, and a table of years. */
export function overviewParts({ all, monthly, years, first, last, latestYear }: Totals): Html[] {
  const best = monthly.reduce((a, b) => (revenueOf(b) > revenueOf(a) ? b : a));
  const late = monthly.filter((row) => /^\d{4}-1[12]/.test(monthOf(row)));
  const even = monthly.length % 12 === 0 ? ` (two average months would bring ${percent(2 / 12)})` : "";
  return [
    heading("What there is"),
    prose(
      `The warehouse holds **${integer(numberOf(all, "sales.lines"))} order lines** in ` +
        `${integer(numberOf(all, "sales.orders"))} orders by ${integer(numberOf(all, "sales.buyers"))} ` +
        "customers; the " +
        `average order is ${money(numberOf(all, "sales.average_order"))}. It also holds ` +
        `${integer(numberOf(all, "service.cases"))} service cases and ${integer(numberOf(all, "touches.touches"))} ` +
        "campaign contacts of the same customers.",
    ),
    revenueChart(monthly, best, first, last),
    prose(
      `${month(monthOf(best))} was the best month with ${money(revenueOf(best))}. November and December bring ` +
        `${percent(sum(late.map(revenueOf)) / revenueOf(all))} of all revenue${even}.${growthText(years, latestYear)}`,
    ),
    table(
      "By year",
      [
        { title: "Year", value: (row) => row["year"] },
        { title: "Revenue", value: (row) => money(numberOf(row, "sales.revenue_sum")) },
        { title: "Orders", value: (row) => integer(numberOf(row, "sales.orders_sum")) },
        {
          title: "Average order",
          value: (row) => money(numberOf(row, "sales.revenue_sum") / numberOf(row, "sales.orders_sum")),
        },
      ],
      years,
    ),
  ];
}

/** The change from the year before; nothing for a single year. */
function growthText(years: readonly Row[], latestYear: string): string {
  const [before, latest] = [years.at(-2), years.at(-1)];
  if (before === undefined) return "";
  const growth = numberOf(latest, "sales.revenue_sum") / numberOf(before, "sales.revenue_sum") - 1;
  const moved = `${growth >= 0 ? "grew" : "fell"} by ${percent(Math.abs(growth))}`;
  return ` Revenue in ${latestYear} ${moved} from the year before.`;
}

function revenueChart(monthly: readonly Row[], best: Row, first: string, last: string): Html {
  const position = { x: (row: Row) => day(monthOf(row)), y: "sales.revenue" };
  return chart(
    "Revenue by month",
    `Revenue by month from ${month(first)} to ${month(last)}, highest in ${month(monthOf(best))}.`,
    {
      y: { label: null },
      x: { label: null, type: "utc" },
      marks: [
        gridY({ stroke: "var(--line)", strokeOpacity: 1 }),
        axisY({ tickFormat: (value: number) => shortMoney(value), tickSize: 0, label: null }),
        ruleY([0], { stroke: "var(--line)" }),
        areaY(plotted(monthly), { ...position, fill: BLUE, fillOpacity: 0.12 }),
        lineY(plotted(monthly), { ...position, stroke: BLUE, strokeWidth: 2 }),
        dot(plotted([best]), { ...position, fill: BLUE, r: 4 }),
        text(plotted([best]), {
          ...position,
          text: (row: Row) => shortMoney(revenueOf(row)),
          dy: -12,
          fontWeight: 600,
          fill: "currentColor",
        }),
      ],
    },
  );
}
