import { defineMatch, defineTable } from "../../index.ts";
import { email, node, NODE } from "./sql.ts";

const person = "concat_ws(' ', first_name, last_name)";

/**
 * Who is who: every number under which a system knows somebody, and the customer he is. Two entries are one person when
 * they share a customer's number, an e-mail address, or a telephone number together with the name, or when all that is
 * known of them is too much alike for chance. A new customer's key is the smallest number of his group, with the ERP's
 * before the shop's, a guest's and the desk's; it stays as systems learn more of him.
 */
export const mapIdentity = defineMatch({
  name: "map_identity",
  title: "Who is who",
  entries: `
WITH guests AS (
  SELECT coalesce(${email("email")}, order_no) AS source_id,
    min_by(
      COLUMNS(['order_no', 'email', 'phone', 'first_name', 'last_name', 'street', 'postcode', 'city', 'country_code']),
      order_no
    )
  FROM shop_orders
  WHERE shop_customer_id IS NULL
  GROUP BY 1
)
SELECT 'erp' AS source, customer_no AS source_id, ${node("erp", "customer_no")} AS entry_no, customer_no AS number,
  email AS mail, phone AS tel, country_code AS country, ${person} AS called, street, postcode, city
FROM erp_customers
WHERE customer_no LIKE 'C%'
UNION ALL SELECT 'shop', shop_customer_id, ${node("shop", "shop_customer_id")}, loyalty_card, email, phone,
  country_code, ${person}, street, postcode, city
FROM shop_customers
UNION ALL SELECT 'guest', source_id, ${NODE.guest} + CAST(substr(order_no, 2) AS BIGINT), NULL, email, phone,
  country_code, ${person}, street, postcode, city
FROM guests
UNION ALL SELECT 'desk', contact_id, ${node("desk", "contact_id")}, customer_no, email, phone, country_code, name,
  NULL, NULL, city
FROM desk_contacts`,
  sources: ["erp", "shop", "guest", "desk"],
  fields: {
    number: { kind: "text" },
    mail: { kind: "email" },
    tel: { kind: "phone", country: "country" },
    called: { kind: "name" },
    street: { kind: "address" },
    postcode: { kind: "text" },
    city: { kind: "name" },
  },
  keys: ["number", "mail", ["tel", "called"]],
  compare: ["called", "mail", "tel", "street", "postcode", "city"],
  must: ["called"],
  blocks: [["called", "city"], ["tel"], ["postcode", "called:3"], ["street", "postcode"], ["called", "postcode"]],
  after: ["erp_customers", "shop_customers", "shop_orders", "desk_contacts"],
});

/** Orders of all channels with the customer who placed them; null where a shop's till did not ask. */
export const allOrders = defineTable({
  name: "all_orders",
  title: "Orders of all channels",
  key: "order_no",
  sql: `
SELECT o.order_no, o.channel, o.ordered_at, m.customer_id, o.salesperson_id, o.payment, o.campaign_code,
  NULL::VARCHAR AS source
FROM erp_orders o LEFT JOIN map_identity m ON m.source = 'erp' AND m.source_id = o.customer_no
UNION ALL
SELECT o.order_no, 'web', (o.placed_at AT TIME ZONE 'Europe/Berlin'), m.customer_id, NULL, o.payment, o.campaign_code,
  o.source
FROM shop_orders o
LEFT JOIN map_identity m ON m.source = CASE WHEN o.shop_customer_id IS NULL THEN 'guest' ELSE 'shop' END
  AND m.source_id = coalesce(o.shop_customer_id, ${email("o.email")}, o.order_no)`,
  after: ["map_identity", "erp_orders", "shop_orders"],
});
