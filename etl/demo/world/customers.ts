import { at, present } from "../../../engine/lookup.ts";
import { CITIES, territoryOf } from "./geography.ts";
import { DAYS } from "./calendar.ts";
import { MAIL_PROVIDERS, NAMES, spelled, COMPANY_KINDS, COMPANY_WORDS, LEGAL_FORMS } from "./names.ts";
import { PURCHASES } from "./parameters.ts";
import { Random, Weighted } from "./random.ts";

/** People as they are, one index a person; what the systems know of them is written elsewhere, with its errors. */
export interface Customers {
  readonly count: number;
  readonly business: Uint8Array;
  readonly city: Uint8Array;
  readonly female: Uint8Array;
  readonly birthYear: Int16Array;
  readonly first: string[];
  readonly last: string[];
  readonly company: string[];
  readonly industry: Uint8Array;
  readonly email: string[];
  /** national number without the leading zero; empty where there is none */
  readonly phone: string[];
  readonly street: string[];
  readonly postcode: string[];
  /** day of the first order, or of the registration where `prospect` */
  readonly joined: Int16Array;
  readonly prospect: Uint8Array;
  /** purchases per week while alive, and the chance to stop after each repeat purchase */
  readonly rate: Float64Array;
  readonly dropout: Float64Array;
  /** 0 web, 1 store, 2 both, 3 business */
  readonly style: Uint8Array;
  readonly department: Uint8Array;
  readonly basket: Float64Array;
  /** 0..1: how much he waits for discounts */
  readonly bargain: Float64Array;
  /** index into UPLIFT_TYPES */
  readonly uplift: Uint8Array;
  /** bits: e-mail 1, sms 2, phone 4, mail 8, social 16 */
  readonly consent: Uint8Array;
  readonly doNotContact: Uint8Array;
  readonly territory: Uint8Array;
  readonly inErp: Uint8Array;
  readonly account: Uint8Array;
  readonly acquiredThrough: Uint8Array;
}

/**
 * 35 % come early, as if the records began then, fewer week by week; the others come evenly, a little more each year.
 */
function joinedOn(random: Random): number {
  if (random.chance(0.35)) return Math.min(DAYS - 1, Math.floor(130 * random.exponential()));
  const x = random.next();
  return Math.min(DAYS - 1, Math.floor(DAYS * (0.85 * x + 0.15 * Math.sqrt(x))));
}

/**
 * Young people who wait for discounts can be persuaded; older ones who have been asked too often are better left in
 * peace.
 */
function upliftType(random: Random, age: number, bargain: number, web: boolean): number {
  const persuadable = 0.1 + 0.35 * bargain + (age < 40 ? 0.08 : 0) + (web ? 0.04 : 0);
  const sure = 0.12 + (age > 50 ? 0.06 : 0);
  const dog = age > 60 ? 0.2 : 0.05;
  const x = random.next();
  if (x < persuadable) return 0;
  if (x < persuadable + sure) return 1;
  return x < 1 - dog ? 2 : 3;
}

/** How a customer buys: 0 on the web, 1 in shops, 2 both ways, 3 as a business; `taste` is drawn between 0 and 1. */
function styleOf(business: boolean, taste: number): number {
  if (business) return 3;
  if (taste < 0.48) return 0;
  return taste < 0.82 ? 1 : 2;
}
/** Chances of an account in the shop, by style. */
const ACCOUNT_CHANCES = [0.78, 0.1, 0.78, 0.45] as const;

export function makeCustomers(seed: number, count: number): Customers {
  const random = new Random(seed, "customers");
  const cities = new Weighted(CITIES.map((city) => city.weight));
  const c: Customers = {
    count,
    business: new Uint8Array(count),
    city: new Uint8Array(count),
    female: new Uint8Array(count),
    birthYear: new Int16Array(count),
    first: new Array<string>(count),
    last: new Array<string>(count),
    company: new Array<string>(count),
    industry: new Uint8Array(count),
    email: new Array<string>(count),
    phone: new Array<string>(count),
    street: new Array<string>(count),
    postcode: new Array<string>(count),
    joined: new Int16Array(count),
    prospect: new Uint8Array(count),
    rate: new Float64Array(count),
    dropout: new Float64Array(count),
    style: new Uint8Array(count),
    department: new Uint8Array(count),
    basket: new Float64Array(count),
    bargain: new Float64Array(count),
    uplift: new Uint8Array(count),
    consent: new Uint8Array(count),
    doNotContact: new Uint8Array(count),
    territory: new Uint8Array(count),
    inErp: new Uint8Array(count),
    account: new Uint8Array(count),
    acquiredThrough: new Uint8Array(count),
  };
  const acquired = new Weighted([30, 24, 12, 10, 14, 10]);
  for (let i = 0; i < count; i++) {
    const business = random.chance(0.12);
    const city = cities.draw(random);
    const place = at(CITIES, city);
    const names = NAMES[place.language];
    const female = random.chance(0.54);
    const age = Math.min(88, Math.max(18, Math.round(19 + 50 * random.beta(1.7, 2.3))));
    // The partner of the one before: same address and name; sometimes they share a phone or a mailbox, which no key can
    // tell apart.
    const partner = i > 0 && !business && c.business[i - 1] === 0 && random.chance(0.03);
    const first = random.pick(female ? names.female : names.male);
    const last = partner ? at(c.last, i - 1) : random.pick(names.last);
    c.business[i] = business ? 1 : 0;
    c.city[i] = partner ? at(c.city, i - 1) : city;
    c.female[i] = female ? 1 : 0;
    c.birthYear[i] = 2025 - age;
    c.first[i] = first;
    c.last[i] = last;
    const industry = random.int(COMPANY_KINDS.length);
    c.industry[i] = industry;
    c.company[i] = business
      ? `${random.pick(COMPANY_WORDS)}${at(COMPANY_KINDS, industry)} ${last} ${present(LEGAL_FORMS[place.code])}`
      : "";
    const local = `${spelled(first)}.${spelled(last)}`.toLowerCase();
    const domain = business
      ? `${spelled(at(at(c.company, i).split(" "), 0)).toLowerCase()}-${spelled(last).toLowerCase()}.example`
      : random.pick(MAIL_PROVIDERS);
    c.email[i] = partner && random.chance(0.12) ? at(c.email, i - 1) : `${local}${i + 10}@${domain}`;
    c.phone[i] =
      partner && random.chance(0.25)
        ? at(c.phone, i - 1)
        : `${random.chance(0.75) ? "17" : "30"}${String(1_000_000 + ((i * 7919 + 104_729) % 9_000_000))}`;
    c.street[i] = partner ? at(c.street, i - 1) : `${random.pick(names.streets)} ${random.between(1, 140)}`;
    c.postcode[i] = partner
      ? at(c.postcode, i - 1)
      : String(10_000 + ((city * 977 + random.int(400)) % 89_999)).slice(
          0,
          place.code === "AT" || place.code === "CH" || place.code === "BE" || place.code === "DK" ? 4 : 5,
        );
    c.prospect[i] = random.chance(0.05) ? 1 : 0;
    c.joined[i] = joinedOn(random);
    c.rate[i] = random.gamma(PURCHASES.r) / PURCHASES.alpha;
    c.dropout[i] = random.beta(PURCHASES.a, PURCHASES.b);
    const style = styleOf(business, random.next());
    c.style[i] = style;
    c.department[i] = random.int(6);
    c.basket[i] = random.gamma(4) / 4;
    c.bargain[i] = random.beta(1.4, 3.2);
    c.uplift[i] = upliftType(random, age, at(c.bargain, i), style !== 1);
    let consent = 0;
    if (random.chance(0.78)) consent |= 1;
    if (random.chance(0.42)) consent |= 2;
    if (random.chance(business ? 0.7 : 0.25)) consent |= 4;
    if (random.chance(0.7)) consent |= 8;
    if (random.chance(0.6)) consent |= 16;
    c.consent[i] = consent;
    c.doNotContact[i] = random.chance(0.015) ? 1 : 0;
    c.territory[i] = territoryOf(at(CITIES, at(c.city, i)));
    // Who buys in the shops has a card or pays in cash without a name; who buys on the web has an account, is known to
    // the ERP, or orders as a guest.
    c.inErp[i] = business || style !== 0 || random.chance(0.55) ? 1 : 0;
    c.account[i] = random.chance(at(ACCOUNT_CHANCES, style)) ? 1 : 0;
    if (c.inErp[i] === 0 && c.prospect[i] === 1) c.account[i] = 1;
    c.acquiredThrough[i] = acquired.draw(random);
  }
  return c;
}
export const ACQUIRED_THROUGH = ["store", "search", "social", "referral", "mailing", "field sales"] as const;
