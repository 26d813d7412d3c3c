import { at } from "../../../engine/lookup.ts";
import { CARRIERS, CHANNEL, CHANNEL_CODES, PAYMENTS, RETURN_REASONS } from "../world/parameters.ts";
import { DEPARTMENTS } from "../world/catalogue.ts";
import { DAYS, isoDay, isoTime } from "../world/calendar.ts";
import { Random } from "../world/random.ts";
import { net, refund } from "../world/lines.ts";
import { erpNo, orderNo, type Keys } from "./keys.ts";
import type { BrokenRows } from "./broken.ts";
import type { SqliteWriter } from "./sqlite-writer.ts";
import type { World } from "../world/simulate.ts";

/**
 * Orders without a customer's number (paid in cash, or by people known only to the shop), and orders under a twin
 * number.
 */
export interface OrderCustomers {
  readonly erp: Int32Array;
}

/**
 * Products, the orders of shops, phone and field sales, the lines of all orders, deliveries and returns. Returns each
 * order's ERP customer number (0: none).
 */
export function writeErpSales(
  writer: SqliteWriter,
  world: World,
  keys: Keys,
  broken: BrokenRows,
  onRows: (rows: number) => void,
): OrderCustomers {
  const { orders, lines, catalogue, draw } = world;
  const random = new Random(world.seed, "erp sales");
  const goods = writer.table("products", {
    product_id: "integer",
    sku: "text",
    name: "text",
    department: "text",
    category: "text",
    brand: "text",
    list_price: "decimal(12,2)",
    unit_cost: "decimal(12,2)",
    launched_on: "text",
    active: "integer",
    updated_at: "text",
  });
  for (const product of catalogue.products) {
    goods.add(
      product.id,
      product.sku,
      product.name,
      at(DEPARTMENTS, product.department).name,
      product.category,
      product.brand,
      product.price / 100,
      product.cost / 100,
      product.launchedOn,
      product.active ? 1 : 0,
      "2023-01-01 06:00:00",
    );
  }
  goods.done();

  const heads = writer.table("orders", {
    order_no: "text",
    customer_no: "text",
    channel: "text",
    ordered_at: "text",
    salesperson_id: "integer",
    payment: "text",
    campaign_code: "text",
    updated_at: "text",
  });
  const items = writer.table("order_lines", {
    order_no: "text",
    line_no: "integer",
    product_id: "integer",
    quantity: "integer",
    list_amount: "decimal(12,2)",
    discount_amount: "decimal(12,2)",
    net_amount: "decimal(12,2)",
    cost_amount: "decimal(12,2)",
  });
  const deliveries = writer.table("deliveries", {
    order_no: "text",
    carrier: "text",
    promised_on: "text",
    delivered_on: "text",
  });
  const returns = writer.table("returns", {
    return_no: "integer",
    order_no: "text",
    line_no: "integer",
    quantity: "integer",
    amount: "decimal(12,2)",
    returned_on: "text",
    reason: "text",
  });
  const numbers = new Int32Array(orders.count);
  let returnNo = 0;
  let rows = 0;
  const many = (each: number): number => Math.max(2, Math.round(each * world.scale));
  const doubled = new Set<number>();
  while (doubled.size < Math.max(8, many(40))) doubled.add(random.int(orders.count));

  for (const o of world.orderSequence) {
    const i = at(orders.customer, o);
    const day = at(orders.day, o);
    const channel = at(orders.channel, o);
    const no = orderNo(channel, at(world.orderNumber, o));
    if (channel !== CHANNEL.web) {
      const cash = channel === CHANNEL.store && (orders.payment[o] === 4 ? random.chance(0.12) : random.chance(0.01));
      let number = 0;
      if (!cash) {
        const twin = at(keys.erpTwin, i) > 0 && random.chance(0.4);
        number = at(twin ? keys.erpTwin : keys.erp, i);
      }
      numbers[o] = number;
      let seller = 0;
      if (channel === CHANNEL.business) seller = world.ownerOn(i, day);
      else if (channel === CHANNEL.phone) seller = 6 + (i % 12);
      const moment = isoTime(day * 86_400 + at(orders.second, o));
      const campaign = orders.coded[o] === 1 ? at(draw.campaigns, at(orders.campaign, o) - 1).code : null;
      const row = [
        no,
        number === 0 ? null : erpNo(number),
        at(CHANNEL_CODES, channel),
        moment,
        seller === 0 ? null : seller,
        at(PAYMENTS, at(orders.payment, o)),
        campaign,
        moment,
      ] as const;
      heads.add(...row);
      if (doubled.has(o)) {
        heads.add(...row);
        broken.add("orders", no, "duplicate");
      }
    }
    if (channel !== CHANNEL.store)
      deliveries.add(
        no,
        at(CARRIERS, at(orders.carrier, o) - 1),
        isoDay(at(orders.promised, o)),
        at(orders.delivered, o) < DAYS ? isoDay(at(orders.delivered, o)) : null,
      );
    for (let line = at(lines.start, o), lineNo = 1; line < at(lines.start, o + 1); line++, lineNo++) {
      items.add(
        no,
        lineNo,
        at(lines.product, line) + 1,
        at(lines.quantity, line),
        at(lines.list, line) / 100,
        at(lines.discount, line) / 100,
        net(lines, line) / 100,
        at(lines.cost, line) / 100,
      );
      if (at(lines.returned, line) > 0)
        returns.add(
          ++returnNo,
          no,
          lineNo,
          at(lines.returned, line),
          refund(lines, line) / 100,
          isoDay(at(lines.returnDay, line)),
          at(RETURN_REASONS, at(lines.returnReason, line)),
        );
    }
    if (++rows % 20_000 === 0) onRows(rows);
  }
  // Wrong rows, with numbers of their own.
  for (let n = 1; n <= many(50); n++) {
    const no = `S9${String(n).padStart(6, "0")}`;
    broken.add("orders", no, "bad date");
    heads.add(
      no,
      null,
      "store",
      n % 2 === 0 ? "2024-02-30 11:00:00" : "31.04.2024",
      null,
      "card",
      null,
      "2024-05-01 00:00:00",
    );
  }
  for (let n = 1; n <= many(120); n++) {
    const no = `S9${String(n).padStart(6, "0")}`;
    broken.add("order_lines", `${no}/1`, "negative quantity");
    items.add(no, 1, 1 + (n % 300), -1, 19.99, 0, 19.99, 10);
  }
  for (let n = 1; n <= many(60); n++) {
    const no = `S9${String(n).padStart(6, "0")}`;
    broken.add("order_lines", `${no}/2`, "bad number");
    items.add(no, 2, 1 + (n % 300), 1, 19.99, 0, n % 2 === 0 ? "12,5O" : "n/a", 10);
  }
  for (const table of [heads, items, deliveries, returns]) table.done();
  return { erp: numbers };
}
