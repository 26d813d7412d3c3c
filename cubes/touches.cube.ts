import { calculated, conversion, count, countDistinct, defineCube, sum } from "../engine/index.ts";
import { campaign, channel, customer, date } from "./dimensions/index.ts";

const kind = (value: string) => [{ member: "touches.kind", operator: "equals" as const, values: [value] }];

export const touches = defineCube({
  name: "touches",
  title: "Touchpoints",
  description: "Every contact: what campaigns sent, what was opened and clicked, and the visits to the shop.",
  table: "fact_touches",
  grain: ["touch_id"],
  dimensions: {
    date: { to: date, on: "touched_on", title: "Day of the contact" },
    customer: { to: customer, on: "customer_id" },
    channel: { to: channel, on: "channel_id" },
    campaign: { to: campaign, on: "campaign_id" },
  },
  attributes: {
    kind: { sql: "touch_kind", title: "Kind of contact", description: "send, open, click or visit" },
    touched_at: { sql: "touched_at", title: "Time of the contact", type: "timestamp" },
    order: { sql: "order_id", title: "Order it led to", type: "integer" },
  },
  measures: {
    touches: count({ title: "Contacts", format: "integer" }),
    sends: count({ title: "Sent", format: "integer", where: kind("send") }),
    opens: count({ title: "Opened", format: "integer", where: kind("open") }),
    clicks: count({ title: "Clicked", format: "integer", where: kind("click") }),
    visits: count({ title: "Visits", format: "integer", where: kind("visit") }),
    visits_with_order: count("order_id", {
      title: "Visits that ended in an order",
      format: "integer",
      where: kind("visit"),
    }),
    customers: countDistinct("customer_id", { title: "Customers reached", format: "integer" }),
    cost: sum("cost_amount", { title: "Contact cost", format: "currency", better: "down" }),
    sends_with_case: conversion({
      from: "sends",
      to: { cube: "service" },
      over: "customer",
      within: { days: 14 },
      give: "count",
      title: "Contacts followed by a case",
      description: "The customer opened a case on the day of the contact or within the two weeks after.",
      better: "down",
    }),
    case_rate: conversion({
      from: "sends",
      to: { cube: "service" },
      over: "customer",
      within: { days: 14 },
      title: "Followed by a case",
      description: "Share of the contacts after which the customer opened a case within two weeks.",
      better: "down",
    }),
    open_rate: calculated("opens / sends", { title: "Open rate", format: "percent" }),
    click_rate: calculated("clicks / sends", { title: "Click rate", format: "percent" }),
    click_to_open: calculated("clicks / opens", { title: "Clicks per open", format: "percent" }),
    conversion_rate: calculated("visits_with_order / visits", { title: "Visits with an order", format: "percent" }),
    cost_per_click: calculated("cost / clicks", { title: "Cost per click", format: "currency", better: "down" }),
    touches_per_customer: calculated("touches / customers", { title: "Contacts per customer", format: "decimal" }),
  },
  rollups: {
    daily: {
      dimensions: ["date.day", "channel.name", "channel.kind", "campaign.name"],
      measures: ["touches", "sends", "opens", "clicks", "visits", "visits_with_order", "cost"],
    },
  },
});
