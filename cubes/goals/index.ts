import { defineGoal } from "../../engine/index.ts";

export const revenue_2025 = defineGoal({
  name: "revenue_2025",
  title: "Thirty-three million euros of revenue",
  measure: "sales.revenue",
  period: "2025",
  baseline: { value: 30_100_000, period: "2024" },
  target: 33_000_000,
  by: "2025-12-31",
  owner: "Head of sales",
});

export const kept_promises = defineGoal({
  name: "kept_promises",
  title: "85 of 100 cases resolved as promised",
  measure: "service.kept_rate",
  period: "2025",
  baseline: { value: 0.814, period: "2024" },
  target: 0.85,
  by: "2025-12-31",
  owner: "Head of service",
});

export const satisfaction_target = defineGoal({
  name: "satisfaction_target",
  title: "Satisfaction of 3.8 and better",
  measure: "satisfaction.score",
  period: "2025",
  baseline: { value: 3.61, period: "2024" },
  target: 3.8,
  by: "2025-12-31",
  owner: "Head of service",
});

export const fewer_returns = defineGoal({
  name: "fewer_returns",
  title: "Returns below five per cent",
  measure: "sales.return_rate",
  period: "2025",
  baseline: { value: 0.057, period: "2024" },
  target: 0.05,
  by: "2025-12-31",
  owner: "Head of logistics",
});

export const win_rate_target = defineGoal({
  name: "win_rate_target",
  title: "Win 42 of 100 deals",
  measure: "closings.win_rate",
  period: "2025",
  baseline: { value: 0.4, period: "2024" },
  target: 0.42,
  by: "2025-12-31",
  owner: "Head of business sales",
});

export const programme_pays = defineGoal({
  name: "programme_pays",
  title: "The CRM pays for itself",
  description: "Benefit minus cost of the year.",
  measure: "programme.net",
  period: "2025",
  baseline: { value: 154_000, period: "2024" },
  target: 300_000,
  by: "2025-12-31",
  owner: "Head of CRM",
});

export const revenue_2026 = defineGoal({
  name: "revenue_2026",
  title: "Thirty-six million euros of revenue",
  measure: "sales.revenue",
  period: "2026",
  baseline: { value: 33_200_000, period: "2025" },
  target: 36_000_000,
  by: "2026-12-31",
  owner: "Head of sales",
});

export const promises_2026 = defineGoal({
  name: "promises_2026",
  title: "88 of 100 cases resolved as promised",
  measure: "service.kept_rate",
  period: "2026",
  baseline: { value: 0.83, period: "2025" },
  target: 0.88,
  by: "2026-12-31",
  owner: "Head of service",
});
