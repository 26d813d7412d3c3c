import { avg, calculated, count, countDistinct, defineCube, median, quantile, sum, shift } from "../engine/index.ts";
import { channel, customer, date, topic } from "./dimensions/index.ts";

const yes = (member: string) => [{ member, operator: "equals" as const, values: [true] }];

export const service = defineCube({
  name: "service",
  title: "Service",
  description: "Cases of the service desk, dated by the day they were opened.",
  table: "fact_cases",
  grain: ["case_id"],
  dimensions: {
    date: { to: date, on: "opened_on", title: "Opened on" },
    resolved_date: { to: date, on: "resolved_on", title: "Resolved on" },
    customer: { to: customer, on: "customer_id" },
    topic: { to: topic, on: "topic_id" },
    channel: { to: channel, on: "channel_id", title: "Channel of the case" },
  },
  attributes: {
    case: { sql: "case_no", title: "Case" },
    status: { sql: "case_status", title: "Case status" },
    priority: { sql: "priority", title: "Priority", order: ["low", "normal", "high"] },
    agent: { sql: "agent", title: "Agent" },
    team: { sql: "agent_team", title: "Desk team" },
    within_promise: { sql: "within_promise", title: "Promise kept", type: "boolean" },
    reopened: { sql: "reopened", title: "Reopened", type: "boolean" },
    order: { sql: "order_id", title: "Order concerned", type: "integer" },
  },
  measures: {
    cases: count({ title: "Cases", format: "integer", better: "down" }),
    open: count({
      title: "Open cases",
      format: "integer",
      better: "down",
      where: [{ member: "service.status", operator: "not_equals", values: ["resolved"] }],
    }),
    resolved: count("resolved_on", { title: "Resolved cases", format: "integer" }),
    complaints: count({ title: "Complaints", format: "integer", better: "down", where: yes("topic.is_complaint") }),
    complaint_rate: calculated("complaints / cases", {
      title: "Share of complaints",
      format: "percent",
      better: "down",
    }),
    customers: countDistinct("customer_id", { title: "Customers with cases", format: "integer", better: "down" }),
    cost: sum("cost_amount", { title: "Service cost", format: "currency", better: "down" }),
    cost_per_case: calculated("cost / cases", { title: "Cost per case", format: "currency", better: "down" }),
    first_answer: avg("first_answer_minutes", { title: "Time to first answer", format: "minutes", better: "down" }),
    median_first_answer: median("first_answer_minutes", {
      title: "Median time to first answer",
      format: "minutes",
      better: "down",
    }),
    resolve_hours: avg("resolve_hours", { title: "Time to resolve", format: "hours", better: "down" }),
    p90_resolve_hours: quantile("resolve_hours", 0.9, {
      title: "Nine in ten resolved within",
      format: "hours",
      better: "down",
    }),
    kept: count({ title: "Promises kept", format: "integer", where: yes("service.within_promise") }),
    promised: count("within_promise", { title: "Promises due", format: "integer" }),
    kept_rate: calculated("kept / promised", {
      title: "Kept promise rate",
      description: "Resolved within the promised hours.",
      format: "percent",
    }),
    reopenings: count({ title: "Reopened cases", format: "integer", better: "down", where: yes("service.reopened") }),
    reopen_rate: calculated("reopenings / cases", { title: "Reopen rate", format: "percent", better: "down" }),
    messages: sum("messages", { title: "Messages", format: "integer", better: "down" }),
    messages_per_case: calculated("messages / cases", {
      title: "Messages per case",
      format: "decimal",
      better: "down",
    }),
    cases_last_year: shift(
      "cases",
      { years: -1 },
      { title: "Cases a year earlier", format: "integer", better: "down" },
    ),
    contact_rate: calculated("service.customers / sales.buyers", {
      title: "Customers with cases per buyer",
      format: "percent",
      better: "down",
    }),
  },
});
