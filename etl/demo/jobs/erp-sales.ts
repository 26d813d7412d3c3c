import { between, defineJob, notNull, unique } from "../../index.ts";
import { erp } from "../sources.ts";

const money = { type: "decimal(14,2)", required: true } as const;

export const erpProducts = defineJob({
  name: "erp_products",
  title: "Products",
  source: erp,
  extract: { table: "products", key: "product_id" },
  columns: {
    product_id: { type: "integer", required: true },
    sku: "varchar",
    name: { type: "varchar", clean: ["trim", "collapse"] },
    department: "varchar",
    category: "varchar",
    brand: "varchar",
    list_price: money,
    unit_cost: money,
    launched_on: "date",
    active: "boolean",
    updated_at: "timestamp",
  },
  checks: [unique("product_id"), between("list_price", 0, 10_000)],
  into: { table: "erp_products", mode: "merge", key: "product_id" },
  freshWithin: { hours: 26 },
  deletes: "compare_keys",
  tags: ["nightly"],
});

export const erpOrders = defineJob({
  name: "erp_orders",
  title: "Orders of shops, phone and field sales",
  source: erp,
  extract: { table: "orders", cursor: "updated_at", lag: { hours: 1 }, key: "order_no" },
  columns: {
    order_no: { type: "varchar", clean: ["trim"], required: true },
    customer_no: { type: "varchar", clean: ["trim", "uppercase", "empty"] },
    channel: { type: "varchar", required: true },
    ordered_at: { type: "timestamp", required: true },
    salesperson_id: "integer",
    payment: "varchar",
    campaign_code: "varchar",
    updated_at: "timestamp",
  },
  checks: [unique("order_no"), between("ordered_at", "2023-01-01", "2026-01-01")],
  onReject: { quarantine: true, failAbove: "2%" },
  into: { table: "erp_orders", mode: "merge", key: "order_no" },
  freshWithin: { hours: 26 },
  schedule: { cron: "0 2 * * *", timeZone: "Europe/Berlin", retries: 3, backoff: "exponential" },
  after: ["erp_customers"],
  tags: ["nightly"],
});

export const erpOrderLines = defineJob({
  name: "erp_order_lines",
  title: "Lines of all orders",
  source: erp,
  extract: { table: "order_lines" },
  columns: {
    order_no: { type: "varchar", required: true },
    line_no: { type: "integer", required: true },
    product_id: { type: "integer", required: true },
    quantity: { type: "integer", required: true },
    list_amount: money,
    discount_amount: money,
    net_amount: money,
    cost_amount: money,
  },
  checks: [between("quantity", 1, 10_000), between("net_amount", 0, 1_000_000)],
  onReject: { quarantine: true, failAbove: "2%" },
  into: { table: "erp_order_lines", mode: "replace" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpDeliveries = defineJob({
  name: "erp_deliveries",
  title: "Deliveries",
  source: erp,
  extract: { table: "deliveries" },
  columns: {
    order_no: { type: "varchar", required: true },
    carrier: "varchar",
    promised_on: "date",
    delivered_on: "date",
  },
  checks: [notNull("promised_on")],
  into: { table: "erp_deliveries", mode: "replace" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});

export const erpReturns = defineJob({
  name: "erp_returns",
  title: "Returns",
  source: erp,
  extract: { table: "returns", cursor: "return_no", key: "return_no" },
  columns: {
    return_no: { type: "bigint", required: true },
    order_no: { type: "varchar", required: true },
    line_no: { type: "integer", required: true },
    quantity: { type: "integer", required: true },
    amount: money,
    returned_on: { type: "date", required: true },
    reason: "varchar",
  },
  checks: [unique("return_no"), between("quantity", 1, 10_000)],
  into: { table: "erp_returns", mode: "merge", key: "return_no" },
  freshWithin: { hours: 26 },
  tags: ["nightly"],
});
