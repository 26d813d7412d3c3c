import { avg, calculated, count, defineCube, median, sum } from "../engine/index.ts";
import { campaign, customer, date, salesperson } from "./dimensions/index.ts";

const won = [{ member: "closings.status", operator: "equals" as const, values: ["won"] }];
const lost = [{ member: "closings.status", operator: "equals" as const, values: ["lost"] }];

export const closings = defineCube({
  name: "closings",
  title: "Closed deals",
  description:
    "Deals with business customers that were won or lost, dated by the day they were closed: a period is complete " +
    "once it is over.",
  sql: "SELECT * FROM fact_opportunities WHERE closed_on IS NOT NULL",
  grain: ["opportunity_id"],
  dimensions: {
    date: { to: date, on: "closed_on", title: "Closed on" },
    customer: { to: customer, on: "customer_id" },
    salesperson: { to: salesperson, on: "salesperson_id" },
    campaign: { to: campaign, on: "campaign_id", title: "Campaign that led to it" },
  },
  attributes: {
    opportunity: { sql: "opportunity_no", title: "Opportunity" },
    status: { sql: "status", title: "Outcome", description: "won or lost" },
    lost_reason: { sql: "lost_reason", title: "Reason of loss" },
    department: { sql: "department", title: "Department concerned" },
  },
  measures: {
    closed: count({ title: "Closed deals", format: "integer" }),
    won: count({ title: "Won deals", format: "integer", where: won }),
    lost: count({ title: "Lost deals", format: "integer", where: lost, better: "down" }),
    won_value: sum("value_amount", { title: "Value of won deals", format: "currency", where: won }),
    lost_value: sum("value_amount", { title: "Value of lost deals", format: "currency", where: lost, better: "down" }),
    win_rate: calculated("won / (won + lost)", {
      title: "Win rate of closed deals",
      description: "Won deals, as a share of those closed in the period.",
      format: "percent",
    }),
    cycle_days: avg("cycle_days", { title: "Days from opening to close", format: "days", better: "down" }),
    median_cycle_days: median("cycle_days", {
      title: "Median days from opening to close",
      format: "days",
      better: "down",
    }),
  },
});
