import { at } from "../../../engine/lookup.ts";
import { CARRIERS, CHANNEL, CHURN_SHARES, FALL, GONE_FACTOR, UPLIFT_TYPES } from "./parameters.ts";
import { businessWeeks, dayAt, dayOf, DAYS, monthOf } from "./calendar.ts";
import { CITIES } from "./geography.ts";
import { Random } from "./random.ts";
import { int16, int32, uint8 } from "./grow.ts";
import type { Customers } from "./customers.ts";
import type { Draw } from "./campaigns.ts";

/** Orders, customer by customer and each customer's by time. */
export interface Orders {
  readonly count: number;
  readonly customer: Int32Array;
  readonly day: Int16Array;
  readonly second: Int32Array;
  readonly channel: Uint8Array;
  /** campaign index + 1, 0 for none */
  readonly campaign: Uint8Array;
  /** the order has a campaign's code */
  readonly coded: Uint8Array;
  readonly late: Uint8Array;
  readonly promised: Int16Array;
  readonly delivered: Int16Array;
  /** carrier index + 1, 0 in the shop */
  readonly carrier: Uint8Array;
  readonly guest: Uint8Array;
  /** 1 + the reason why the customer left after this order; 0: did not leave */
  readonly churn: Uint8Array;
  /** delivered by the failing partner */
  readonly failed: Uint8Array;
  readonly payment: Uint8Array;
  /** the day on which the customer stopped buying; DAYS while active */
  readonly goneOn: Int16Array;
  /** [campaign][type]: customers treated and the sum of their chances of an extra order */
  readonly planned: readonly (readonly { treated: number; expected: number; realised: number; suppressed: number }[])[];
}

const FALL_FROM = dayOf(FALL.from);
const FALL_UNTIL = dayOf(FALL.until);

interface Event {
  day: number;
  campaign: number;
  churn: number;
  caused: boolean;
}

function channelOf(random: Random, style: number, day: number): number {
  const x = random.next();
  const drift = 0.1 * (day / DAYS);
  /** the channels of each style, with the bounds of the first two */
  const styles = [
    { channels: [CHANNEL.web, CHANNEL.store], until: [0.86, 0.96] },
    { channels: [CHANNEL.store, CHANNEL.web], until: [0.86 - drift, 0.97] },
    { channels: [CHANNEL.web, CHANNEL.store], until: [0.45 + drift, 0.9] },
    { channels: [CHANNEL.business, CHANNEL.web], until: [0.66 - drift, 0.88] },
  ];
  const { channels, until } = at(styles, style);
  const found = until.findIndex((bound) => x < bound);
  return channels[found] ?? CHANNEL.phone;
}

function carrierOf(random: Random, inFallRegion: boolean): number {
  if (!inFallRegion) return random.int(CARRIERS.length);
  return random.chance(0.8) ? FALL.carrier : random.int(3);
}

function paymentOf(random: Random, channel: number, style: number): number {
  if (channel === CHANNEL.store) return random.chance(0.35) ? 4 : 0;
  return style === 3 ? 1 : random.int(4);
}

export function makeOrders(seed: number, customers: Customers, draw: Draw): Orders {
  const random = new Random(seed, "orders");
  const columns = {
    customer: int32(),
    day: int16(),
    second: int32(),
    channel: uint8(),
    campaign: uint8(),
    coded: uint8(),
    late: uint8(),
    promised: int16(),
    delivered: int16(),
    carrier: uint8(),
    guest: uint8(),
    churn: uint8(),
    failed: uint8(),
    payment: uint8(),
  };
  const goneOn = new Int16Array(customers.count).fill(DAYS);
  const planned = draw.campaigns.map(() =>
    UPLIFT_TYPES.map(() => ({ treated: 0, expected: 0, realised: 0, suppressed: 0 })),
  );
  const fallRegion = Uint8Array.from(CITIES, (city) => (city.region === FALL.region ? 1 : 0));

  for (let i = 0; i < customers.count; i++) {
    if (customers.prospect[i] === 1) continue;
    let events: Event[] = [{ day: at(customers.joined, i), campaign: 0, churn: 0, caused: false }];
    let weeks = businessWeeks(at(customers.joined, i)) + random.next() / 7;
    for (;;) {
      weeks += random.exponential() / at(customers.rate, i);
      const day = dayAt(weeks, at(customers.joined, i));
      if (day >= DAYS) break;
      const event: Event = { day, campaign: 0, churn: 0, caused: false };
      events.push(event);
      if (!random.chance(at(customers.dropout, i))) continue;
      goneOn[i] = day;
      let x = random.next();
      event.churn = 1 + CHURN_SHARES.findIndex((part) => (x -= part) < 0);
      break;
    }
    if (draw.member[i] !== 0) events = withCampaigns(random, i, customers, draw, events, at(goneOn, i), planned);
    for (const event of events) {
      const region = fallRegion[at(customers.city, i)] === 1;
      const during = event.day >= FALL_FROM && event.day <= FALL_UNTIL;
      const style = at(customers.style, i);
      let channel: number;
      if (event.caused && style !== 3) channel = random.chance(0.8) ? CHANNEL.web : CHANNEL.store;
      else channel = channelOf(random, style, event.day);
      const shipped = channel !== CHANNEL.store;
      // The failure becomes known: some orders of those weeks are not placed.
      if (region && during && shipped && event.churn === 0 && random.chance(FALL.ordersLost)) continue;
      const carrier = shipped ? 1 + carrierOf(random, region) : 0;
      const failed = during && region && carrier === FALL.carrier + 1 && random.chance(FALL.lateRate);
      const late = shipped && (failed || event.churn === 1 || random.chance(0.055));
      const promised = event.day + (shipped ? 3 : 0);
      columns.customer.push(i);
      columns.day.push(event.day);
      columns.second.push(8 * 3600 + Math.floor(13.5 * 3600 * random.beta(2, 1.8)));
      columns.channel.push(channel);
      columns.campaign.push(event.campaign);
      columns.coded.push(event.campaign > 0 && random.chance(event.caused ? 0.9 : 0.5) ? 1 : 0);
      columns.late.push(late ? 1 : 0);
      columns.promised.push(promised);
      let delivered = event.day;
      if (late) delivered = promised + random.between(2, failed ? 14 : 8);
      else if (shipped) delivered += random.between(1, 3);
      columns.delivered.push(delivered);
      columns.carrier.push(carrier);
      columns.guest.push(channel === CHANNEL.web && (customers.account[i] === 0 || random.chance(0.12)) ? 1 : 0);
      columns.churn.push(event.churn);
      columns.failed.push(failed ? 1 : 0);
      columns.payment.push(paymentOf(random, channel, style));
    }
  }
  return {
    count: columns.customer.length,
    customer: columns.customer.done(),
    day: columns.day.done(),
    second: columns.second.done(),
    channel: columns.channel.done(),
    campaign: columns.campaign.done(),
    coded: columns.coded.done(),
    late: columns.late.done(),
    promised: columns.promised.done(),
    delivered: columns.delivered.done(),
    carrier: columns.carrier.done(),
    guest: columns.guest.done(),
    churn: columns.churn.done(),
    failed: columns.failed.done(),
    payment: columns.payment.done(),
    goneOn,
    planned,
  };
}

/** Adds the orders that campaigns cause, and removes those that they prevent. */
function withCampaigns(
  random: Random,
  i: number,
  customers: Customers,
  draw: Draw,
  natural: Event[],
  goneOn: number,
  planned: Orders["planned"],
): Event[] {
  const type = at(UPLIFT_TYPES, at(customers.uplift, i));
  let events = natural;
  draw.campaigns.forEach((campaign, k) => {
    if ((at(draw.member, i) & (1 << k)) === 0) return;
    const treated = (at(draw.treated, i) & (1 << k)) !== 0;
    const factor = campaign.start > goneOn ? GONE_FACTOR : 1;
    const inWindow = (event: Event): boolean =>
      event.day >= campaign.start && event.day < campaign.start + campaign.window;
    const tally = at(at(planned, k), at(customers.uplift, i));
    const chance = type.always * factor + (treated ? type.effect * campaign.effect * factor : 0);
    if (treated) {
      tally.treated++;
      tally.expected += type.effect * campaign.effect * factor;
      if (type.suppress > 0) {
        const kept = events.filter(
          (event) =>
            !inWindow(event) || event.day === customers.joined[i] || event.churn > 0 || !random.chance(type.suppress),
        );
        tally.suppressed += events.length - kept.length;
        events = kept;
      }
      for (const event of events)
        if (inWindow(event) && event.campaign === 0 && random.chance(0.3)) event.campaign = k + 1;
    }
    if (chance > 0 && random.chance(chance)) {
      const day = campaign.start + 1 + Math.floor((campaign.window - 1) * random.beta(1.2, 2.5));
      if (day < DAYS) {
        events.push({ day, campaign: treated ? k + 1 : 0, churn: 0, caused: true });
        if (treated && type.effect > 0) tally.realised++;
      }
    }
  });
  return events.sort((a, b) => a.day - b.day);
}

export const webOrdersByMonth = (orders: Orders): Int32Array => {
  const counts = new Int32Array(36);
  for (let i = 0; i < orders.count; i++)
    if (orders.channel[i] === CHANNEL.web) counts[at(monthOf, at(orders.day, i))]!++;
  return counts;
};
