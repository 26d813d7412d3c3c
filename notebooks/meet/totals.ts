/** Totals, months and years of sales. */
import type { OpenProject, Row } from "tessera";
import { frame, rowsOf } from "../frame.ts";

/** What the other parts refer to. */
export interface Totals {
  /** one row with the totals of every cube */
  readonly all: Row;
  /** one row a month: revenue, orders */
  readonly monthly: readonly Row[];
  /** one row a year: revenue, orders */
  readonly years: readonly Row[];
  /** first and last month, as ISO dates */
  readonly first: string;
  readonly last: string;
  readonly latestYear: string;
}

/** @throws Error where there are no sales */
export async function totalsOf(project: OpenProject): Promise<Totals> {
  const { rows } = await project.query({
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
  const months = frame(
    await project.query({ measures: ["sales.revenue", "sales.orders"], dimensions: ["date.month"] }),
  );
  const monthly = rowsOf(months);
  const [all, first, last] = [rows[0], monthly[0], monthly.at(-1)];
  if (all === undefined || first === undefined || last === undefined) throw new Error("there are no sales");
  months.addColumn(
    "year",
    monthly.map((row) => String(row["date.month"]).slice(0, 4)),
    { inplace: true },
  );
  return {
    all,
    monthly,
    years: rowsOf(months.groupby(["year"]).agg({ "sales.revenue": "sum", "sales.orders": "sum" })),
    first: String(first["date.month"]),
    last: String(last["date.month"]),
    latestYear: String(last["date.month"]).slice(0, 4),
  };
}
