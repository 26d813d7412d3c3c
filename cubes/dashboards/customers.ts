import { defineDashboard } from "../../engine/index.ts";

export const customers = defineDashboard({
  name: "customers",
  title: "Customers",
  description: "Customers: who buys, their profit after service and contacts, and where they are.",
  period: "2025",
  date: "date",
  filters: ["customer.country", "customer.customer_type", "customer.segment", "customer.age_band"],
  tiles: [
    { kind: "kpi", title: "Active customers", measure: "sales.buyers_12m", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "New buyers", measure: "sales.new_buyers", compare: "previous_year", trend: "month" },
    {
      kind: "kpi",
      title: "Revenue per buyer",
      measure: "sales.revenue_per_buyer",
      compare: "previous_year",
      trend: "month",
    },
    { kind: "kpi", title: "Customer profit", measure: "sales.profit", compare: "previous_year", trend: "month" },
    {
      kind: "kpi",
      title: "Buyers with cases",
      measure: "service.contact_rate",
      compare: "previous_year",
      trend: "month",
    },
    {
      kind: "chart",
      title: "Profit by loyalty tier",
      chart: "bar",
      query: { measures: ["sales.net_margin", "sales.profit"], dimensions: ["customer.segment"] },
    },
    {
      kind: "chart",
      title: "Buyers by value band",
      chart: "bar",
      query: { measures: ["sales.buyers"], dimensions: ["customer.value_band"] },
    },
    {
      kind: "chart",
      title: "Revenue by age and gender",
      chart: "heatmap",
      query: { measures: ["sales.revenue"], dimensions: ["customer.age_band", "customer.gender"] },
    },
    {
      kind: "chart",
      title: "New buyers by how they were acquired",
      chart: "stacked_bar",
      wide: true,
      query: { measures: ["sales.new_buyers"], dimensions: ["date.quarter", "customer.acquired_through"] },
    },
    {
      kind: "table",
      title: "Regions",
      wide: true,
      query: {
        measures: ["sales.revenue", "sales.buyers", "sales.orders_per_buyer", "service.cases", "sales.profit"],
        dimensions: ["customer.country", "customer.region"],
        totals: true,
        order: [{ member: "sales.profit", direction: "desc" }],
      },
    },
    {
      kind: "table",
      title: "Most profitable customers",
      query: {
        measures: ["sales.profit", "sales.revenue", "service.cost"],
        dimensions: ["customer.name"],
        filters: [{ member: "customer.name", operator: "not_null" }],
        order: [{ member: "sales.profit", direction: "desc" }],
        limit: 20,
      },
    },
  ],
});
