import { defineDashboard } from "../../engine/index.ts";

export const serviceDashboard = defineDashboard({
  name: "service",
  title: "Service",
  description: "What customers turn to the desk about, how fast they are answered, what it costs and how content they are.",
  period: "2025",
  date: "date",
  filters: ["topic.area", "channel.name", "customer.country", "service.team"],
  tiles: [
    { kind: "kpi", title: "Cases", measure: "service.cases", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Cases per order", measure: "sales.cases_per_order", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "First answer", measure: "service.median_first_answer", target: 20, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Kept promises", measure: "service.kept_rate", target: 0.85, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Cost per case", measure: "service.cost_per_case", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Satisfaction", measure: "satisfaction.score", target: 3.8, compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Net promoter score", measure: "satisfaction.nps", target: 10, compare: "previous_year", trend: "quarter" },
    { kind: "chart", title: "Cases by area", chart: "stacked_bar", wide: true, query: { measures: ["service.cases"], dimensions: ["date.month", "topic.area"] } },
    { kind: "chart", title: "Complaints by country and month", chart: "heatmap", query: { measures: ["service.complaints"], dimensions: ["date.month", "customer.country"] } },
    { kind: "chart", title: "Kept promises and satisfaction", chart: "scatter", query: { measures: ["service.kept_rate", "satisfaction.score"], dimensions: ["topic.name"] } },
    { kind: "chart", title: "Late deliveries and complaints", chart: "line", query: { measures: ["sales.late_orders", "service.complaints"], dimensions: ["date.month"] } },
    {
      kind: "table", title: "Topics", wide: true,
      query: {
        measures: ["service.cases", "service.first_answer", "service.resolve_hours", "service.kept_rate", "service.cost", "satisfaction.score"],
        dimensions: ["topic.area", "topic.name"], totals: true, order: [{ member: "service.cases", direction: "desc" }],
      },
    },
  ],
});
