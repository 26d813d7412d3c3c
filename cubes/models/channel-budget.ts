import { defineAllocation } from "../../engine/index.ts";

export const channelBudget = defineAllocation({
  name: "channel_budget",
  title: "Channel budget",
  description: "Visits from the monthly spend of each marketing channel, and the recommended split of the same budget.",
  spend: "spend.actual",
  outcome: "touches.visits",
  channel: "channel.name",
  period: "date.month",
});
