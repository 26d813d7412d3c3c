import { at } from "../../../engine/lookup.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHANNEL, CHANNEL_CODES, CURVES, PAYMENTS } from "../world/parameters.ts";
import { CITIES } from "../world/geography.ts";
import { DAYS, isoDay, isoTime, monthOf } from "../world/calendar.ts";
import { orderByTime } from "../world/grow.ts";
import { Random } from "../world/random.ts";
import { net } from "../world/lines.ts";
import { TOUCH_KINDS } from "../world/touches.ts";
import { dirtyEmail, dirtyPhone, writeDown, type Written } from "./dirt.ts";
import { contactOf, erpNo, orderNo, shopId, type Keys } from "./keys.ts";
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

/** A drop a day, or a month where the world is small. Rows must come by time. */
class Drops {
  private lines: string[] = [];
  private name = "";

  constructor(
    private readonly folder: string,
    private readonly ending: string,
    private readonly monthly: boolean,
    private readonly header = "",
  ) {
    mkdirSync(folder, { recursive: true });
  }
  at(day: number): string[] {
    const name = this.monthly ? isoDay(day).slice(0, 7) : isoDay(day);
    if (name !== this.name) {
      this.close();
      this.name = name;
      if (this.header !== "") this.lines.push(this.header);
    }
    return this.lines;
  }
  close(): void {
    if (this.lines.length > 0)
      writeFileSync(join(this.folder, `${this.name}${this.ending}`), `${this.lines.join("\n")}\n`);
    this.lines = [];
  }
}

const orNull = (value: string): string | null => (value === "" ? null : value);
/** Files at the full size are a day each; a small world would make thousands of nearly empty ones. */
const small = (world: World): boolean => world.scale < 0.25;

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

/** Contacts and visits as CSV. */
export function writeTouchpoints(
  folder: string,
  world: World,
  keys: Keys,
  broken: BrokenRows,
  onRows: (rows: number) => void,
): void {
  const { touches, draw, customers } = world;
  const drops = new Drops(
    join(folder, "touchpoints"),
    ".csv",
    small(world),
    "touch_id,touched_at,contact,channel,campaign,kind,order_no,cost",
  );
  const cost = CHANNEL_CODES.map((_, channel) =>
    ((CURVES.find((curve) => curve.channel === channel)?.contact ?? 0) / 100).toFixed(2),
  );
  const send = Array.from({ length: customers.count }, (_, i) => contactOf(keys, i));
  const visit = Array.from({ length: customers.count }, (_, i) =>
    at(keys.shop, i) > 0 ? shopId(at(keys.shop, i)) : "",
  );
  const faults = Math.max(3, Math.round(200 * world.scale));
  const every = Math.max(1, Math.floor(touches.count / faults));
  for (let n = 0; n < touches.count; n++) {
    const k = at(world.touchSequence, n);
    const time = at(touches.time, k);
    const out = drops.at(Math.floor(time / 86_400));
    const kind = at(touches.kind, k);
    const i = at(touches.customer, k);
    const order = at(touches.order, k);
    const campaign = at(touches.campaign, k);
    const contact = kind === 3 ? visit : send;
    out.push(
      [
        n + 1,
        isoTime(time),
        i < 0 ? "" : at(contact, i),
        at(CHANNEL_CODES, at(touches.channel, k)),
        campaign === 0 ? "" : at(draw.campaigns, campaign - 1).code,
        at(TOUCH_KINDS, kind),
        order < 0 ? "" : orderNo(CHANNEL.web, at(world.orderNumber, order)),
        kind === 0 ? at(cost, at(touches.channel, k)) : "",
      ].join(),
    );
    if (n % every === 0 && n / every < faults) {
      const wrong = 90_000_000 + n / every + 1;
      const kinds = [
        { fault: "bad date", line: `${wrong},yesterday,,web,,visit,,` },
        { fault: "truncated", line: `${wrong},${isoTime(time)},,email` },
        { fault: "bad number", line: `${wrong},${isoTime(time)},,email,C01,send,,0.O1` },
      ] as const;
      const { fault, line } = at(kinds, (n / every) % kinds.length);
      out.push(line);
      broken.add("touchpoints", String(wrong), fault);
    }
    if (n % 50_000 === 0) onRows(n);
  }
  drops.close();
}
