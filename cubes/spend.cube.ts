import { calculated, defineCube, sum, toDate } from "../engine/index.ts";
import { channel, date } from "./dimensions/index.ts";

export const spend = defineCube({
  name: "spend",
  title: "Marketing spend",
  description: "Budget and actual spend by marketing channel and month.",
  table: "fact_spend",
  grain: ["month_on", "channel_id"],
  dimensions: { date: { to: date, on: "month_on", title: "Month" }, channel: { to: channel, on: "channel_id" } },
  measures: {
    budget: sum("budget_amount", { title: "Budget", format: "currency" }),
    actual: sum("actual_amount", { title: "Actual spend", format: "currency", better: "down" }),
    variance: calculated("actual - budget", { title: "Over budget", format: "currency", better: "down" }),
    variance_rate: calculated("variance / budget", {
      title: "Over budget, relative",
      format: "percent",
      better: "down",
    }),
    actual_ytd: toDate("actual", "year", { title: "Spend, year to date", format: "currency", better: "down" }),
    budget_ytd: toDate("budget", "year", { title: "Budget, year to date", format: "currency" }),
    cost_per_visit: calculated("spend.actual / touches.visits", {
      title: "Spend per visit",
      format: "currency",
      better: "down",
    }),
    acquisition_cost: calculated("spend.actual / sales.new_buyers", {
      title: "Spend per new buyer",
      format: "currency",
      better: "down",
    }),
    spend_rate: calculated("spend.actual / sales.revenue", {
      title: "Spend per euro sold",
      format: "percent",
      better: "down",
    }),
  },
});
