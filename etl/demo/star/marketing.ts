import { defineTable, unique } from "../../index.ts";
import { campaignId, money, orderId, versionOn } from "./sql.ts";

const contact = (alias: string): string =>
  `LEFT JOIN map_identity m ON m.source = CASE WHEN ${alias}.contact LIKE 'C%' THEN 'erp' ELSE 'shop' END
    AND m.source_id = ${alias}.contact`;

/** A visit without a name that ended in an order belongs to who placed the order. */
export const factTouches = defineTable({
  name: "fact_touches",
  title: "Touchpoints",
  kind: "fact",
  key: "touch_id",
  sql: `
WITH known AS (
  SELECT t.*, CAST(t.touched_at AS DATE) AS touched_on, coalesce(m.customer_id, o.customer_id) AS customer_id
  FROM shop_touchpoints t ${contact("t")} LEFT JOIN all_orders o ON o.order_no = t.order_no
)
SELECT t.touch_id, t.touched_at, t.touched_on, t.customer_id, v.customer_version, c.channel_id,
  ${campaignId("t.campaign")} AS campaign_id, t.kind AS touch_kind, ${orderId("t.order_no")} AS order_id,
  ${money("coalesce(t.cost, 0)")} AS cost_amount
FROM known t LEFT JOIN dim_channel c ON c.channel_code = t.channel
${versionOn("t", "touched_on")}`,
  after: ["map_identity", "all_orders", "dim_customer", "dim_channel", "shop_touchpoints"],
  sort: ["touched_on"],
});

export const factResponses = defineTable({
  name: "fact_responses",
  title: "Responses",
  kind: "fact",
  key: "response_id",
  sql: `
WITH totals AS (
  SELECT order_no, sum(net_amount) AS amount FROM erp_order_lines GROUP BY order_no
), known AS (
  SELECT r.*, CAST(r.responded_at AS DATE) AS responded_on, m.customer_id FROM erp_campaign_responses r ${contact("r")}
), versioned AS (
  SELECT k.*, v.customer_version FROM known k ${versionOn("k", "responded_on")}
)
SELECT r.response_no AS response_id, r.touch_id, ${campaignId("r.campaign_code")} AS campaign_id, d.channel_id,
  r.customer_id, r.customer_version, r.responded_at, r.responded_on,
  CAST(r.responded_on - CAST(t.touched_at AS DATE) AS INTEGER) AS response_days, r.kind AS response_kind, r.feedback,
  ${orderId("r.order_no")} AS order_id, ${money("coalesce(n.amount, 0)")} AS revenue_amount
FROM versioned r
LEFT JOIN dim_campaign d ON d.campaign_code = r.campaign_code
LEFT JOIN shop_touchpoints t ON t.touch_id = r.touch_id
LEFT JOIN totals n ON n.order_no = r.order_no`,
  after: [
    "map_identity",
    "dim_customer",
    "dim_campaign",
    "erp_order_lines",
    "erp_campaign_responses",
    "shop_touchpoints",
  ],
  checks: [unique("response_id")],
});

/**
 * Who was drawn, and what he bought in the campaign's window, whichever arm he is in: the fact that campaigns are
 * judged by.
 */
export const factAssignments = defineTable({
  name: "fact_assignments",
  title: "Campaign assignments",
  kind: "fact",
  key: ["campaign_id", "customer_id"],
  sql: `
WITH drawn AS (
  -- two entries of one person may both have been drawn: the first counts
  SELECT a.campaign_code, m.customer_id, arg_min(a.arm, a.contact) AS arm, min(a.assigned_on) AS assigned_on,
    NULL AS channel, CAST(NULL AS DECIMAL(14,4)) AS planned_cost, CAST(NULL AS DECIMAL(14,4)) AS expected
  FROM marketing_assignments a ${contact("a")}
  GROUP BY ALL
  UNION ALL
  SELECT 'T' || a.campaign_id, TRY_CAST(a.member AS BIGINT), CASE WHEN a.treated THEN 'treated' ELSE 'hold-out' END,
    c.drawn_on, a.channel, a.cost, a.expected
  FROM tessera_assignments a JOIN tessera_campaigns c USING (campaign_id)
), orders AS (
  SELECT customer_id, order_id, order_date, sum(net_amount) AS revenue, sum(net_amount - cost_amount) AS margin
  FROM fact_sales
  WHERE customer_id IS NOT NULL
  GROUP BY ALL
), bought AS (
  SELECT o.campaign_code, o.customer_id, count(*) FILTER (o.days BETWEEN 0 AND c.window_days - 1) AS orders,
    sum(o.revenue) FILTER (o.days BETWEEN 0 AND c.window_days - 1) AS revenue,
    sum(o.margin) FILTER (o.days BETWEEN 0 AND c.window_days - 1) AS margin,
    sum(o.revenue) FILTER (o.days BETWEEN -365 AND -1) AS prior
  FROM (SELECT d.campaign_code, d.customer_id, o.order_date - d.assigned_on AS days, o.revenue, o.margin
    FROM drawn d JOIN orders o USING (customer_id)) AS o
  JOIN dim_campaign c USING (campaign_code)
  GROUP BY ALL
), costs AS (
  SELECT campaign, contact, sum(cost) AS cost FROM shop_touchpoints WHERE kind = 'send' GROUP BY ALL
), spent AS (
  SELECT a.campaign AS campaign_code, m.customer_id, sum(a.cost) AS cost FROM costs a ${contact("a")} GROUP BY ALL
), served AS (
  -- what came after: cases of who was drawn, opened from the day of the draw until the window's end, whichever arm
  -- he is in
  SELECT d.campaign_code, d.customer_id, count(*) AS cases, count(*) FILTER (t.is_complaint) AS complaints,
    sum(s.score) AS score, count(s.score) AS answers
  FROM drawn d
  JOIN dim_campaign c USING (campaign_code)
  JOIN fact_cases f ON f.customer_id = d.customer_id AND f.opened_on >= d.assigned_on
    AND f.opened_on < d.assigned_on + c.window_days
  LEFT JOIN dim_topic t USING (topic_id) LEFT JOIN fact_satisfaction s ON s.case_id = f.case_id GROUP BY ALL
), versioned AS (
  SELECT d.*, v.customer_version FROM drawn d ${versionOn("d", "assigned_on")}
)
SELECT c.campaign_id, d.customer_id, d.customer_version, coalesce(l.channel_id, c.channel_id) AS channel_id,
  d.assigned_on, d.arm = 'treated' AS treated, d.arm, coalesce(b.orders, 0) > 0 AS converted,
  CAST(coalesce(b.orders, 0) > 0 AS INTEGER) AS conversions, CAST(coalesce(b.orders, 0) AS INTEGER) AS orders,
  ${money("coalesce(b.revenue, 0)")} AS revenue_amount, ${money("coalesce(b.margin, 0)")} AS margin_amount,
  ${money("coalesce(b.prior, 0)")} AS prior_revenue_amount,
  ${money("coalesce(s.cost, d.planned_cost, 0)")} AS cost_amount, d.planned_cost AS planned_cost_amount,
  CASE WHEN d.arm = 'treated' THEN d.expected END AS expected_amount,
  CAST(coalesce(x.cases, 0) AS INTEGER) AS cases, CAST(coalesce(x.complaints, 0) AS INTEGER) AS complaints,
  CAST(coalesce(x.score, 0) AS INTEGER) AS score_sum, CAST(coalesce(x.answers, 0) AS INTEGER) AS answers
FROM versioned d
JOIN dim_campaign c USING (campaign_code)
LEFT JOIN dim_channel l ON l.channel_name = d.channel
LEFT JOIN bought b USING (campaign_code, customer_id)
LEFT JOIN spent s USING (campaign_code, customer_id)
LEFT JOIN served x USING (campaign_code, customer_id)`,
  after: [
    "map_identity",
    "dim_customer",
    "dim_campaign",
    "dim_topic",
    "fact_sales",
    "fact_cases",
    "fact_satisfaction",
    "marketing_assignments",
    "shop_touchpoints",
    "dim_channel",
  ],
  checks: [unique(["campaign_id", "customer_id"])],
});

export const factSpend = defineTable({
  name: "fact_spend",
  title: "Marketing spend",
  kind: "fact",
  key: ["month_on", "channel_id"],
  sql: `
SELECT month AS month_on, c.channel_id, ${money("coalesce(b.budget, 0)")} AS budget_amount,
  ${money("coalesce(s.actual, 0)")} AS actual_amount
FROM marketing_budget b
FULL JOIN marketing_spend s USING (month, channel)
LEFT JOIN dim_channel c ON c.channel_name = channel`,
  after: ["marketing_budget", "marketing_spend", "dim_channel"],
});
