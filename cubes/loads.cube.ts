import { calculated, count, defineCube, max, sum } from "../engine/index.ts";
import { date } from "./dimensions/index.ts";

const status = (value: string) => [{ member: "loads.status", operator: "equals" as const, values: [value] }];

export const loads = defineCube({
  name: "loads",
  title: "Loads",
  description: "Runs of the jobs: rows read, written and rejected, and how long each took.",
  table: "tessera_runs",
  grain: ["run_id", "job"],
  dimensions: { date: { to: date, on: "started_at", title: "Started at" } },
  attributes: {
    run: { sql: "run_id", title: "Run" },
    job: { sql: "job", title: "Job" },
    status: { sql: "status", title: "Run status" },
  },
  measures: {
    runs: count({ title: "Runs", format: "integer" }),
    failed: count({ title: "Failed runs", format: "integer", better: "down", where: status("failed") }),
    rows_read: sum("read", { title: "Rows read", format: "integer" }),
    rows_written: sum("written", { title: "Rows written", format: "integer" }),
    rows_unchanged: sum("unchanged", { title: "Rows unchanged", format: "integer" }),
    rows_deleted: sum("deleted", { title: "Rows deleted", format: "integer" }),
    rows_rejected: sum("rejected", { title: "Rows rejected", format: "integer", better: "down" }),
    seconds: sum("seconds", { title: "Seconds", format: "seconds", better: "down" }),
    longest: max("seconds", { title: "Longest run", format: "seconds", better: "down" }),
    bytes: sum("bytes", { title: "Bytes read", format: "integer" }),
    reject_rate: calculated("rows_rejected / rows_read", { title: "Reject rate", format: "percent", better: "down" }),
    rows_per_second: calculated("rows_read / seconds", { title: "Rows per second", format: "integer" }),
    unaccounted: calculated("rows_read - rows_written - rows_unchanged - rows_deleted - rows_rejected", {
      title: "Rows unaccounted for",
      description: "Must be zero.",
      format: "integer",
      better: "down",
    }),
  },
});
