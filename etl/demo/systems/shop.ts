import { at } from "../../../engine/lookup.ts";
import { join } from "node:path";
import { CHANNEL, CHANNEL_CODES, PAYMENTS } from "../world/parameters.ts";
import { CITIES } from "../world/geography.ts";
import { DAYS, isoDay, isoTime, monthOf } from "../world/calendar.ts";
import { orderByTime } from "../world/grow.ts";
import { Random } from "../world/random.ts";
import { net } from "../world/lines.ts";
import { Drops, small } from "./drops.ts";
import { dirtyEmail, dirtyPhone, writeDown, type Written } from "./dirt.ts";
import { erpNo, orderNo, shopId, type Keys } from "./keys.ts";
import type { BrokenRows } from "./broken.ts";
import type { World } from "../world/simulate.ts";

/** The shop's clock is UTC; the company's is that of Berlin. */
const summer = Uint8Array.from({ length: DAYS }, (_, day) => {
  const lastSunday = (month: number): string => {
    const end = new Date(Date.UTC(Number(isoDay(day).slice(0, 4)), month + 1, 0));
    return new Date(end.getTime() - end.getUTCDay() * 86_400_000).toISOString().slice(0, 10);
  };
  return isoDay(day) >= lastSunday(2) && isoDay(day) < lastSunday(9) ? 1 : 0;
});
/** Seconds of Berlin's clock as UTC with a Z. In the night of a change of clocks it may be an hour off. */
export const utc = (seconds: number): string => {
  const day = Math.min(DAYS - 1, Math.floor(seconds / 86_400));
  return `${isoTime(seconds - 3_600 * (1 + at(summer, day))).replace(" ", "T")}Z`;
};

const orNull = (value: string): string | null => (value === "" ? null : value);
/** Web orders and accounts as NDJSON. */
export function writeShopOrders(
  folder: string,
  world: World,
  keys: Keys,
  broken: BrokenRows,
  onRows: (rows: number) => void,
): void {
  const { customers, orders, lines, draw } = world;
  const random = new Random(world.seed, "shop orders");
  const drops = new Drops(join(folder, "orders"), ".ndjson", small(world));
  const known = new Map<number, Written>();
  const written = (i: number): Written => {
    const city = at(CITIES, at(customers.city, i));
    let found = known.get(i);
    if (found === undefined) {
      found = writeDown(random, {
        first: at(customers.first, i),
        last: at(customers.last, i),
        email: at(customers.email, i),
        phone: at(customers.phone, i),
        street: at(customers.street, i),
        postcode: at(customers.postcode, i),
        city,
      });
      known.set(i, found);
    }
    // Who orders as a guest types it all again, and an order without an address for the receipt is not taken.
    return {
      ...found,
      email: dirtyEmail(random, at(customers.email, i)) || at(customers.email, i),
      phone: random.chance(0.5) ? dirtyPhone(random, at(customers.phone, i), city) : found.phone,
    };
  };
  const faults = Math.max(4, Math.round(40 * world.scale));
  const every = Math.max(1, Math.floor(orders.count / faults));
  let rows = 0;
  let fault = 0;
  for (const o of world.orderSequence) {
    rows++;
    if (rows % 20_000 === 0) onRows(rows);
    if (orders.channel[o] !== CHANNEL.web) continue;
    const i = at(orders.customer, o);
    const out = drops.at(at(orders.day, o));
    const who = written(i);
    let total = 0;
    for (let line = at(lines.start, o); line < at(lines.start, o + 1); line++) total += net(lines, line);
    const no = orderNo(CHANNEL.web, at(world.orderNumber, o));
    const place = at(CITIES, at(customers.city, i));
    const row = JSON.stringify({
      order_no: no,
      placed_at: utc(at(orders.day, o) * 86_400 + at(orders.second, o)),
      shop_customer_id: orders.guest[o] === 1 ? null : shopId(at(keys.shop, i)),
      email: who.email,
      phone: orNull(who.phone),
      first_name: who.first,
      last_name: who.last,
      street: who.street,
      postcode: orNull(who.postcode),
      city: place.name,
      country_code: place.code,
      source: at(CHANNEL_CODES, at(world.sources, o)),
      campaign_code: orders.coded[o] === 1 ? at(draw.campaigns, at(orders.campaign, o) - 1).code : null,
      payment: at(PAYMENTS, at(orders.payment, o)),
      items: at(lines.start, o + 1) - at(lines.start, o),
      total: total / 100,
      currency: "EUR",
    });
    out.push(row);
    if (fault < faults && rows > fault * every) {
      fault++;
      const wrong = `W9${String(fault).padStart(6, "0")}`;
      if (fault % 4 === 0) {
        out.push(row);
        broken.add("orders", no, "duplicate");
      } else if (fault % 4 === 1) {
        out.push(row.replace(no, wrong).replace(/"placed_at":"[^"]*"/, '"placed_at":"2024-13-01T25:00:00Z"'));
        broken.add("orders", wrong, "bad date");
      } else if (fault % 4 === 2) {
        out.push(row.replace(no, wrong).replace(/"total":[^,]*/, '"total":"12,5O"'));
        broken.add("orders", wrong, "bad number");
      } else {
        out.push(row.replace(no, wrong).slice(0, 120));
        broken.add("orders", wrong, "truncated");
      }
    }
  }
  drops.close();

  const accounts = new Drops(join(folder, "customers"), ".ndjson", true);
  const day = Int16Array.from(customers.joined);
  for (const i of orderByTime(day)) {
    if (keys.shop[i] === 0) continue;
    const city = at(CITIES, at(customers.city, i));
    const registered = at(day, i);
    const who = writeDown(random, {
      first: at(customers.first, i),
      last: at(customers.last, i),
      email: at(customers.email, i),
      phone: at(customers.phone, i),
      street: at(customers.street, i),
      postcode: at(customers.postcode, i),
      city,
    });
    const email = who.email === "" ? at(customers.email, i) : who.email;
    const card = at(keys.erp, i) > 0 && random.chance(0.3) ? erpNo(at(keys.erp, i)) : null;
    const one = (phone: string): string =>
      JSON.stringify({
        shop_customer_id: shopId(at(keys.shop, i)),
        email,
        phone: orNull(phone),
        first_name: who.first,
        last_name: who.last,
        street: who.street,
        postcode: orNull(who.postcode),
        city: city.name,
        region: city.region,
        country: city.country,
        country_code: city.code,
        language: city.language,
        newsletter: (at(customers.consent, i) & 1) === 1,
        loyalty_card: card,
        registered_at: utc(registered * 86_400 + 36_000),
        updated_at: utc(registered * 86_400 + 36_000),
      });
    accounts.at(registered).push(one(who.phone));
    // Some put their telephone number right later in the month.
    if (monthOf[registered] === monthOf[Math.min(DAYS - 1, registered + 3)] && random.chance(0.04)) {
      accounts
        .at(registered)
        .push(
          one(`+${city.prefix}${at(customers.phone, i)}`).replace(
            /"updated_at":"[^"]*"/,
            `"updated_at":"${utc((registered + 3) * 86_400 + 40_000)}"`,
          ),
        );
    }
  }
  accounts.close();
}
