/** Returns: the return rate by department. */
import { barX, text } from "@observablehq/plot";
import type { OpenProject, Row } from "tessera";
import { numberOf, sum } from "../frame.ts";
import { BLUE, chart, heading, plotted, prose, type Html } from "../page.ts";
import { money, percent } from "../words.ts";

const departmentOf = (row: Row): string => String(row["product.department"] ?? "(unknown)");

/** @param all the totals */
export async function returnParts(project: OpenProject, all: Row): Promise<Html[]> {
  const { rows } = await project.query({
    measures: ["sales.return_rate", "sales.returns", "sales.revenue"],
    dimensions: ["product.department"],
    order: [{ member: "sales.return_rate", direction: "desc" }],
  });
  const names = rows.map(departmentOf);
  const returned = sum(rows.map((row) => numberOf(row, "sales.returns")));
  return [
    heading("Returns"),
    chart("Return rate by department", `Return rate by department, highest in ${names[0] ?? "none"}.`, {
      height: 60 + 28 * rows.length,
      marginLeft: 150,
      x: { label: null, axis: null },
      y: { label: null, domain: names, tickSize: 0 },
      marks: [
        barX(plotted(rows), { x: "sales.return_rate", y: departmentOf, fill: BLUE, rx: 2 }),
        text(plotted(rows), {
          x: "sales.return_rate",
          y: departmentOf,
          text: (row: Row) => percent(numberOf(row, "sales.return_rate")),
          dx: 6,
          textAnchor: "start",
        }),
      ],
    }),
    prose(
      `Customers returned goods for ${money(returned)}, ` +
        `${percent(returned / numberOf(all, "sales.revenue"))} of what they bought.`,
    ),
  ];
}
