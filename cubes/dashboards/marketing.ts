import { defineDashboard } from "../../engine/index.ts";

export const marketing = defineDashboard({
  name: "marketing",
  title: "Marketing",
  description:
    "Spend against budget, reach and responses by channel, and the lift of each campaign over its control group.",
  period: "2025",
  date: "date",
  filters: ["channel.name", "campaign.name", "campaign.objective"],
  tiles: [
    {
      kind: "kpi",
      title: "Spend",
      measure: "spend.actual",
      target: "spend.budget",
      compare: "previous_year",
      trend: "month",
    },
    { kind: "kpi", title: "Contacts", measure: "touches.sends", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Open rate", measure: "touches.open_rate", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Click rate", measure: "touches.click_rate", compare: "previous_year", trend: "month" },
    {
      kind: "kpi",
      title: "Visits with an order",
      measure: "touches.conversion_rate",
      compare: "previous_year",
      trend: "month",
    },
    {
      kind: "kpi",
      title: "Extra revenue by campaigns",
      measure: "assignments.extra_revenue",
      // a running campaign has not brought yet what it will
      filters: [{ member: "campaign.ended_on", operator: "lt", values: ["today"] }],
      compare: "previous_year",
    },
    {
      kind: "kpi",
      title: "Unsubscribe rate",
      measure: "responses.unsubscribe_rate",
      target: 0.005,
      compare: "previous_year",
      trend: "month",
    },
    {
      kind: "chart",
      title: "Spend and budget",
      chart: "line",
      wide: true,
      query: { measures: ["spend.actual", "spend.budget"], dimensions: ["date.month"] },
    },
    {
      kind: "chart",
      title: "Spend by channel",
      chart: "stacked_bar",
      query: { measures: ["spend.actual"], dimensions: ["date.quarter", "channel.name"] },
    },
    {
      kind: "chart",
      title: "Web revenue by where the visit came from",
      chart: "area",
      query: { measures: ["sales.web_revenue"], dimensions: ["date.month", "source.name"] },
    },
    {
      kind: "table",
      title: "Campaigns whose window is over",
      wide: true,
      query: {
        measures: [
          "assignments.treated_customers",
          "assignments.treated_rate",
          "assignments.held_out_rate",
          "assignments.lift",
          "assignments.extra_revenue",
          "assignments.cost",
          "assignments.roi",
        ],
        dimensions: ["campaign.name", "campaign.channel"],
        filters: [{ member: "campaign.ended_on", operator: "lt", values: ["today"] }],
        order: [{ member: "assignments.extra_revenue", direction: "desc" }],
      },
    },
    {
      kind: "table",
      title: "Responses",
      query: {
        measures: ["responses.responses", "responses.orders", "responses.revenue", "responses.positive_rate"],
        dimensions: ["responses.kind", "channel.name"],
        totals: true,
      },
    },
  ],
});
