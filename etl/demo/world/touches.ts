import { at, present } from "../../../engine/lookup.ts";
import { CHANNEL, CURVES, UPLIFT_TYPES } from "./parameters.ts";
import { DAYS, firstOfMonth, monthOf } from "./calendar.ts";
import { int32, uint8 } from "./grow.ts";
import { Random, Weighted } from "./random.ts";
import { webOrdersByMonth, type Orders } from "./orders.ts";
import type { Customers } from "./customers.ts";
import type { Draw } from "./campaigns.ts";
import type { SpendMonth } from "./spend.ts";

export const TOUCH_KINDS = ["send", "open", "click", "visit"] as const;
export const RESPONSE_KINDS = ["order", "enquiry", "feedback", "unsubscribe"] as const;

export interface Touches {
  readonly count: number;
  /** -1: nobody knows who */
  readonly customer: Int32Array;
  /** seconds since the first midnight */
  readonly time: Int32Array;
  readonly kind: Uint8Array;
  readonly channel: Uint8Array;
  /** campaign id, 0 for none */
  readonly campaign: Uint8Array;
  /** order index, -1 for none */
  readonly order: Int32Array;
}
/** An answer to a touch. `feedback`: 0 none, 1 negative, 2 neutral, 3 positive. */
export interface Response {
  readonly touch: number;
  readonly customer: number;
  readonly campaign: number;
  readonly time: number;
  readonly kind: number;
  readonly feedback: number;
  readonly order: number;
}

const OPEN: { readonly [channel: number]: readonly [number, number] } = {
  [CHANNEL.email]: [0.34, 0.17],
  [CHANNEL.sms]: [0.8, 0.06],
  [CHANNEL.mail]: [0, 0],
  [CHANNEL.phone]: [0.45, 0],
  [CHANNEL.social]: [0.22, 0.12],
};

/**
 * The channel that each web order came through: as many from each paid channel and month as its spend leads to, the
 * others direct or by referral.
 */
export function makeSources(seed: number, orders: Orders, draw: Draw, spend: readonly SpendMonth[]): Uint8Array {
  const random = new Random(seed, "sources");
  const web = webOrdersByMonth(orders);
  const byMonth = firstOfMonth.map((_, month) => {
    const paid = CURVES.map(
      (curve) =>
        present(spend.find((entry) => entry.channel === curve.channel && entry.month === month)).expectedOrders /
        Math.max(1, at(web, month)),
    );
    const sum = paid.reduce((total, x) => total + x, 0);
    const shrink = sum > 0.9 ? 0.9 / sum : 1;
    const rest = 1 - sum * shrink;
    return new Weighted([...paid.map((x) => x * shrink), rest * 0.8, rest * 0.2]);
  });
  const channels = [...CURVES.map((curve) => curve.channel), CHANNEL.direct, CHANNEL.referral];
  const sources = new Uint8Array(orders.count);
  for (let o = 0; o < orders.count; o++)
    if (orders.channel[o] === CHANNEL.web)
      sources[o] = at(channels, at(byMonth, at(monthOf, at(orders.day, o))).draw(random));
  return sources;
}

export function makeTouches(
  seed: number,
  scale: number,
  customers: Customers,
  draw: Draw,
  orders: Orders,
  sources: Uint8Array,
  spend: readonly SpendMonth[],
): { readonly touches: Touches; readonly responses: readonly Response[] } {
  const random = new Random(seed, "touches");
  const columns = {
    customer: int32(),
    time: int32(),
    kind: uint8(),
    channel: uint8(),
    campaign: uint8(),
    order: int32(),
  };
  const push = (
    customer: number,
    time: number,
    kind: number,
    channel: number,
    campaign: number,
    order: number,
  ): number => {
    columns.customer.push(customer);
    columns.time.push(time);
    columns.kind.push(kind);
    columns.channel.push(channel);
    columns.campaign.push(campaign);
    columns.order.push(order);
    return columns.time.length - 1;
  };
  const END = DAYS * 86_400 - 1;
  const responses: Response[] = [];
  const respond = (
    touch: number,
    customer: number,
    campaign: number,
    time: number,
    kind: number,
    feedback: number,
    order: number,
  ): void => {
    if (time < END) responses.push({ touch, customer, campaign, time, kind, feedback, order });
  };
  // Campaign sends, with what became of them. The order of a campaign is known by its code.
  const coded = new Map<number, number>();
  for (let o = 0; o < orders.count; o++)
    if (orders.coded[o] === 1) coded.set(at(orders.customer, o) * 32 + at(orders.campaign, o) - 1, o);
  draw.campaigns.forEach((campaign, k) => {
    const [opens, clicks] = present(OPEN[campaign.channel]);
    for (let i = 0; i < customers.count; i++) {
      if ((at(draw.treated, i) & (1 << k)) === 0) continue;
      const type = at(UPLIFT_TYPES, at(customers.uplift, i));
      const sent = campaign.start * 86_400 + 9 * 3600 + random.int(7_200);
      const send = push(i, sent, 0, campaign.channel, campaign.id, -1);
      const order = coded.get(i * 32 + k);
      const opened = random.chance(order !== undefined ? 0.9 : opens);
      const openAt = sent + 600 + Math.floor(random.exponential() * 40_000);
      if (opened && opens > 0 && openAt < END) push(i, openAt, 1, campaign.channel, campaign.id, -1);
      if (opened && clicks > 0 && random.chance(order !== undefined ? 0.8 : clicks)) {
        const clickAt = openAt + 20 + random.int(400);
        if (clickAt < END) push(i, clickAt, 2, campaign.channel, campaign.id, -1);
      }
      if (order !== undefined)
        respond(
          send,
          i,
          campaign.id,
          at(orders.day, order) * 86_400 + at(orders.second, order),
          0,
          random.chance(0.05) ? 3 : 0,
          order,
        );
      const x = random.next();
      const answerAt = sent + Math.floor(random.exponential() * 2 * 86_400);
      if (x < type.unsubscribe) respond(send, i, campaign.id, answerAt, 3, random.chance(0.5) ? 1 : 0, -1);
      else if (x < type.unsubscribe + 0.006) respond(send, i, campaign.id, answerAt, 1, 2, -1);
      else if (x < type.unsubscribe + 0.018)
        respond(
          send,
          i,
          campaign.id,
          answerAt,
          2,
          customers.uplift[i] !== 3 && random.chance(0.6) ? 3 : 1 + random.int(2),
          -1,
        );
    }
  });
  // Visits: the path of each web order, its last step by the order's source; then those that led to nothing.
  const channels = [...CURVES.map((curve) => curve.channel), CHANNEL.direct, CHANNEL.referral];
  const anyStep = new Weighted([5, 2, 1, 3, 9, 16, 22, 6]);
  for (let o = 0; o < orders.count; o++) {
    if (sources[o] === 0) continue;
    const moment = at(orders.day, o) * 86_400 + at(orders.second, o);
    push(
      at(orders.customer, o),
      Math.max(0, moment - 60 - random.int(2_400)),
      3,
      at(sources, o),
      orders.coded[o] === 1 ? at(orders.campaign, o) : 0,
      o,
    );
    let before = moment;
    for (let steps = random.geometric(0.45); steps > 0; steps--) {
      before -= 3_600 + Math.floor(random.exponential() * 3 * 86_400);
      if (before < 0) break;
      push(random.chance(0.7) ? at(orders.customer, o) : -1, before, 3, at(channels, anyStep.draw(random)), 0, -1);
    }
  }
  const visitors: number[] = [];
  for (let i = 0; i < customers.count; i++)
    if (customers.style[i] !== 1 && (customers.account[i] === 1 || customers.inErp[i] === 1)) visitors.push(i);
  const browse = (channel: number, month: number, count: number): void => {
    const first = at(firstOfMonth, month);
    const days = (firstOfMonth[month + 1] ?? DAYS) - first;
    for (let n = random.poisson(count); n > 0; n--) {
      const day = first + random.int(days);
      const who = visitors.length > 0 && random.chance(0.62) ? random.pick(visitors) : -1;
      push(
        who >= 0 && at(customers.joined, who) <= day ? who : -1,
        day * 86_400 + 6 * 3600 + Math.floor(17.5 * 3600 * random.beta(2, 1.7)),
        3,
        channel,
        0,
        -1,
      );
    }
  };
  for (const entry of spend) browse(entry.channel, entry.month, entry.expectedOrders * 6.5);
  for (let month = 0; month < firstOfMonth.length; month++) {
    browse(CHANNEL.direct, month, scale * (8_000 + 160 * month));
    browse(CHANNEL.referral, month, scale * (2_400 + 60 * month));
  }
  return {
    responses,
    touches: {
      count: columns.time.length,
      customer: columns.customer.done(),
      time: columns.time.done(),
      kind: columns.kind.done(),
      channel: columns.channel.done(),
      campaign: columns.campaign.done(),
      order: columns.order.done(),
    },
  };
}
