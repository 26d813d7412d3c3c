import { between, defineJob, unique } from "../../index.ts";
import { marketing } from "../sources.ts";

const money = { type: "decimal(14,2)", required: true } as const;
const day = { type: "date", required: true } as const;

export const marketingCampaigns = defineJob({
  name: "marketing_campaigns",
  title: "Campaigns",
  source: marketing,
  extract: { file: "marketing.xlsx", format: "excel", sheet: "Campaigns" },
  columns: {
    campaign_code: { type: "varchar", required: true },
    campaign_name: { type: "varchar", clean: ["trim"] },
    objective: "varchar",
    offer: "varchar",
    channel: { type: "varchar", required: true },
    starts_on: day,
    window_days: { type: "integer", required: true },
    holdout_share: "decimal(5,4)",
    budget: money,
  },
  checks: [unique("campaign_code"), between("holdout_share", 0, 1)],
  into: { table: "marketing_campaigns", mode: "merge", key: "campaign_code" },
  freshWithin: { days: 8 },
  tags: ["weekly"],
});

export const marketingBudget = defineJob({
  name: "marketing_budget",
  title: "Marketing budget",
  source: marketing,
  extract: { file: "marketing.xlsx", format: "excel", sheet: "Budget" },
  columns: { month: day, channel: { type: "varchar", required: true }, budget: money },
  into: { table: "marketing_budget", mode: "merge", key: ["month", "channel"] },
  freshWithin: { days: 8 },
  tags: ["weekly"],
});

export const marketingSpend = defineJob({
  name: "marketing_spend",
  title: "Marketing spend",
  source: marketing,
  extract: { file: "marketing.xlsx", format: "excel", sheet: "Spend" },
  columns: { month: day, channel: { type: "varchar", required: true }, actual: money },
  onReject: { quarantine: true, failAbove: "5%" },
  into: { table: "marketing_spend", mode: "merge", key: ["month", "channel"] },
  freshWithin: { days: 8 },
  tags: ["weekly"],
});

export const marketingAssignments = defineJob({
  name: "marketing_assignments",
  title: "Who was drawn for which campaign",
  source: marketing,
  extract: { file: "assignments/*.csv", columnsFrom: "header" },
  columns: {
    campaign_code: { type: "varchar", required: true },
    contact: { type: "varchar", required: true },
    arm: { type: "varchar", required: true },
    assigned_on: day,
  },
  into: { table: "marketing_assignments", mode: "merge", key: ["campaign_code", "contact"] },
  freshWithin: { days: 8 },
  tags: ["weekly"],
});
