import { defineTable } from "../../index.ts";
import { email, node, phone, properName } from "./sql.ts";

/** Fields of the golden record, each from the first system that knows it. */
const GOLDEN = [
  "customer_no",
  "first_name",
  "last_name",
  "email",
  "phone",
  "city",
  "region",
  "country",
  "postcode",
  "language",
  "gender",
  "birth_date",
  "company",
  "industry",
  "acquired_through",
  "tier",
  "status",
  "owner_id",
  "newsletter",
] as const;
const firstKnown = (column: string): string =>
  `arg_min(${column}, (rank, node)) FILTER (${column} IS NOT NULL) AS ${column}`;

const consent = (channel: string): string => `bool_or(granted) FILTER (channel = '${channel}') AS ${channel}`;

/**
 * One row a version of a customer. The history comes from the ERP's dated log of changes, and so is the same however
 * often and late it is loaded; the golden record takes each field from the first system that has a usable one: ERP,
 * shop, guest order, desk.
 */
export const dimCustomer = defineTable({
  name: "dim_customer",
  title: "Customers",
  kind: "dimension",
  key: "customer_id",
  changes: {
    track: ["segment", "city", "region", "country", "status", "owner", "owner_id"],
    overwrite: ["email", "phone", "full_name", "first_name", "last_name", "postcode"],
    version: "customer_version",
    validFrom: "changed_on",
  },
  sql: `
WITH entries AS (
  SELECT m.customer_id, 1 AS rank, ${node("erp", "c.customer_no")} AS node, c.customer_no, c.first_name, c.last_name,
    ${email("c.email")} AS email, ${phone("c.phone", "c.country_code")} AS phone, c.city, c.region, c.country,
    c.postcode, c.language, c.gender, c.birth_date, c.kind, c.company, c.industry,
    c.acquired_through, c.created_on AS known_since, c.tier, c.status, c.owner_id, NULL::BOOLEAN AS newsletter
  FROM erp_customers c JOIN map_identity m ON m.source = 'erp' AND m.source_id = c.customer_no
  UNION ALL BY NAME
  SELECT m.customer_id, 2 AS rank, ${node("shop", "c.shop_customer_id")} AS node, c.first_name, c.last_name,
    ${email("c.email")} AS email, ${phone("c.phone", "c.country_code")} AS phone, c.city, c.region, c.country,
    c.postcode, c.language, CAST(c.registered_at AS DATE) AS known_since, c.newsletter
  FROM shop_customers c JOIN map_identity m ON m.source = 'shop' AND m.source_id = c.shop_customer_id
  UNION ALL BY NAME
  SELECT m.customer_id, 3 AS rank, min(CAST(substr(o.order_no, 2) AS BIGINT)) AS node,
    arg_min(o.first_name, o.order_no) AS first_name, arg_min(o.last_name, o.order_no) AS last_name,
    min(${email("o.email")}) AS email,
    arg_min(${phone("o.phone", "o.country_code")}, o.order_no) AS phone, arg_min(o.city, o.order_no) AS city,
    arg_min(o.postcode, o.order_no) AS postcode, arg_min(o.country_code, o.order_no) AS country_code,
    CAST(min(o.placed_at) AS DATE) AS known_since
  FROM shop_orders o
  JOIN map_identity m ON o.shop_customer_id IS NULL AND m.source = 'guest'
    AND m.source_id = coalesce(${email("o.email")}, o.order_no)
  GROUP BY m.customer_id
  UNION ALL BY NAME
  SELECT m.customer_id, 4 AS rank, ${node("desk", "c.contact_id")} AS node, split_part(c.name, ' ', 1) AS first_name,
    nullif(substr(c.name, length(split_part(c.name, ' ', 1)) + 2), '') AS last_name, ${email("c.email")} AS email,
    ${phone("c.phone", "c.country_code")} AS phone, c.city, c.country_code, CAST(c.updated_at AS DATE) AS known_since
  FROM desk_contacts c JOIN map_identity m ON m.source = 'desk' AND m.source_id = c.contact_id
), places AS (
  SELECT city, any_value(region) AS region, any_value(country) AS country, any_value(language) AS language
  FROM erp_customers
  GROUP BY city
), golden AS (
  SELECT customer_id,
    ${GOLDEN.map(firstKnown).join(",\n    ")},
    coalesce(arg_min(kind, (rank, node)) FILTER (kind IS NOT NULL), 'consumer') AS customer_type,
    min(known_since) AS known_since, bool_or(rank = 1) AS in_erp, bool_or(rank IN (2, 3)) AS in_shop,
    bool_or(rank = 4) AS in_desk
  FROM entries GROUP BY customer_id
), consents AS (
  SELECT customer_id, ${["email", "sms", "phone", "mail"].map(consent).join(", ")}
  FROM (SELECT m.customer_id, c.channel, arg_max(c.granted, c.changed_on) AS granted
    FROM erp_consents c JOIN map_identity m ON m.source = 'erp' AND m.source_id = c.customer_no GROUP BY ALL)
  GROUP BY customer_id
), stopped AS (
  SELECT DISTINCT m.customer_id
  FROM erp_do_not_contact d JOIN map_identity m ON m.source = 'erp' AND m.source_id = d.customer_no
), today AS (
  SELECT CAST(max(ordered_at) AS DATE) AS day FROM all_orders
), worth AS (
  SELECT o.customer_id,
    sum(l.net_amount) FILTER (o.ordered_at >= (SELECT day FROM today) - INTERVAL 1 YEAR) AS annual_value,
    max(o.ordered_at) AS last_order
  FROM all_orders o JOIN erp_order_lines l USING (order_no)
  GROUP BY o.customer_id
), log AS (
  -- only what is followed makes a version: two entries alike in all of it are one
  SELECT * FROM (
    SELECT m.customer_id, l.*,
      lag(concat_ws('|', l.city, l.tier, l.status, l.owner_id))
        OVER (PARTITION BY m.customer_id ORDER BY l.changed_on, l.log_no)
        IS DISTINCT FROM concat_ws('|', l.city, l.tier, l.status, l.owner_id) AS changed
    FROM erp_customer_log l JOIN golden m ON m.customer_no = l.customer_no
  ) WHERE changed
), versions AS (
  SELECT customer_id, city, region, country, tier, status, owner_id, changed_on FROM log
  UNION ALL
  SELECT g.customer_id, g.city, coalesce(g.region, p.region), coalesce(g.country, p.country), 'Basic',
    CASE WHEN w.last_order IS NULL THEN 'prospect'
      WHEN w.last_order < (SELECT day FROM today) - INTERVAL 270 DAY THEN 'lapsed'
      ELSE 'active' END,
    NULL, g.known_since
  FROM golden g LEFT JOIN places p USING (city) LEFT JOIN worth w USING (customer_id)
  WHERE g.customer_id NOT IN (SELECT customer_id FROM log)
)
SELECT v.customer_id, v.changed_on, g.customer_no,
  ${properName("g.first_name")} AS first_name, ${properName("g.last_name")} AS last_name,
  concat_ws(' ', ${properName("g.first_name")}, ${properName("g.last_name")}) AS full_name, g.email, g.phone,
  v.country, v.region, v.city, g.postcode, coalesce(g.language, p.language) AS language, g.gender, g.birth_date,
  CAST(date_sub('year', g.birth_date, (SELECT day FROM today)) AS INTEGER) AS age,
  g.customer_type, g.company AS company_name, g.industry, v.tier AS segment, v.status, s.name AS owner, v.owner_id,
  coalesce(g.acquired_through, 'web') AS acquisition_channel, g.known_since AS registered_on,
  coalesce(w.annual_value, 0)::DECIMAL(14,2) AS annual_value, coalesce(c.email, g.newsletter, false) AS email_consent,
  coalesce(c.sms, false) AS sms_consent, coalesce(c.phone, false) AS phone_consent,
  coalesce(c.mail, false) AS mail_consent,
  d.customer_id IS NOT NULL AS do_not_contact, g.in_erp, g.in_shop, g.in_desk
FROM versions v
JOIN golden g USING (customer_id)
LEFT JOIN consents c USING (customer_id)
LEFT JOIN stopped d USING (customer_id)
LEFT JOIN worth w USING (customer_id)
LEFT JOIN erp_salespeople s ON s.salesperson_id = v.owner_id
LEFT JOIN places p ON p.city = v.city`,
  after: [
    "map_identity",
    "all_orders",
    "erp_customers",
    "erp_customer_log",
    "erp_consents",
    "erp_do_not_contact",
    "erp_order_lines",
    "erp_salespeople",
    "shop_customers",
    "shop_orders",
    "desk_contacts",
  ],
});
