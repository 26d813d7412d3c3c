import { defineDashboard } from "../../engine/index.ts";

export const overview = defineDashboard({
  name: "overview",
  title: "Northgate at a glance",
  description: "The figures the management looks at first.",
  period: "2025",
  date: "date",
  filters: ["customer.country", "customer.customer_type", "product.department", "channel.name"],
  tiles: [
    { kind: "kpi", title: "Revenue", measure: "sales.revenue", target: 33_000_000, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Margin rate", measure: "sales.margin_rate", target: 0.43, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Buyers", measure: "sales.buyers", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Customer profit", measure: "sales.profit", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Return rate", measure: "sales.return_rate", target: 0.05, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Kept promises", measure: "service.kept_rate", target: 0.85, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Satisfaction", measure: "satisfaction.score", target: 3.8, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Marketing spend", measure: "spend.actual", target: "spend.budget", compare: "previous_year", trend: "month" },
    {
      kind: "chart", title: "Revenue by month", chart: "line", wide: true,
      query: { measures: ["sales.revenue", "sales.revenue_last_year"], dimensions: ["date.month"], order: [{ member: "date.month" }] },
    },
    { kind: "chart", title: "Revenue by region", chart: "bar", query: { measures: ["sales.revenue"], dimensions: ["customer.country", "customer.region"], order: [{ member: "sales.revenue", direction: "desc" }], limit: 15 } },
    { kind: "chart", title: "Revenue by channel", chart: "stacked_bar", query: { measures: ["sales.revenue"], dimensions: ["date.quarter", "channel.name"] } },
    { kind: "chart", title: "Return rate by region and month", chart: "heatmap", wide: true, query: { measures: ["sales.return_rate"], dimensions: ["date.month", "customer.country"] } },
    {
      kind: "table", title: "Departments", wide: true,
      query: {
        measures: ["sales.revenue", "sales.revenue_share", "sales.margin_rate", "sales.return_rate"], dimensions: ["product.department"], totals: true,
        compare: { dimension: "date", to: "previous_year" }, order: [{ member: "sales.revenue", direction: "desc" }],
      },
    },
  ],
});
