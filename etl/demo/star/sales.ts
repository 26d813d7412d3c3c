import { defineTable, notNull, unique } from "../../index.ts";
import { campaignId, money, orderId, versionOn } from "./sql.ts";

/**
 * One row an order line of any channel, with the version of the customer at the time and what came back of the line.
 */
export const factSales = defineTable({
  name: "fact_sales",
  title: "Sales",
  kind: "fact",
  key: ["order_id", "line_no"],
  sql: `
WITH heads AS (
  SELECT o.*, ${orderId("o.order_no")} AS order_id, CAST(o.ordered_at AS DATE) AS order_date,
    o.customer_id IS NOT NULL
      AND row_number() OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at, o.order_no) = 1 AS is_first_order
  FROM all_orders o
), versioned AS (
  SELECT h.*, v.customer_version FROM heads h ${versionOn("h", "order_date")}
), back AS (
  SELECT order_no, line_no, sum(quantity) AS quantity, sum(amount) AS amount, max(returned_on) AS returned_on,
    arg_max(reason, returned_on) AS reason
  FROM erp_returns
  GROUP BY ALL
)
SELECT coalesce(o.order_id, ${orderId("l.order_no")}) AS order_id, l.line_no, l.order_no, o.order_date,
  CAST(hour(o.ordered_at) AS INTEGER) AS order_hour, o.customer_id, o.customer_version, l.product_id, c.channel_id,
  s.channel_id AS source_channel_id, ${campaignId("o.campaign_code")} AS campaign_id, o.salesperson_id,
  CASE WHEN r.order_no IS NOT NULL THEN 'returned'
    WHEN d.order_no IS NOT NULL AND d.delivered_on IS NULL THEN 'on its way'
    ELSE 'delivered' END AS order_status,
  o.payment AS payment_method, d.carrier, d.promised_on,
  coalesce(d.delivered_on, CASE WHEN d.order_no IS NULL THEN o.order_date END) AS delivered_on,
  CASE WHEN d.order_no IS NOT NULL THEN CAST(d.delivered_on - o.order_date AS INTEGER) END AS delivery_days,
  coalesce(d.delivered_on > d.promised_on, false) AS delivered_late,
  l.quantity, l.list_amount, l.discount_amount, l.net_amount, l.cost_amount,
  CAST(coalesce(r.quantity, 0) AS INTEGER) AS returned_quantity, ${money("coalesce(r.amount, 0)")} AS returned_amount,
  ${money("coalesce(r.amount - round(l.cost_amount * r.quantity / l.quantity, 2), 0)")} AS returned_margin_amount,
  r.returned_on, r.reason AS return_reason, coalesce(o.is_first_order, false) AS is_first_order
FROM erp_order_lines l
LEFT JOIN versioned o USING (order_no)
LEFT JOIN dim_channel c ON c.channel_code = o.channel
LEFT JOIN dim_channel s ON s.channel_code = o.source
LEFT JOIN erp_deliveries d USING (order_no)
LEFT JOIN back r ON r.order_no = l.order_no AND r.line_no = l.line_no`,
  after: ["all_orders", "dim_customer", "dim_channel", "erp_order_lines", "erp_deliveries", "erp_returns"],
  sort: ["order_date"],
  checks: [unique(["order_id", "line_no"]), notNull("channel_id")],
});
