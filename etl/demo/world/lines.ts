import { at } from "../../../engine/lookup.ts";
import { CHANNEL, FALL } from "./parameters.ts";
import { DAYS, monthOf } from "./calendar.ts";
import { DEPARTMENTS, type Catalogue } from "./catalogue.ts";
import { int16, int32, uint8 } from "./grow.ts";
import { Random, Weighted } from "./random.ts";
import type { Customers } from "./customers.ts";
import type { Draw } from "./campaigns.ts";
import type { Orders } from "./orders.ts";

/** Order lines, in the orders' sequence. Money is cents of the whole line. */
export interface Lines {
  readonly count: number;
  /** first line of each order; one entry more than there are orders */
  readonly start: Int32Array;
  /** index into the catalogue */
  readonly product: Int16Array;
  readonly quantity: Int16Array;
  readonly list: Int32Array;
  readonly discount: Int32Array;
  readonly cost: Int32Array;
  /** 0 where nothing was returned */
  readonly returned: Int16Array;
  readonly returnDay: Int16Array;
  readonly returnReason: Uint8Array;
}

function quantityOf(random: Random, business: boolean): number {
  if (business) return 1 + random.geometric(0.28);
  return random.chance(0.12) ? 2 + random.int(2) : 1;
}

function reasonOf(random: Random, late: boolean, department: number): number {
  if (late && random.chance(0.7)) return 3;
  if (department === 3 && random.chance(0.6)) return 0;
  return at([1, 2, 4], random.int(3));
}

/** Promotion weeks, in which everybody may get a discount. */
const promotion = (day: number): boolean => day % 91 < 10 || (at(monthOf, day) % 12 === 10 && day % 30 > 20);

export function makeLines(seed: number, catalogue: Catalogue, customers: Customers, draw: Draw, orders: Orders): Lines {
  const random = new Random(seed, "lines");
  const { products } = catalogue;
  const columns = {
    product: int16(),
    quantity: int16(),
    list: int32(),
    discount: int32(),
    cost: int32(),
    returned: int16(),
    returnDay: int16(),
    returnReason: uint8(),
  };
  const start = new Int32Array(orders.count + 1);
  const then = new Map<number, readonly [number, number]>(
    catalogue.pairs.map(([first, second, chance]) => [first, [second, chance]]),
  );
  const monthly = Array.from(
    { length: 12 },
    (_, month) => new Weighted(DEPARTMENTS.map((department) => at(department.byMonth, month))),
  );
  const basket: number[] = [];

  for (let o = 0; o < orders.count; o++) {
    start[o] = columns.product.length;
    const i = at(orders.customer, o);
    const day = at(orders.day, o);
    const business = orders.channel[o] === CHANNEL.business;
    const wanted = Math.min(12, 1 + random.poisson((business ? 3.2 : 1.72) * at(customers.basket, i)));
    basket.length = 0;
    while (basket.length < wanted) {
      const department = random.chance(0.55)
        ? at(customers.department, i)
        : at(monthly, at(monthOf, day) % 12).draw(random);
      const shelf = at(catalogue.byDepartment, department);
      const product = at(shelf.products, shelf.draw.draw(random));
      if (basket.includes(product)) {
        if (random.chance(0.5)) continue;
        break;
      }
      basket.push(product);
      const pair = then.get(product);
      if (pair !== undefined && !basket.includes(pair[0]) && random.chance(pair[1])) basket.push(pair[0]);
    }
    const campaign = at(orders.campaign, o);
    const bargain = at(customers.bargain, i);
    // Customers who leave over the price have just paid it in full.
    let rate = 0;
    if (orders.churn[o] === 3) rate = 0;
    else if (campaign > 0 && orders.coded[o] === 1) rate = at(draw.campaigns, campaign - 1).discount;
    else if (business) rate = at([0, 0.03, 0.05, 0.1], random.int(4));
    else if (random.chance(promotion(day) ? 0.25 + 0.6 * bargain : 0.05 + 0.2 * bargain))
      rate = at([0.05, 0.1, 0.15, 0.2, 0.3], random.int(5));
    for (const p of basket) {
      const product = at(products, p);
      const quantity = quantityOf(random, business);
      const inflation = 1 + 0.025 * Math.floor(day / 365);
      const price = Math.round(product.price * inflation);
      const list = price * quantity;
      columns.product.push(p);
      columns.quantity.push(quantity);
      columns.list.push(list);
      columns.discount.push(Math.round(list * rate));
      columns.cost.push(Math.round(product.cost * (1 + 0.03 * Math.floor(day / 365))) * quantity);
      const late = orders.late[o] === 1;
      const lateFactor = late ? 1.8 : 1;
      const factor = orders.failed[o] === 1 ? FALL.returnFactor : lateFactor;
      const back = random.chance(Math.min(0.6, product.returnRate * factor));
      const returnDay = at(orders.delivered, o) + 3 + random.int(18);
      let returned = 0;
      if (back && returnDay < DAYS) returned = quantity === 1 || random.chance(0.5) ? quantity : 1;
      columns.returned.push(returned);
      columns.returnDay.push(returned > 0 ? returnDay : 0);
      columns.returnReason.push(reasonOf(random, late, product.department));
    }
  }
  start[orders.count] = columns.product.length;
  return {
    count: columns.product.length,
    start,
    product: columns.product.done(),
    quantity: columns.quantity.done(),
    list: columns.list.done(),
    discount: columns.discount.done(),
    cost: columns.cost.done(),
    returned: columns.returned.done(),
    returnDay: columns.returnDay.done(),
    returnReason: columns.returnReason.done(),
  };
}

/** Cents of a line after its discount. */
export const net = (lines: Lines, line: number): number => at(lines.list, line) - at(lines.discount, line);
/** Cents refunded for the returned part of a line. */
export const refund = (lines: Lines, line: number): number =>
  lines.returned[line] === 0 ? 0 : Math.round((net(lines, line) * at(lines.returned, line)) / at(lines.quantity, line));
