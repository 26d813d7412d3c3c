import { defineDimension } from "../../engine/index.ts";

export const channel = defineDimension({
  name: "channel",
  title: "Channel",
  description:
    "Where a sale or contact took place: shops, the web, and the channels by which customers are contacted " +
    "or find the shop.",
  table: "dim_channel",
  key: "channel_id",
  label: "name",
  attributes: {
    name: { sql: "channel_name", title: "Channel" },
    kind: { sql: "channel_kind", title: "Kind of channel", description: "sale, marketing, traffic or service" },
    is_paid: { sql: "is_paid", title: "Costs media money", type: "boolean" },
  },
  hierarchies: { channels: ["kind", "name"] },
});
