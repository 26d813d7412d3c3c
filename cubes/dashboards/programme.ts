import { defineDashboard } from "../../engine/index.ts";

export const programmeDashboard = defineDashboard({
  name: "programme",
  title: "The CRM programme",
  description: "Cost and benefit of the CRM, its usage, and the state of its loads.",
  period: "2025",
  date: "date",
  tiles: [
    { kind: "kpi", title: "Cost", measure: "programme.cost", compare: "previous_year", trend: "month" },
    {
      kind: "kpi",
      title: "Benefit",
      measure: "programme.benefit",
      target: 800_000,
      compare: "previous_year",
      trend: "month",
    },
    { kind: "kpi", title: "Net benefit", measure: "programme.net", compare: "previous_year", trend: "month" },
    { kind: "kpi", title: "Return", measure: "programme.roi", compare: "previous_year", trend: "quarter" },
    {
      kind: "chart",
      title: "Cost and benefit so far",
      chart: "line",
      wide: true,
      query: { measures: ["programme.cost_so_far", "programme.benefit_so_far"], dimensions: ["date.month"] },
    },
    {
      kind: "chart",
      title: "What it costs",
      chart: "stacked_bar",
      query: { measures: ["programme.cost"], dimensions: ["date.quarter", "programme.item"] },
    },
    {
      kind: "chart",
      title: "What it brings",
      chart: "stacked_bar",
      query: { measures: ["programme.benefit"], dimensions: ["date.quarter", "programme.item"] },
    },
    {
      kind: "table",
      title: "Jobs",
      query: {
        measures: ["loads.rows_read", "loads.rows_written", "loads.rows_rejected", "loads.seconds"],
        dimensions: ["loads.job"],
        filters: [{ member: "date", operator: "in_range", values: ["2020-01-01", "2099-12-31"] }],
      },
    },
  ],
});
