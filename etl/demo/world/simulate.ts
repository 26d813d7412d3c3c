import { at } from "../../../engine/lookup.ts";
import { catalogue, type Catalogue } from "./catalogue.ts";
import { drawCampaigns, type Draw } from "./campaigns.ts";
import { makeAgents, makeCases, type Agent, type Case } from "./cases.ts";
import { makeCustomers, type Customers } from "./customers.ts";
import { makeDeals, makeQuotas, ownersOf, type Deal, type Quota, type Task } from "./deals.ts";
import { makeCustomerVersions, type CustomerVersion } from "./customer-versions.ts";
import { makeLines, type Lines } from "./lines.ts";
import { makeOrders, type Orders } from "./orders.ts";
import { makeProgramme, type ProgrammeEntry } from "./programme.ts";
import { makeSalespeople, type Salesperson } from "./people.ts";
import { CHANNEL } from "./parameters.ts";
import { makeSources, makeTouches, type Response, type Touches } from "./touches.ts";
import { makeSpend, type SpendMonth } from "./spend.ts";
import { orderByTime } from "./grow.ts";

/** The simulated company, before any system records it. */
export interface World {
  readonly seed: number;
  readonly scale: number;
  readonly catalogue: Catalogue;
  readonly customers: Customers;
  readonly draw: Draw;
  readonly spend: readonly SpendMonth[];
  readonly salespeople: readonly Salesperson[];
  readonly orders: Orders;
  readonly lines: Lines;
  /** channel id of each web order's last visit, 0 for orders elsewhere */
  readonly sources: Uint8Array;
  /** order indexes by time, and each order's place in that sequence: its number */
  readonly orderSequence: Int32Array;
  readonly orderNumber: Int32Array;
  readonly versions: readonly CustomerVersion[];
  readonly ownerOn: (customer: number, day: number) => number;
  readonly deals: readonly Deal[];
  readonly tasks: readonly Task[];
  readonly quotas: readonly Quota[];
  readonly touches: Touches;
  readonly touchSequence: Int32Array;
  readonly touchNumber: Int32Array;
  readonly responses: readonly Response[];
  readonly agents: readonly Agent[];
  readonly cases: readonly Case[];
  readonly programme: readonly ProgrammeEntry[];
}

/** Each row's number, from its place in the sequence. */
function numbered(sequence: Int32Array): Int32Array {
  const numbers = new Int32Array(sequence.length);
  for (let place = 0; place < sequence.length; place++) numbers[at(sequence, place)] = place + 1;
  return numbers;
}

/** The same seed and scale give the same world. Scale 1 has 60,000 customers. */
export function simulate(seed: number, scale: number): World {
  const goods = catalogue(seed);
  const customers = makeCustomers(seed, Math.max(200, Math.round(60_000 * scale)));
  const draw = drawCampaigns(seed, scale, customers);
  const spend = makeSpend(seed, scale);
  const salespeople = makeSalespeople(seed);
  const orders = makeOrders(seed, customers, draw);
  // Orders by phone need a name and an address, so these customers are in the ERP.
  for (let o = 0; o < orders.count; o++)
    if (orders.channel[o] === CHANNEL.phone) customers.inErp[at(orders.customer, o)] = 1;
  const lines = makeLines(seed, goods, customers, draw, orders);
  const sources = makeSources(seed, orders, draw, spend);
  const time = new Float64Array(orders.count);
  for (let o = 0; o < orders.count; o++) time[o] = at(orders.day, o) * 86_400 + at(orders.second, o);
  const orderSequence = orderByTime(time);
  const versions = makeCustomerVersions(seed, customers, orders, lines, salespeople);
  const ownerOn = ownersOf(versions, customers.count);
  const { deals, tasks } = makeDeals(seed, scale, customers, ownerOn, salespeople);
  const quotas = makeQuotas(seed, orders, lines, ownerOn, salespeople);
  const { touches, responses } = makeTouches(seed, scale, customers, draw, orders, sources, spend);
  const touchSequence = orderByTime(touches.time);
  const agents = makeAgents(seed);
  return {
    seed,
    scale,
    catalogue: goods,
    customers,
    draw,
    spend,
    salespeople,
    orders,
    lines,
    sources,
    orderSequence,
    orderNumber: numbered(orderSequence),
    versions,
    ownerOn,
    deals,
    tasks,
    quotas,
    touches,
    touchSequence,
    touchNumber: numbered(touchSequence),
    responses,
    agents,
    cases: makeCases(seed, scale, customers, orders, lines, agents),
    programme: makeProgramme(seed, scale),
  };
}
