import { defineGoal } from "../../engine/index.ts";

export const revenue_2025 = defineGoal({
  name: "revenue_2025",
  title: "Twenty million euros of revenue",
  measure: "sales.revenue",
  period: "2025",
  baseline: { value: 18_000_000, period: "2024" },
  target: 20_000_000,
  by: "2025-12-31",
  owner: "Head of sales",
});

export const kept_promises = defineGoal({
  name: "kept_promises",
  title: "Nine cases in ten resolved as promised",
  measure: "service.kept_rate",
  period: "2025",
  baseline: { value: 0.8, period: "2024" },
  target: 0.9,
  by: "2025-12-31",
  owner: "Head of service",
});

export const satisfaction_4 = defineGoal({
  name: "satisfaction_4",
  title: "Satisfaction of 4 and better",
  measure: "satisfaction.score",
  period: "2025",
  baseline: { value: 3.8, period: "2024" },
  target: 4,
  by: "2025-12-31",
  owner: "Head of service",
});

export const fewer_returns = defineGoal({
  name: "fewer_returns",
  title: "Returns below six per cent",
  measure: "sales.return_rate",
  period: "2025",
  baseline: { value: 0.065, period: "2024" },
  target: 0.06,
  by: "2025-12-31",
  owner: "Head of logistics",
});

export const win_rate_40 = defineGoal({
  name: "win_rate_40",
  title: "Win two deals in five",
  measure: "opportunities.win_rate",
  period: "2025",
  baseline: { value: 0.35, period: "2024" },
  target: 0.4,
  by: "2025-12-31",
  owner: "Head of business sales",
});

export const programme_pays = defineGoal({
  name: "programme_pays",
  title: "The CRM pays for itself",
  description: "Benefit less cost of the year.",
  measure: "programme.net",
  period: "2025",
  baseline: { value: 0, period: "2024" },
  target: 250_000,
  by: "2025-12-31",
  owner: "Head of CRM",
});
