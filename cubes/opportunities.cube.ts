import { avg, calculated, count, countDistinct, defineCube, median, sum } from "../engine/index.ts";
import { campaign, customer, date, salesperson } from "./dimensions/index.ts";

const status = (value: string) => [{ member: "opportunities.status", operator: "equals" as const, values: [value] }];
const closed = [{ member: "opportunities.status", operator: "in" as const, values: ["won", "lost"] }];

/** From first contact to the end. */
export const STAGES = ["Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost"];

export const opportunities = defineCube({
  name: "opportunities",
  title: "Opportunities",
  description: "Deals with business customers, from first contact to contract, dated by the day they were opened.",
  table: "fact_opportunities",
  grain: ["opportunity_id"],
  dimensions: {
    date: { to: date, on: "opened_on", title: "Opened on" },
    close_date: { to: date, on: "closed_on", title: "Closed on" },
    expected_date: { to: date, on: "expected_on", title: "Expected on" },
    customer: { to: customer, on: "customer_id" },
    salesperson: { to: salesperson, on: "salesperson_id" },
    campaign: { to: campaign, on: "campaign_id", title: "Campaign that led to it" },
  },
  attributes: {
    opportunity: { sql: "opportunity_no", title: "Opportunity" },
    title: { sql: "title", title: "Subject" },
    stage: { sql: "stage", title: "Stage", order: STAGES },
    status: { sql: "status", title: "Status", description: "open, won or lost" },
    lost_reason: { sql: "lost_reason", title: "Reason of loss" },
    department: { sql: "department", title: "Department concerned" },
  },
  measures: {
    opportunities: count({ title: "Opportunities", format: "integer" }),
    value: sum("value_amount", { title: "Value", format: "currency" }),
    open: count({ title: "Open opportunities", format: "integer", where: status("open") }),
    open_value: sum("value_amount", { title: "Open value", format: "currency", where: status("open") }),
    weighted_value: sum("weighted_amount", {
      title: "Open value by probability",
      format: "currency",
      where: status("open"),
    }),
    won: count({ title: "Won", format: "integer", where: status("won") }),
    lost: count({ title: "Lost", format: "integer", where: status("lost"), better: "down" }),
    won_value: sum("value_amount", { title: "Value won", format: "currency", where: status("won") }),
    lost_value: sum("value_amount", { title: "Value lost", format: "currency", where: status("lost"), better: "down" }),
    win_rate: calculated("won / (won + lost)", {
      title: "Win rate",
      description: "Won deals, as a share of all closed ones.",
      format: "percent",
    }),
    value_win_rate: calculated("won_value / (won_value + lost_value)", {
      title: "Win rate by value",
      format: "percent",
    }),
    average_value: calculated("value / opportunities", { title: "Average value", format: "currency" }),
    cycle_days: avg("cycle_days", { title: "Days to close", format: "days", better: "down", where: closed }),
    median_cycle_days: median("cycle_days", {
      title: "Median days to close",
      format: "days",
      better: "down",
      where: closed,
    }),
    quotes: sum("quotes", { title: "Quotes", format: "integer" }),
    quoted_value: sum("quoted_amount", { title: "Value quoted", format: "currency" }),
    contracts: sum("contracts", { title: "Contracts", format: "integer" }),
    contract_value: sum("contract_amount", { title: "Contract value", format: "currency" }),
    customers: countDistinct("customer_id", { title: "Customers with opportunities", format: "integer" }),
    velocity: calculated("won_value / cycle_days", {
      title: "Value won for each day of the cycle",
      format: "currency",
    }),
  },
});
