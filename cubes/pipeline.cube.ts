import { averageOverTime, calculated, defineCube, lastValue, sum } from "../engine/index.ts";
import { customer, date, salesperson } from "./dimensions/index.ts";
import { STAGES } from "./opportunities.cube.ts";

/** Open deals at each month's end: a stock, so its numbers do not add up over time. */
export const pipeline = defineCube({
  name: "pipeline",
  title: "Pipeline",
  description: "Open opportunities at the end of each month.",
  table: "fact_pipeline",
  grain: ["opportunity_id", "snapshot_on"],
  dimensions: {
    date: { to: date, on: "snapshot_on", title: "As of" },
    customer: { to: customer, on: "customer_id" },
    salesperson: { to: salesperson, on: "salesperson_id" },
  },
  attributes: {
    stage: { sql: "stage", title: "Stage at the time", order: STAGES },
    age_band: { sql: "age_days", title: "Age of the deal", bins: [30, 60, 90, 180] },
  },
  measures: {
    open: lastValue("deals", { over: "date", title: "Open deals", format: "integer" }),
    value: lastValue("value_amount", { over: "date", title: "Pipeline value", format: "currency" }),
    weighted: lastValue("weighted_amount", { over: "date", title: "Pipeline by probability", format: "currency" }),
    deal_months: sum("deals", {
      title: "Deal months",
      description: "Deals times month-ends at which they were open.",
      format: "integer",
    }),
    daily_value: averageOverTime("value_amount", { over: "date", title: "Snapshot value per day", format: "currency" }),
    average_value: calculated("value / open", { title: "Value of an open deal", format: "currency" }),
  },
});
