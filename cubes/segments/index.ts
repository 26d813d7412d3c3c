import { defineSegment } from "../../engine/index.ts";

export const vip = defineSegment({
  name: "vip",
  title: "Best customers",
  description: "More than 2,500 euros in the last 365 days.",
  over: "customer",
  filters: [
    { member: "date", operator: "in_range", values: ["last 365 days"] },
    { member: "sales.revenue", operator: "gt", values: [2500] },
  ],
});

export const contactable = defineSegment({
  name: "contactable",
  title: "May be e-mailed",
  description: "Consent to e-mail, not on the do-not-contact list, not closed.",
  over: "customer",
  filters: [
    { member: "customer.email_consent", operator: "equals", values: [true] },
    { member: "customer.do_not_contact", operator: "equals", values: [false] },
    { member: "customer.status", operator: "not_equals", values: ["closed"] },
  ],
});

export const win_back = defineSegment({
  name: "win_back",
  title: "Worth winning back",
  description: "Lapsed, formerly worth more than 500 euros, and reachable.",
  over: "customer",
  filters: [
    { member: "customer.status", operator: "equals", values: ["lapsed"] },
    { member: "sales.revenue", operator: "gt", values: [500] },
    { segment: "contactable" },
  ],
});

export const newcomers = defineSegment({
  name: "newcomers",
  title: "New customers",
  description: "Bought for the first time in the last 90 days.",
  over: "customer",
  filters: [
    { member: "date", operator: "in_range", values: ["last 90 days"] },
    { member: "sales.new_buyers", operator: "gt", values: [0] },
  ],
});

export const business_accounts = defineSegment({
  name: "business_accounts",
  title: "Business accounts",
  over: "customer",
  filters: [
    { member: "customer.customer_type", operator: "equals", values: ["business"] },
    { member: "customer.status", operator: "not_equals", values: ["closed"] },
  ],
});

export const let_down = defineSegment({
  name: "let_down",
  title: "Let down by delivery",
  description: "Two or more late orders in the last 365 days.",
  over: "customer",
  filters: [
    { member: "date", operator: "in_range", values: ["last 365 days"] },
    { member: "sales.late_orders", operator: "gte", values: [2] },
  ],
});

export const dissatisfied = defineSegment({
  name: "dissatisfied",
  title: "Dissatisfied",
  description: "Mean satisfaction below 3 in the last 365 days.",
  over: "customer",
  filters: [
    { member: "date", operator: "in_range", values: ["last 365 days"] },
    { member: "satisfaction.score", operator: "lt", values: [3] },
  ],
});

export const bargain_hunters = defineSegment({
  name: "bargain_hunters",
  title: "Bargain hunters",
  description: "Three or more orders at a mean discount above 15 %.",
  over: "customer",
  filters: [
    { member: "sales.orders", operator: "gte", values: [3] },
    { member: "sales.discount_rate", operator: "gt", values: [0.15] },
  ],
});

export const costly = defineSegment({
  name: "costly",
  title: "Cost more than they bring",
  description: "Customer profit below zero.",
  over: "customer",
  filters: [{ member: "sales.profit", operator: "lt", values: [0] }],
});
