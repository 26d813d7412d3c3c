import { at } from "../../../engine/lookup.ts";
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CHANNEL_CODES, TOPICS } from "../world/parameters.ts";
import { CITIES } from "../world/geography.ts";
import { DAYS } from "../world/calendar.ts";
import { PRIORITIES, PROMISED_HOURS } from "../world/cases.ts";
import { Random } from "../world/random.ts";
import { caseNo, deskId, erpNo, orderNo, type Keys } from "./keys.ts";
import { dirtyEmail, dirtyName, dirtyPhone } from "./dirt.ts";
import { utc } from "./utc.ts";
import type { BrokenRows } from "./broken.ts";
import type { World } from "../world/simulate.ts";

interface Row {
  readonly at: number;
  readonly json: string;
}
const text = JSON.stringify;
const orNull = (value: string): string | null => (value === "" ? null : value);
const END = DAYS * 86_400 - 1;

/** Rows by the time of their last change, which is the order of the service's answers. */
function writeRows(path: string, rows: Row[]): void {
  rows.sort((a, b) => a.at - b.at);
  const file = openSync(path, "w");
  for (let from = 0; from < rows.length; from += 20_000)
    writeSync(
      file,
      rows
        .slice(from, from + 20_000)
        .map((row) => `${row.json}\n`)
        .join(""),
    );
  closeSync(file);
}

const statusOf = (done: boolean, answered: boolean): string => {
  if (done) return "resolved";
  return answered ? "waiting" : "new";
};

/** Data of the service desk's API: contacts, cases, their events, surveys and topics. */
export function writeDesk(folder: string, world: World, keys: Keys, broken: BrokenRows): void {
  mkdirSync(folder, { recursive: true });
  const { customers, cases, agents } = world;
  const random = new Random(world.seed, "desk");
  const contacts: Row[] = [];
  const heads: Row[] = [];
  const events: Row[] = [];
  const surveys: Row[] = [];
  const met = new Set<number>();
  let event = 0;
  const happened = (no: string, kind: string, at: number): void => {
    if (at < END)
      events.push({ at, json: `{"event_id":${++event},"case_id":"${no}","kind":"${kind}","at":"${utc(at)}"}` });
  };
  cases.forEach((entry, k) => {
    const i = entry.customer;
    const no = caseNo(k + 1);
    if (!met.has(i)) {
      met.add(i);
      const city = at(CITIES, at(customers.city, i));
      const number = at(keys.erp, i) > 0 && random.chance(0.4) ? erpNo(at(keys.erp, i)) : null;
      // Callers give a number or an address; few give neither.
      const phone = dirtyPhone(random, at(customers.phone, i), city);
      let email = "";
      if (phone === "") email = at(customers.email, i);
      else if (random.chance(0.85)) email = dirtyEmail(random, at(customers.email, i));
      contacts.push({
        at: entry.opened,
        json: text({
          contact_id: deskId(at(keys.desk, i)),
          name: `${dirtyName(random, at(customers.first, i))} ${dirtyName(random, at(customers.last, i))}`,
          email: orNull(email),
          phone: orNull(phone),
          country_code: city.code,
          city: city.name,
          customer_no: number,
          updated_at: utc(entry.opened),
        }),
      });
    }
    const answered = entry.answered < END;
    const done = entry.resolved > 0;
    const begun = answered ? entry.answered : entry.opened;
    const changed = done ? entry.resolved : begun;
    const agent = at(agents, entry.agent - 1);
    const order =
      entry.order < 0 ? null : orderNo(at(world.orders.channel, entry.order), at(world.orderNumber, entry.order));
    heads.push({
      at: changed,
      json: text({
        case_id: no,
        contact_id: deskId(at(keys.desk, i)),
        order_no: order,
        topic_id: entry.topic,
        channel: at(CHANNEL_CODES, entry.channel),
        priority: at(PRIORITIES, entry.priority),
        agent: agent.name,
        team: agent.team,
        status: statusOf(done, answered),
        opened_at: utc(entry.opened),
        first_answer_at: answered ? utc(entry.answered) : null,
        resolved_at: done ? utc(entry.resolved) : null,
        promised_hours: at(PROMISED_HOURS, entry.priority),
        reopened: entry.reopened,
        messages: entry.messages,
        handling_minutes: entry.minutes,
        cost: entry.cost / 100,
        updated_at: utc(changed),
      }),
    });
    happened(no, "opened", entry.opened);
    happened(no, "answered", entry.answered);
    if (done) {
      if (entry.reopened) happened(no, "reopened", Math.floor((entry.answered + entry.resolved) / 2));
      happened(no, "resolved", entry.resolved);
    }
    if (entry.askedAt > 0) {
      const at = entry.askedAt + 7_200;
      const replied = entry.score > 0 && at < END;
      surveys.push({
        at: replied ? at : entry.askedAt,
        json: text({
          survey_id: surveys.length + 1,
          case_id: no,
          asked_at: utc(entry.askedAt),
          answered_at: replied ? utc(at) : null,
          score: replied ? entry.score : null,
          recommend: replied ? entry.recommend : null,
          updated_at: utc(replied ? at : entry.askedAt),
        }),
      });
    }
  });
  for (let n = 1; n <= Math.max(2, Math.round(25 * world.scale)); n++) {
    const no = `K9${String(n).padStart(5, "0")}`;
    broken.add("cases", no, n % 2 === 0 ? "bad date" : "bad number");
    heads.push({
      at: n * 86_400,
      json: text({
        case_id: no,
        contact_id: "D000001",
        order_no: null,
        topic_id: 1,
        channel: "email",
        priority: "low",
        agent: "Test",
        team: "Orders",
        status: "new",
        opened_at: n % 2 === 0 ? "0000-00-00T00:00:00Z" : utc(n * 86_400),
        first_answer_at: null,
        resolved_at: null,
        promised_hours: 72,
        reopened: false,
        messages: 1,
        handling_minutes: 1,
        cost: n % 2 === 0 ? 1 : "free",
        updated_at: utc(n * 86_400),
      }),
    });
  }
  writeRows(join(folder, "contacts.ndjson"), contacts);
  writeRows(join(folder, "cases.ndjson"), heads);
  writeRows(join(folder, "events.ndjson"), events);
  writeRows(join(folder, "surveys.ndjson"), surveys);
  writeFileSync(
    join(folder, "topics.ndjson"),
    TOPICS.map(
      (topic) => `${text({ topic_id: topic.id, name: topic.name, area: topic.area, complaint: topic.complaint })}\n`,
    ).join(""),
  );
}
