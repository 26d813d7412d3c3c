import { between, defineJob } from "../../index.ts";
import { shop } from "../sources.ts";

const text = { type: "varchar", clean: ["trim", "collapse", "empty"] } as const;
const name = { type: "varchar", clean: ["name", "empty"] } as const;
const email = { type: "varchar", clean: ["trim", "lowercase", "empty"] } as const;

export const shopOrders = defineJob({
  name: "shop_orders",
  title: "Web orders",
  source: shop,
  extract: { file: "orders/*.ndjson" },
  columns: {
    order_no: { type: "varchar", required: true },
    placed_at: { type: "timestamptz", required: true },
    shop_customer_id: "varchar",
    email,
    phone: text,
    first_name: name,
    last_name: name,
    street: text,
    postcode: text,
    city: text,
    country_code: "varchar",
    source: "varchar",
    campaign_code: "varchar",
    payment: "varchar",
    items: "integer",
    total: { type: "decimal(14,2)", required: true },
    currency: "varchar",
  },
  checks: [between("total", 0, 1_000_000)],
  onReject: { quarantine: true, failAbove: "2%" },
  into: { table: "shop_orders", mode: "merge", key: "order_no" },
  freshWithin: { hours: 26 },
  schedule: { cron: "30 2 * * *", timeZone: "Europe/Berlin", retries: 3, backoff: "exponential" },
  tags: ["nightly"],
});

export const shopCustomers = defineJob({
  name: "shop_customers",
  title: "Web accounts",
  source: shop,
  extract: { file: "customers/*.ndjson" },
  columns: {
    shop_customer_id: { type: "varchar", required: true },
    email,
    phone: text,
    first_name: name,
    last_name: name,
    street: text,
    postcode: text,
    city: text,
    region: "varchar",
    country: "varchar",
    country_code: "varchar",
    language: "varchar",
    newsletter: "boolean",
    loyalty_card: "varchar",
    registered_at: { type: "timestamptz", required: true },
    updated_at: { type: "timestamptz", required: true },
  },
  into: { table: "shop_customers", mode: "merge", key: "shop_customer_id" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const shopTouchpoints = defineJob({
  name: "shop_touchpoints",
  title: "Contacts and visits",
  source: shop,
  extract: { file: "touchpoints/*.csv", columnsFrom: "header" },
  columns: {
    touch_id: { type: "bigint", required: true },
    touched_at: { type: "timestamp", required: true },
    contact: { type: "varchar", clean: ["empty"] },
    channel: { type: "varchar", required: true },
    campaign: { type: "varchar", clean: ["empty"] },
    kind: { type: "varchar", required: true },
    order_no: { type: "varchar", clean: ["empty"] },
    cost: "decimal(14,2)",
  },
  onReject: { quarantine: true, failAbove: "2%" },
  into: { table: "shop_touchpoints", mode: "merge", key: "touch_id" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});
