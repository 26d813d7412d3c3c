import { defineDashboard } from "../../engine/index.ts";

export const salesDashboard = defineDashboard({
  name: "sales",
  title: "Sales",
  description: "What is sold, by whom and through what; deals, quotas and tasks of the field sales force.",
  period: "2025",
  date: "date",
  filters: ["salesperson.region", "salesperson.name", "product.department", "customer.country"],
  tiles: [
    { kind: "kpi", title: "Revenue", measure: "sales.revenue", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Average order", measure: "sales.average_order", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Business revenue", measure: "sales.business_revenue", target: "quotas.quota", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Won deals", measure: "opportunities.won_value", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Win rate", measure: "opportunities.win_rate", target: 0.4, compare: "previous_year", trend: "quarter" },
    { kind: "kpi", title: "Pipeline", measure: "pipeline.value", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Overdue tasks", measure: "tasks.overdue", compare: "previous_period", trend: "month" },
    { kind: "chart", title: "Sold against quota", chart: "line", wide: true, query: { measures: ["sales.business_revenue", "quotas.quota"], dimensions: ["date.month"] } },
    { kind: "chart", title: "Pipeline by stage", chart: "area", query: { measures: ["pipeline.value"], dimensions: ["date.month", "pipeline.stage"] } },
    { kind: "chart", title: "Why deals are lost", chart: "bar", query: { measures: ["opportunities.lost_value"], dimensions: ["opportunities.lost_reason"], order: [{ member: "opportunities.lost_value", direction: "desc" }] } },
    { kind: "chart", title: "Stages: how many go on", chart: "bar", query: { measures: ["stages.conversion"], dimensions: ["stages.stage"] } },
    {
      kind: "table", title: "Salespeople", wide: true,
      query: {
        measures: ["sales.business_revenue", "quotas.quota", "sales.quota_attainment", "opportunities.won", "opportunities.win_rate", "tasks.done_rate"],
        dimensions: ["salesperson.region", "salesperson.name"], totals: true, order: [{ member: "sales.business_revenue", direction: "desc" }],
      },
    },
    {
      kind: "table", title: "Best-selling products",
      query: { measures: ["sales.revenue", "sales.units", "sales.margin_rate"], dimensions: ["product.name"], top: [{ dimension: "product.name", by: "sales.revenue", n: 10, others: true }], order: [{ member: "sales.revenue", direction: "desc" }] },
    },
  ],
});
