import { defineDimension } from "../../engine/index.ts";

export const campaign = defineDimension({
  name: "campaign",
  title: "Campaign",
  description: "A mailing or call campaign with an audience, an offer, a window and a random control group.",
  table: "dim_campaign",
  key: "campaign_id",
  label: "name",
  attributes: {
    name: { sql: "campaign_name", title: "Campaign" },
    objective: { sql: "objective", title: "Objective" },
    channel: { sql: "channel_name", title: "Campaign channel" },
    offer: { sql: "offer", title: "Offer" },
    started_on: { sql: "started_on", title: "Started on", type: "date" },
    ended_on: { sql: "ended_on", title: "Window ended on", type: "date" },
    window_days: { sql: "window_days", title: "Window in days", type: "integer" },
    holdout_share: { sql: "holdout_share", title: "Share held out", type: "number" },
    budget: { sql: "budget", title: "Budget", type: "number" },
  },
  hierarchies: { campaigns: ["objective", "channel", "name"] },
});
