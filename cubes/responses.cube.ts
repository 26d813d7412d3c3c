import { avg, calculated, count, countDistinct, defineCube, sum } from "../engine/index.ts";
import { campaign, channel, customer, date } from "./dimensions/index.ts";

const kind = (value: string) => [{ member: "responses.kind", operator: "equals" as const, values: [value] }];
const feedback = (value: string) => [{ member: "responses.feedback", operator: "equals" as const, values: [value] }];

export const responses = defineCube({
  name: "responses",
  title: "Responses",
  description: "Responses to contacts: orders, enquiries, feedback and refusals, each linked to its touch.",
  table: "fact_responses",
  grain: ["response_id"],
  dimensions: {
    date: { to: date, on: "responded_on", title: "Day of the response" },
    customer: { to: customer, on: "customer_id" },
    channel: { to: channel, on: "channel_id", title: "Channel of the contact" },
    campaign: { to: campaign, on: "campaign_id" },
  },
  attributes: {
    kind: { sql: "response_kind", title: "Kind of response", description: "order, enquiry, feedback or unsubscribe" },
    feedback: { sql: "feedback", title: "Feedback", description: "positive, neutral or negative" },
    touch: { sql: "touch_id", title: "Touch that caused it", type: "integer" },
  },
  measures: {
    responses: count({ title: "Responses", format: "integer" }),
    customers: countDistinct("customer_id", { title: "Customers who responded", format: "integer" }),
    orders: count({ title: "Orders by response", format: "integer", where: kind("order") }),
    enquiries: count({ title: "Enquiries", format: "integer", where: kind("enquiry") }),
    unsubscribes: count({ title: "Unsubscribed", format: "integer", better: "down", where: kind("unsubscribe") }),
    positive: count({ title: "Positive feedback", format: "integer", where: feedback("positive") }),
    negative: count({ title: "Negative feedback", format: "integer", better: "down", where: feedback("negative") }),
    revenue: sum("revenue_amount", { title: "Revenue by response", format: "currency" }),
    days: avg("response_days", { title: "Days to respond", format: "days", better: "down" }),
    positive_rate: calculated("positive / (positive + negative)", {
      title: "Positive feedback rate",
      format: "percent",
    }),
    response_rate: calculated("responses.responses / touches.sends", {
      title: "Response rate",
      description: "Responses per contact sent.",
      format: "percent",
    }),
    unsubscribe_rate: calculated("responses.unsubscribes / touches.sends", {
      title: "Unsubscribe rate",
      format: "percent",
      better: "down",
    }),
    cost_per_response: calculated("touches.cost / responses.responses", {
      title: "Cost per response",
      format: "currency",
      better: "down",
    }),
    revenue_per_send: calculated("responses.revenue / touches.sends", {
      title: "Revenue per contact sent",
      format: "currency",
    }),
  },
});
