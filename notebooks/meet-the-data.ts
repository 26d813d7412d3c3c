/** Meet the data: what the warehouse holds, what is unusual about it, and who brings the revenue. */
import type { OpenProject } from "tessera";
import { numberOf } from "./frame.ts";
import { customerParts } from "./meet/customers.ts";
import { loadParts } from "./meet/loads.ts";
import { marketParts } from "./meet/markets.ts";
import { overviewParts } from "./meet/overview.ts";
import { returnParts } from "./meet/returns.ts";
import { totalsOf } from "./meet/totals.ts";
import type { Page } from "./page.ts";
import { month, shortMoney } from "./words.ts";

/** The notebook. */
export default async function meetTheData(project: OpenProject): Promise<Page> {
  const totals = await totalsOf(project);
  const { all, first, last } = totals;
  const revenue = shortMoney(numberOf(all, "sales.revenue"));
  return {
    title: "Meet the data",
    lead: `${project.spec.title ?? project.spec.name}: ${revenue} of sales from ${month(first)} to ${month(last)}.`,
    source: `Warehouse version ${project.manifest().version}. Every number comes from a query of this notebook.`,
    parts: [
      ...overviewParts(totals),
      ...(await marketParts(project, all)),
      ...(await customerParts(project, totals.latestYear)),
      ...(await returnParts(project, all)),
      ...(await loadParts(project)),
    ],
  };
}
