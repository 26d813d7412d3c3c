/** A wholesaler's invoice lines as a small star: the same for whichever system the lines come from. */
import {
  calculated,
  count,
  countDistinct,
  defineCube,
  defineDateDimension,
  defineDimension,
  defineModel,
  defineTable,
  notNull,
  sum,
  unique,
  type Columns,
} from "tessera";

/** The contract of the lines. They have no key: the same article can stand twice on an invoice, word for word. */
export const columns = {
  invoice_no: { type: "varchar", required: true },
  stock_code: { type: "varchar", required: true },
  description: "varchar",
  quantity: { type: "integer", required: true },
  invoice_date: { type: "timestamp", required: true },
  unit_price: { type: "decimal(12,3)", required: true },
  customer_id: "integer",
  country: { type: "varchar", required: true },
} satisfies Columns;

export const customers = defineTable({
  name: "dim_customer",
  title: "Customers",
  kind: "dimension",
  key: "customer_id",
  sql: `SELECT customer_id, arg_max(country, (invoice_date, country)) AS country, CAST(min(invoice_date) AS DATE) AS first_seen_on
        FROM lines WHERE customer_id IS NOT NULL GROUP BY customer_id`,
  checks: [unique("customer_id")],
});

export const products = defineTable({
  name: "dim_product",
  title: "Products",
  kind: "dimension",
  key: "stock_code",
  // an article is described in several ways: the most frequent one counts
  sql: `SELECT stock_code, arg_max(description, (lines, description)) AS description
        FROM (SELECT stock_code, description, count(*) AS lines FROM lines GROUP BY ALL) GROUP BY stock_code`,
  checks: [unique("stock_code")],
});

export const orderLines = defineTable({
  name: "fact_lines",
  title: "Order lines",
  kind: "fact",
  sql: `SELECT invoice_no, CAST(invoice_date AS DATE) AS invoiced_on, stock_code, customer_id, country, quantity, unit_price,
          CAST(quantity * unit_price AS DECIMAL(14,3)) AS amount, starts_with(invoice_no, 'C') AS is_cancellation
        FROM lines`,
  checks: [notNull("invoiced_on"), notNull("amount")],
});

export const date = defineDateDimension({ name: "date", from: "2010-12-01", until: "2011-12-31" });

export const customer = defineDimension({
  name: "customer",
  table: "dim_customer",
  key: "customer_id",
  attributes: { country: "country", first_seen_on: { sql: "first_seen_on", type: "date" } },
});

export const product = defineDimension({
  name: "product",
  table: "dim_product",
  key: "stock_code",
  label: "description",
  attributes: { description: "description" },
});

export const sales = defineCube({
  name: "sales",
  title: "Sales",
  table: "fact_lines",
  dimensions: {
    date: { to: date, on: "invoiced_on" },
    customer: { to: customer, on: "customer_id" },
    product: { to: product, on: "stock_code" },
  },
  attributes: { country: "country", cancelled: { sql: "is_cancellation", type: "boolean", title: "Cancellation" } },
  measures: {
    revenue: sum("amount", { format: "currency" }),
    units: sum("quantity"),
    lines: count(),
    invoices: countDistinct("invoice_no"),
    buyers: countDistinct("customer_id"),
    average_invoice: calculated("revenue / invoices", { format: "currency" }),
  },
});

export const rfm = defineModel({
  name: "rfm",
  technique: "rfm",
  over: "customer",
  events: "sales",
  value: "sales.revenue",
  asOf: "latest",
});
