import { at } from "../../../engine/lookup.ts";
import { CITIES } from "./geography.ts";
import { DAYS } from "./calendar.ts";
import { Random } from "./random.ts";
import { net, type Lines } from "./lines.ts";
import type { Customers } from "./customers.ts";
import type { Orders } from "./orders.ts";
import type { Salesperson } from "./people.ts";

/** What the ERP knew of a customer since a day: the state after each change. */
export interface CustomerVersion {
  readonly customer: number;
  readonly from: number;
  readonly city: number;
  /** index into TIERS */
  readonly tier: number;
  /** index into STATUSES */
  readonly status: number;
  /** salesperson id, 0 for none */
  readonly owner: number;
}

/** What a year's purchases must reach for each tier above the lowest, in cents. */
const TIER_FLOORS = [35_000, 100_000, 250_000] as const;
const tierOf = (cents: number): number => TIER_FLOORS.filter((floor) => cents >= floor).length;
const LAPSED_AFTER = 270;

/**
 * Tiers follow each half-year's look at the last twelve months; customers lapse, come back, move house and change
 * owners.
 */
export function makeHistory(
  seed: number,
  customers: Customers,
  orders: Orders,
  lines: Lines,
  salespeople: readonly Salesperson[],
): readonly CustomerVersion[] {
  const random = new Random(seed, "history");
  const sameCountry = CITIES.map((city) => CITIES.flatMap((other, i) => (other.country === city.country ? [i] : [])));
  const field = salespeople.filter((person) => person.managerId > 0 && person.territory >= 0 && !person.leads);
  const versions: CustomerVersion[] = [];
  let o = 0;
  for (let i = 0; i < customers.count; i++) {
    const days: number[] = [];
    const cents: number[] = [];
    for (; o < orders.count && orders.customer[o] === i; o++) {
      let total = 0;
      for (let line = at(lines.start, o); line < at(lines.start, o + 1); line++) total += net(lines, line);
      days.push(at(orders.day, o));
      cents.push(total);
    }
    if (customers.inErp[i] === 0) continue;
    const own = field.filter((person) => person.territory === customers.territory[i]);
    const owner = customers.business[i] === 1 && own.length > 0 ? random.pick(own).id : 0;
    const joined = at(customers.joined, i);
    // [day, what] of everything that changes him
    const changes: [number, "tier" | "status" | "city" | "owner", number][] = [];
    for (const [review, label] of [
      [181, 0],
      [365, 0],
      [546, 0],
      [730, 0],
      [912, 0],
    ] as const) {
      if (review <= joined) continue;
      let spent = label;
      for (let k = 0; k < days.length; k++)
        if (at(days, k) < review && at(days, k) >= review - 365) spent += at(cents, k);
      changes.push([review, "tier", tierOf(spent)]);
    }
    for (let k = 0; k < days.length; k++) {
      changes.push([at(days, k), "status", 1]);
      const next = days[k + 1] ?? DAYS;
      if (at(days, k) + LAPSED_AFTER < next) changes.push([at(days, k) + LAPSED_AFTER, "status", 2]);
    }
    if (random.chance(0.09))
      changes.push([
        joined + random.int(Math.max(1, DAYS - joined)),
        "city",
        random.pick(at(sameCountry, at(customers.city, i))),
      ]);
    if (owner > 0 && random.chance(0.25))
      changes.push([joined + random.int(Math.max(1, DAYS - joined)), "owner", random.pick(own).id]);
    if (random.chance(0.006)) changes.push([Math.min(DAYS - 1, (days.at(-1) ?? joined) + 30), "status", 3]);
    changes.sort((a, b) => a[0] - b[0]);
    let now: CustomerVersion = {
      customer: i,
      from: joined,
      city: at(customers.city, i),
      tier: 0,
      status: days.length > 0 ? 1 : 0,
      owner,
    };
    for (const [day, what, value] of changes) {
      if (now[what] === value || day >= DAYS || (what === "status" && now.status === 3)) continue;
      if (day > now.from) {
        versions.push(now);
        now = { ...now, from: day, [what]: value };
      } else now = { ...now, [what]: value };
    }
    versions.push(now);
  }
  return versions;
}
