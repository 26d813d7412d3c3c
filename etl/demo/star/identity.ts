import { defineTable } from "../../index.ts";
import { email, nameKey, node, NODE, phone } from "./sql.ts";

const person = "coalesce(first_name, '') || ' ' || coalesce(last_name, '')";

/**
 * Who is who: every number under which a system knows somebody, and the customer he is. Two entries are one person when they share a
 * customer's number, an e-mail address, or a telephone number together with the name. The customer's key is the smallest number of his
 * group, with the ERP's before the shop's, a guest's and the desk's, so that it stays as systems learn more of him.
 */
export const mapIdentity = defineTable({
  name: "map_identity",
  title: "Who is who",
  kind: "bridge",
  key: ["source", "source_id"],
  sql: `
WITH RECURSIVE guests AS (
  SELECT ${email("email")} AS mail, min(order_no) AS first_order FROM shop_orders WHERE shop_customer_id IS NULL GROUP BY 1
), entries AS (
  SELECT 'erp' AS source, customer_no AS source_id, ${node("erp", "customer_no")} AS node, ${email("email")} AS mail, ${phone("phone", "country_code")} AS tel, ${nameKey(person)} AS called, customer_no AS number FROM erp_customers WHERE customer_no LIKE 'C%'
  UNION ALL SELECT 'shop', shop_customer_id, ${node("shop", "shop_customer_id")}, ${email("email")}, ${phone("phone", "country_code")}, ${nameKey(person)}, loyalty_card FROM shop_customers
  UNION ALL SELECT 'guest', coalesce(g.mail, o.order_no), ${NODE.guest} + CAST(substr(coalesce(g.first_order, o.order_no), 2) AS BIGINT), ${email("o.email")}, ${phone("o.phone", "o.country_code")}, ${nameKey("coalesce(o.first_name, '') || ' ' || coalesce(o.last_name, '')")}, NULL
    FROM shop_orders o LEFT JOIN guests g ON g.mail = ${email("o.email")} WHERE o.shop_customer_id IS NULL
  UNION ALL SELECT 'desk', contact_id, ${node("desk", "contact_id")}, ${email("email")}, ${phone("phone", "country_code")}, ${nameKey("name")}, customer_no FROM desk_contacts
), keys AS (
  SELECT node, 'e' || mail AS key FROM entries WHERE mail IS NOT NULL
  UNION SELECT node, 'n' || number FROM entries WHERE number IS NOT NULL
  UNION SELECT node, 'p' || tel || ' ' || called FROM entries WHERE tel IS NOT NULL AND called LIKE '% %'
), hubs AS (
  SELECT key, min(node) AS hub FROM keys GROUP BY key HAVING min(node) <> max(node)
), edges AS (
  SELECT DISTINCT node AS a, hub AS b FROM keys JOIN hubs USING (key) WHERE node <> hub
), links AS (
  SELECT a, b FROM edges UNION SELECT b, a FROM edges
), groups(node, customer) USING KEY (node) AS (
  SELECT DISTINCT node, node AS customer FROM entries
  UNION
  SELECT links.a, min(new.customer) FROM links JOIN groups AS new ON new.node = links.b JOIN recurring.groups AS old ON old.node = links.a WHERE new.customer < old.customer GROUP BY links.a
)
SELECT DISTINCT entries.source, entries.source_id, groups.customer AS customer_id FROM entries JOIN groups USING (node)`,
  after: ["erp_customers", "shop_customers", "shop_orders", "desk_contacts"],
});

/** Orders of all channels with the customer who placed them; null where a shop's till did not ask. */
export const allOrders = defineTable({
  name: "all_orders",
  title: "Orders of all channels",
  key: "order_no",
  sql: `
SELECT o.order_no, o.channel, o.ordered_at, m.customer_id, o.salesperson_id, o.payment, o.campaign_code, NULL::VARCHAR AS source
FROM erp_orders o LEFT JOIN map_identity m ON m.source = 'erp' AND m.source_id = o.customer_no
UNION ALL
SELECT o.order_no, 'web', (o.placed_at AT TIME ZONE 'Europe/Berlin'), m.customer_id, NULL, o.payment, o.campaign_code, o.source
FROM shop_orders o
LEFT JOIN map_identity m ON m.source = CASE WHEN o.shop_customer_id IS NULL THEN 'guest' ELSE 'shop' END AND m.source_id = coalesce(o.shop_customer_id, ${email("o.email")}, o.order_no)`,
  after: ["map_identity", "erp_orders", "shop_orders"],
});
