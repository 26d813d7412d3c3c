import { at } from "../../../engine/lookup.ts";
import { defineTable, notNull, unique } from "../../index.ts";
import { CHANNEL_CODES, CHANNELS } from "../world/parameters.ts";
import { campaignId, DRAWN_HERE } from "./sql.ts";

const channelRow = ({ id, name, kind, paid }: (typeof CHANNELS)[number]): string =>
  `(${id}, '${at(CHANNEL_CODES, id)}', '${name}', '${kind}', ${paid})`;

/** The company's own list of channels, by the codes that its systems use. */
export const dimChannel = defineTable({
  name: "dim_channel",
  title: "Channels",
  kind: "dimension",
  key: "channel_id",
  sql: `
SELECT * FROM (VALUES ${CHANNELS.map(channelRow).join(", ")})
  AS t(channel_id, channel_code, channel_name, channel_kind, is_paid)`,
});

export const dimProduct = defineTable({
  name: "dim_product",
  title: "Products",
  kind: "dimension",
  key: "product_id",
  sql: `
SELECT product_id, sku, name AS product_name, department, category, brand, list_price, unit_cost, launched_on,
  active AS is_active
FROM erp_products`,
  checks: [unique("product_id"), notNull("department")],
});

export const dimCampaign = defineTable({
  name: "dim_campaign",
  title: "Campaigns",
  kind: "dimension",
  key: "campaign_id",
  // campaigns that were drawn here stand beside those of the marketing system, above all numbers that it gives
  sql: `
SELECT ${campaignId("c.campaign_code")} AS campaign_id, c.campaign_code, c.campaign_name, c.objective, c.offer,
  d.channel_id, d.channel_name, c.starts_on AS started_on, c.starts_on + c.window_days AS ended_on, c.window_days,
  c.holdout_share, c.budget
FROM marketing_campaigns c LEFT JOIN dim_channel d ON d.channel_name = c.channel
UNION ALL BY NAME
SELECT CAST(${DRAWN_HERE} + c.campaign_id AS INTEGER) AS campaign_id, 'T' || c.campaign_id AS campaign_code,
  c.campaign_name, 'planned here' AS objective, c.offer,
  coalesce(d.channel_id, (SELECT min(channel_id) FROM dim_channel)) AS channel_id, c.channel AS channel_name,
  c.drawn_on AS started_on, CAST(c.drawn_on + CAST(c.window_days AS INTEGER) AS DATE) AS ended_on,
  CAST(c.window_days AS INTEGER) AS window_days, c.holdout_share, c.budget
FROM tessera_campaigns c LEFT JOIN dim_channel d ON d.channel_name = c.channel`,
  checks: [unique("campaign_id"), notNull("channel_id")],
});

export const dimSalesperson = defineTable({
  name: "dim_salesperson",
  title: "Salespeople",
  kind: "dimension",
  key: "salesperson_id",
  sql: `
SELECT salesperson_id, name AS full_name, team, region AS sales_region, country, manager_id, hired_on,
  active AS is_active
FROM erp_salespeople`,
  checks: [unique("salesperson_id")],
});

export const dimTopic = defineTable({
  name: "dim_topic",
  title: "Case topics",
  kind: "dimension",
  key: "topic_id",
  sql: "SELECT topic_id, name AS topic_name, area AS topic_area, complaint AS is_complaint FROM desk_topics",
  checks: [unique("topic_id")],
});
