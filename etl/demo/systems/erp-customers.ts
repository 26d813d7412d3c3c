import { at, present } from "../../../engine/lookup.ts";
import { ACQUIRED_THROUGH } from "../world/customers.ts";
import { CHANNEL_CODES, CHANNEL, STATUSES, TIERS } from "../world/parameters.ts";
import { CITIES } from "../world/geography.ts";
import { COMPANY_KINDS, INDUSTRIES } from "../world/names.ts";
import { DAYS, isoDay, isoTime } from "../world/calendar.ts";
import { Random } from "../world/random.ts";
import { consentBit } from "../world/campaigns.ts";
import { erpNo, type Keys } from "./keys.ts";
import { writeDown } from "./dirt.ts";
import type { BrokenRows } from "./broken.ts";
import type { CustomerVersion } from "../world/customer-versions.ts";
import type { SqliteWriter } from "./sqlite-writer.ts";
import type { World } from "../world/simulate.ts";

const genderOf = (female: number | undefined): string => (female === 1 ? "female" : "male");
const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** The ERP's customers, the log of their changes, consents, and the do-not-contact list. */
export function writeErpCustomers(writer: SqliteWriter, world: World, keys: Keys, broken: BrokenRows): void {
  const { customers, versions } = world;
  const random = new Random(world.seed, "erp customers");
  const master = writer.table("customers", {
    customer_no: "text",
    kind: "text",
    first_name: "text",
    last_name: "text",
    company: "text",
    industry: "text",
    gender: "text",
    birth_date: "text",
    email: "text",
    phone: "text",
    street: "text",
    postcode: "text",
    city: "text",
    region: "text",
    country: "text",
    country_code: "text",
    language: "text",
    tier: "text",
    status: "text",
    owner_id: "integer",
    acquired_through: "text",
    created_on: "text",
    updated_at: "text",
  });
  const log = writer.table("customer_log", {
    log_no: "integer",
    customer_no: "text",
    changed_on: "text",
    city: "text",
    region: "text",
    country: "text",
    tier: "text",
    status: "text",
    owner_id: "integer",
  });
  const consents = writer.table("consents", {
    customer_no: "text",
    channel: "text",
    granted: "integer",
    changed_on: "text",
  });
  const stop = writer.table("do_not_contact", { customer_no: "text", since: "text", reason: "text" });
  let logNo = 0;

  const write = (i: number, no: string, version: CustomerVersion, twin: boolean): void => {
    const place = at(CITIES, version.city);
    const written = writeDown(random, {
      first: at(customers.first, i),
      last: at(customers.last, i),
      email: at(customers.email, i),
      phone: at(customers.phone, i),
      street: at(customers.street, i),
      postcode: at(customers.postcode, i),
      city: at(CITIES, at(customers.city, i)),
    });
    const business = customers.business[i] === 1;
    const changed = Math.max(0, version.from);
    master.add(
      no,
      business ? "business" : "consumer",
      written.first,
      written.last,
      business ? at(customers.company, i) : null,
      business ? present(INDUSTRIES[at(COMPANY_KINDS, at(customers.industry, i))]) : null,
      random.chance(0.04) ? null : genderOf(customers.female[i]),
      random.chance(0.12)
        ? null
        : [at(customers.birthYear, i), twoDigits(1 + random.int(12)), twoDigits(1 + random.int(28))].join("-"),
      written.email === "" ? null : written.email,
      written.phone === "" ? null : written.phone,
      written.street,
      written.postcode,
      place.name,
      place.region,
      place.country,
      place.code,
      place.language,
      at(TIERS, version.tier),
      at(STATUSES, version.status),
      version.owner === 0 ? null : version.owner,
      at(ACQUIRED_THROUGH, at(customers.acquiredThrough, i)),
      isoDay(at(customers.joined, i)),
      isoTime(Math.min(DAYS - 1, changed) * 86_400 + 3_600 + random.int(80_000)),
    );
    if (twin) {
      log.add(
        ++logNo,
        no,
        isoDay(at(customers.joined, i)),
        place.name,
        place.region,
        place.country,
        TIERS[0],
        STATUSES[1],
        null,
      );
      return;
    }
    for (const channel of [CHANNEL.email, CHANNEL.sms, CHANNEL.phone, CHANNEL.mail, CHANNEL.social]) {
      if (!random.chance(0.9)) continue;
      const granted = (at(customers.consent, i) & consentBit(channel)) !== 0;
      if (random.chance(0.05))
        consents.add(no, at(CHANNEL_CODES, channel), granted ? 0 : 1, isoDay(at(customers.joined, i)));
      consents.add(
        no,
        at(CHANNEL_CODES, channel),
        granted ? 1 : 0,
        isoDay(Math.min(DAYS - 1, at(customers.joined, i) + 1 + random.int(20))),
      );
    }
    if (customers.doNotContact[i] === 1)
      stop.add(
        no,
        isoDay(Math.min(DAYS - 1, at(customers.joined, i) + random.int(60))),
        random.pick(["asked by phone", "asked in writing", "preference service"]),
      );
  };

  for (let k = 0; k < versions.length; k++) {
    const version = at(versions, k);
    const i = version.customer;
    const place = at(CITIES, version.city);
    log.add(
      ++logNo,
      erpNo(at(keys.erp, i)),
      isoDay(version.from),
      place.name,
      place.region,
      place.country,
      at(TIERS, version.tier),
      at(STATUSES, version.status),
      version.owner === 0 ? null : version.owner,
    );
    if (versions[k + 1]?.customer === i) continue;
    write(i, erpNo(at(keys.erp, i)), version, false);
    if (at(keys.erpTwin, i) > 0) write(i, erpNo(at(keys.erpTwin, i)), version, true);
  }
  // Wrong rows: numbers without a customer, invalid dates. Nothing refers to them.
  for (let n = 0; n < Math.max(2, Math.round(20 * world.scale)); n++) {
    const no = `X${String(n + 1).padStart(6, "0")}`;
    broken.add("customers", no, "bad date");
    master.add(
      no,
      "consumer",
      "Test",
      "Kunde",
      null,
      null,
      null,
      "1985-13-45",
      `test${n}@mail.example`,
      null,
      null,
      null,
      "Berlin",
      "Berlin",
      "Germany",
      "DE",
      "de",
      "Basic",
      "active",
      null,
      "store",
      "2023-02-30",
      "2024-01-01 00:00:00",
    );
  }
  for (const table of [master, log, consents, stop]) table.done();
}
