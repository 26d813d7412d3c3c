import { defineAllocation } from "../../engine/index.ts";

export const channelBudget = defineAllocation({
  name: "channel_budget",
  title: "Channel budget",
  description:
    "What each marketing channel's monthly spend brings in visits, and the split of the same budget that " +
    "would bring most.",
  spend: "spend.actual",
  outcome: "touches.visits",
  channel: "channel.name",
  period: "date.month",
});
