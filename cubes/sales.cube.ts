import {
  avg,
  calculated,
  count,
  countDistinct,
  defineCube,
  quantile,
  rank,
  rolling,
  running,
  share,
  shift,
  sum,
  toDate,
} from "../engine/index.ts";
import { campaign, channel, customer, date, product, salesperson } from "./dimensions/index.ts";

const soldThrough = (name: string) => [{ member: "channel.name", operator: "equals" as const, values: [name] }];
const yes = (member: string) => [{ member, operator: "equals" as const, values: [true] }];

/** A month from delivery, and a week for the parcel. */
const RETURNED = { days: 37 };

export const sales = defineCube({
  name: "sales",
  title: "Sales",
  description: "Order lines of all sales channels, net of discount, with their returns.",
  table: "fact_sales",
  grain: ["order_id", "line_no"],
  dimensions: {
    date: { to: date, on: "order_date", title: "Order date" },
    delivery_date: { to: date, on: "delivered_on", title: "Delivery date" },
    return_date: { to: date, on: "returned_on", title: "Return date" },
    customer: { to: customer, on: "customer_id" },
    product: { to: product, on: "product_id" },
    channel: { to: channel, on: "channel_id", title: "Sales channel" },
    source: { to: channel, on: "source_channel_id", title: "Came through" },
    campaign: { to: campaign, on: "campaign_id", title: "Campaign named in the order" },
    salesperson: { to: salesperson, on: "salesperson_id" },
  },
  attributes: {
    order: { sql: "order_no", title: "Order number" },
    status: { sql: "order_status", title: "Order status" },
    payment: { sql: "payment_method", title: "Payment" },
    carrier: { sql: "carrier", title: "Delivery partner" },
    return_reason: { sql: "return_reason", title: "Return reason" },
    delivered_late: { sql: "delivered_late", title: "Delivered late", type: "boolean" },
    first_order: { sql: "is_first_order", title: "Customer's first order", type: "boolean" },
    order_hour: { sql: "order_hour", title: "Hour of the order", type: "integer" },
  },
  measures: {
    revenue: sum("net_amount", {
      title: "Revenue",
      description: "Net of discount, before returns.",
      format: "currency",
    }),
    gross_revenue: sum("list_amount", { title: "Revenue at list price", format: "currency" }),
    discounts: sum("discount_amount", { title: "Discounts", format: "currency", better: "down" }),
    discount_rate: calculated("discounts / gross_revenue", {
      title: "Discount rate",
      format: "percent",
      better: "down",
    }),
    cost: sum("cost_amount", { title: "Cost of goods", format: "currency", better: "down" }),
    margin: calculated("revenue - cost", { title: "Margin", format: "currency" }),
    margin_rate: calculated("margin / revenue", { title: "Margin rate", format: "percent" }),
    units: sum("quantity", { title: "Units", format: "integer" }),
    lines: count({ title: "Order lines", format: "integer" }),
    orders: countDistinct("order_id", { title: "Orders", format: "integer" }),
    buyers: countDistinct("customer_id", { title: "Buyers", format: "integer" }),
    new_buyers: countDistinct("customer_id", {
      title: "New buyers",
      description: "Customers with their first order.",
      format: "integer",
      where: yes("sales.first_order"),
    }),
    average_order: calculated("revenue / orders", { title: "Average order", format: "currency" }),
    lines_per_order: calculated("lines / orders", { title: "Lines per order", format: "decimal" }),
    orders_per_buyer: calculated("orders / buyers", { title: "Orders per buyer", format: "decimal" }),
    revenue_per_buyer: calculated("revenue / buyers", { title: "Revenue per buyer", format: "currency" }),

    returns: sum("returned_amount", {
      ripens: RETURNED,
      title: "Returns",
      description: "Refunds for purchases of the period, whenever they were returned.",
      format: "currency",
      better: "down",
    }),
    returned_units: sum("returned_quantity", {
      ripens: RETURNED,
      title: "Units returned",
      format: "integer",
      better: "down",
    }),
    return_rate: calculated("returns / revenue", { title: "Return rate", format: "percent", better: "down" }),
    net_revenue: calculated("revenue - returns", { title: "Revenue after returns", format: "currency" }),
    returned_margin: sum("returned_margin_amount", {
      ripens: RETURNED,
      title: "Margin lost by returns",
      format: "currency",
      better: "down",
    }),
    net_margin: calculated("margin - returned_margin", { title: "Margin after returns", format: "currency" }),

    late_orders: countDistinct("order_id", {
      title: "Orders delivered late",
      format: "integer",
      better: "down",
      where: yes("sales.delivered_late"),
    }),
    late_rate: calculated("late_orders / orders", { title: "Late delivery rate", format: "percent", better: "down" }),
    delivery_days: avg("delivery_days", { title: "Days to delivery", format: "days", better: "down" }),

    web_revenue: sum("net_amount", { title: "Web revenue", format: "currency", where: soldThrough("Web") }),
    store_revenue: sum("net_amount", { title: "Store revenue", format: "currency", where: soldThrough("Store") }),
    phone_revenue: sum("net_amount", { title: "Phone revenue", format: "currency", where: soldThrough("Phone") }),
    business_revenue: sum("net_amount", {
      title: "Business revenue",
      description: "Sold by the field sales force.",
      format: "currency",
      where: soldThrough("Business"),
    }),
    web_share: calculated("web_revenue / revenue", { title: "Web share", format: "percent" }),

    revenue_ytd: toDate("revenue", "year", { title: "Revenue, year to date", format: "currency" }),
    revenue_fytd: toDate("revenue", "fiscal_year", { title: "Revenue, fiscal year to date", format: "currency" }),
    revenue_last_year: shift("revenue", { years: -1 }, { title: "Revenue a year earlier", format: "currency" }),
    revenue_growth: calculated("revenue / revenue_last_year - 1", { title: "Growth on last year", format: "percent" }),
    revenue_28d: rolling("revenue", { days: 28 }, { title: "Revenue of 28 days", format: "currency" }),
    revenue_12m: rolling("revenue", { months: 12 }, { title: "Revenue of twelve months", format: "currency" }),
    buyers_12m: rolling(
      "buyers",
      { months: 12 },
      { title: "Active customers", description: "Buyers of the last twelve months.", format: "integer" },
    ),
    revenue_running: running("revenue", { title: "Revenue so far", format: "currency" }),
    revenue_share: share("revenue", { of: "total", title: "Share of revenue" }),
    revenue_parent_share: share("revenue", { of: "parent", title: "Share of the level above" }),
    revenue_rank: rank("revenue", { title: "Rank by revenue", format: "integer" }),

    median_line: quantile("net_amount", 0.5, { title: "Median line", format: "currency" }),
    p90_line: quantile("net_amount", 0.9, { title: "Ninth decile of lines", format: "currency" }),

    service_cost_rate: calculated("service.cost / sales.revenue", {
      title: "Service cost rate",
      description: "Cost of service per euro sold.",
      format: "percent",
      better: "down",
    }),
    cases_per_order: calculated("service.cases / sales.orders", {
      title: "Cases per order",
      format: "decimal",
      better: "down",
    }),
    profit: calculated("sales.net_margin - coalesce(service.cost, 0) - coalesce(touches.cost, 0)", {
      title: "Customer profit",
      description: "Margin after returns, minus the cost of service and of contacts.",
      format: "currency",
    }),
    profit_rate: calculated("sales.profit / sales.revenue", { title: "Customer profit rate", format: "percent" }),
    quota_attainment: calculated("sales.business_revenue / quotas.quota", {
      title: "Quota attained",
      description: "Sales of the field sales force over the quotas of the same salespeople and period.",
      format: "percent",
    }),
  },
  rollups: {
    daily: {
      dimensions: ["date.day", "product.department", "channel.name"],
      measures: [
        "revenue",
        "gross_revenue",
        "discounts",
        "cost",
        "units",
        "lines",
        "returns",
        "returned_units",
        "returned_margin",
      ],
    },
    monthly_places: {
      dimensions: ["date.month", "customer.country", "customer.region", "product.department", "channel.name"],
      measures: [
        "revenue",
        "gross_revenue",
        "discounts",
        "cost",
        "units",
        "lines",
        "returns",
        "returned_units",
        "returned_margin",
      ],
    },
    monthly_products: {
      dimensions: ["date.month", "product.department", "product.category", "product.brand", "product.name"],
      measures: ["revenue", "gross_revenue", "discounts", "cost", "units", "lines", "returns"],
    },
  },
});
