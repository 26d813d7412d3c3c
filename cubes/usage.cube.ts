import { avg, calculated, count, countDistinct, defineCube, quantile, sum } from "../engine/index.ts";
import { date } from "./dimensions/index.ts";

export const usage = defineCube({
  name: "usage",
  title: "Usage",
  description: "Requests to the warehouse, by user and response time.",
  table: "tessera_usage",
  dimensions: { date: { to: date, on: "at", title: "Asked at" } },
  attributes: {
    caller: { sql: "caller", title: "Caller" },
    kind: { sql: "kind", title: "Kind of request" },
    members: { sql: "members", title: "Members asked for" },
    status: { sql: "status", title: "Outcome" },
  },
  measures: {
    requests: count({ title: "Requests", format: "integer" }),
    callers: countDistinct("caller", { title: "Callers", format: "integer" }),
    failed: count({
      title: "Failed requests",
      format: "integer",
      better: "down",
      where: [{ member: "usage.status", operator: "not_equals", values: ["ok"] }],
    }),
    failure_rate: calculated("failed / requests", { title: "Failure rate", format: "percent", better: "down" }),
    rows: sum("rows", { title: "Rows answered", format: "integer" }),
    milliseconds: avg("milliseconds", { title: "Milliseconds per request", format: "decimal", better: "down" }),
    p95_milliseconds: quantile("milliseconds", 0.95, {
      title: "95 % answered within milliseconds",
      format: "decimal",
      better: "down",
    }),
  },
});
