/** Data quality: rows that the loads rejected. */
import type { OpenProject } from "tessera";
import { numberOf } from "../frame.ts";
import { heading, prose, table, type Html } from "../page.ts";
import { compact, integer, percent } from "../words.ts";

/** Rejected rows in total, and by job. */
export async function loadParts(project: OpenProject): Promise<Html[]> {
  const totals = await project.query({ measures: ["loads.rows_read", "loads.rows_rejected", "loads.unaccounted"] });
  const jobs = await project.query({
    measures: ["loads.rows_read", "loads.rows_rejected", "loads.reject_rate"],
    dimensions: ["loads.job"],
    filters: [{ member: "loads.rows_rejected", operator: "gt", values: [0] }],
    order: [{ member: "loads.rows_rejected", direction: "desc" }],
  });
  const [all] = totals.rows;
  const unaccounted = numberOf(all, "loads.unaccounted");
  return [
    heading("Data quality"),
    prose(
      `The loads read ${compact(numberOf(all, "loads.rows_read"))} rows and rejected ` +
        `${integer(numberOf(all, "loads.rows_rejected"))} with their reasons; ` +
        `${unaccounted === 0 ? "no row is unaccounted for" : `${integer(unaccounted)} rows are unaccounted for`}.`,
    ),
    ...(jobs.rows.length === 0
      ? []
      : [
          table(
            "Rejected rows by job",
            [
              { title: "Job", value: (row) => row["loads.job"] },
              { title: "Read", value: (row) => integer(numberOf(row, "loads.rows_read")) },
              { title: "Rejected", value: (row) => integer(numberOf(row, "loads.rows_rejected")) },
              { title: "Share", value: (row) => percent(numberOf(row, "loads.reject_rate"), 2) },
            ],
            jobs.rows,
          ),
        ]),
  ];
}
