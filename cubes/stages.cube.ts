import { avg, calculated, count, defineCube, median } from "../engine/index.ts";
import { customer, date, salesperson } from "./dimensions/index.ts";
import { STAGES } from "./opportunities.cube.ts";

export const stages = defineCube({
  name: "stages",
  title: "Stage history",
  description: "Each stage that an opportunity passed, with the time it stayed there.",
  table: "fact_opportunity_stages",
  grain: ["opportunity_id", "stage_no"],
  dimensions: {
    date: { to: date, on: "entered_on", title: "Entered on" },
    customer: { to: customer, on: "customer_id" },
    salesperson: { to: salesperson, on: "salesperson_id" },
  },
  attributes: {
    stage: { sql: "stage", title: "Stage", order: STAGES },
    next_stage: { sql: "next_stage", title: "Next stage", order: STAGES },
  },
  measures: {
    entered: count({ title: "Entered", format: "integer" }),
    moved_on: count({
      title: "Moved on",
      format: "integer",
      where: [
        { member: "stages.next_stage", operator: "not_null" },
        { member: "stages.next_stage", operator: "not_equals", values: ["Lost"] },
      ],
    }),
    conversion: calculated("moved_on / entered", { title: "Went on to the next stage", format: "percent" }),
    days: avg("days_in_stage", { title: "Days in the stage", format: "days", better: "down" }),
    median_days: median("days_in_stage", { title: "Median days in the stage", format: "days", better: "down" }),
  },
});
