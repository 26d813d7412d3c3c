import { calculated, count, countDistinct, defineCube, sum } from "../engine/index.ts";
import { campaign, channel, customer, date } from "./dimensions/index.ts";

const treated = [{ member: "assignments.treated", operator: "equals" as const, values: [true] }];
const heldOut = [{ member: "assignments.treated", operator: "equals" as const, values: [false] }];

export const assignments = defineCube({
  name: "assignments",
  title: "Campaign assignments",
  description:
    "Customers drawn into each campaign or its random control group, and what they bought in the campaign's " +
    "window.",
  table: "fact_assignments",
  grain: ["campaign_id", "customer_id"],
  dimensions: {
    date: { to: date, on: "assigned_on", title: "Drawn on" },
    customer: { to: customer, on: "customer_id" },
    campaign: { to: campaign, on: "campaign_id" },
    channel: { to: channel, on: "channel_id" },
  },
  attributes: {
    treated: { sql: "treated", title: "Treated", type: "boolean" },
    arm: { sql: "arm", title: "Arm", description: "treated or hold-out" },
    converted: { sql: "converted", title: "Bought in the window", type: "boolean" },
  },
  measures: {
    assigned: count({ title: "Assigned", format: "integer" }),
    treated_customers: count({ title: "Treated", format: "integer", where: treated }),
    held_out_customers: count({ title: "Held out", format: "integer", where: heldOut }),
    customers: countDistinct("customer_id", { title: "Customers assigned", format: "integer" }),
    conversions: sum("conversions", { title: "Buyers in the window", format: "integer" }),
    orders: sum("orders", { title: "Orders in the window", format: "integer" }),
    revenue: sum("revenue_amount", { title: "Revenue in the window", format: "currency" }),
    margin: sum("margin_amount", { title: "Margin in the window", format: "currency" }),
    prior_revenue: sum("prior_revenue_amount", {
      title: "Revenue of the year before",
      description: "From before the draw, so that the campaign cannot have changed it.",
      format: "currency",
    }),
    cost: sum("cost_amount", { title: "Contact cost", format: "currency", better: "down" }),
    planned_cost: sum("planned_cost_amount", {
      title: "Planned contact cost",
      description: "For campaigns that were drawn here.",
      format: "currency",
      better: "down",
    }),
    expected_profit: sum("expected_amount", {
      title: "Expected profit",
      description: "The plan's expected profit of the treated after contact cost, for campaigns that were drawn here.",
      format: "currency",
    }),
    treated_conversions: sum("conversions", { title: "Treated who bought", format: "integer", where: treated }),
    held_out_conversions: sum("conversions", { title: "Held out who bought", format: "integer", where: heldOut }),
    treated_revenue: sum("revenue_amount", { title: "Revenue of the treated", format: "currency", where: treated }),
    held_out_revenue: sum("revenue_amount", { title: "Revenue of the held out", format: "currency", where: heldOut }),
    treated_margin: sum("margin_amount", { title: "Margin of the treated", format: "currency", where: treated }),
    held_out_margin: sum("margin_amount", { title: "Margin of the held out", format: "currency", where: heldOut }),
    cases: sum("cases", {
      title: "Cases in the window",
      description: "Opened from the day of the draw until the window's end.",
      format: "integer",
      better: "down",
    }),
    complaints: sum("complaints", { title: "Complaints in the window", format: "integer", better: "down" }),
    score_sum: sum("score_sum", { title: "Sum of satisfaction scores", format: "integer" }),
    answers: sum("answers", { title: "Satisfaction answers", format: "integer" }),
    satisfaction: calculated("score_sum / answers", {
      title: "Satisfaction after cases in the window",
      format: "decimal",
    }),
    conversion_rate: calculated("conversions / assigned", { title: "Conversion", format: "percent" }),
    treated_rate: calculated("treated_conversions / treated_customers", {
      title: "Conversion of the treated",
      format: "percent",
    }),
    held_out_rate: calculated("held_out_conversions / held_out_customers", {
      title: "Conversion of the held out",
      format: "percent",
    }),
    lift: calculated("treated_rate - held_out_rate", {
      title: "Lift",
      description: "Conversion of the treated minus that of the control group, in points.",
      format: "percent",
    }),
    extra_conversions: calculated("lift * treated_customers", { title: "Extra buyers", format: "decimal" }),
    extra_revenue: calculated("treated_revenue - held_out_revenue / held_out_customers * treated_customers", {
      title: "Extra revenue",
      format: "currency",
    }),
    extra_margin: calculated("treated_margin - held_out_margin / held_out_customers * treated_customers", {
      title: "Extra margin",
      format: "currency",
    }),
    roi: calculated("(extra_margin - cost) / cost", { title: "Return on contact cost", format: "percent" }),
  },
});
