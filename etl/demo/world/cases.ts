import { at } from "../../../engine/lookup.ts";
import { CHANNEL, TOPICS } from "./parameters.ts";
import { DAYS } from "./calendar.ts";
import { NAMES } from "./names.ts";
import { Random, Weighted } from "./random.ts";
import type { Customers } from "./customers.ts";
import type { Lines } from "./lines.ts";
import type { Orders } from "./orders.ts";

export interface Agent {
  readonly id: number;
  readonly name: string;
  readonly team: string;
  readonly speed: number;
}
export interface Case {
  readonly customer: number;
  /** order index, -1 for none */
  readonly order: number;
  readonly topic: number;
  readonly channel: number;
  readonly priority: number;
  readonly agent: number;
  /** seconds since the first midnight; resolved -1 while open */
  readonly opened: number;
  readonly answered: number;
  readonly resolved: number;
  readonly reopened: boolean;
  readonly messages: number;
  readonly minutes: number;
  /** cents */
  readonly cost: number;
  /** survey: 0 not asked, else asked; score 0 where there was no answer */
  readonly askedAt: number;
  readonly score: number;
  readonly recommend: number;
}
export const PRIORITIES = ["low", "normal", "high"] as const;
export const PROMISED_HOURS = [72, 48, 24] as const;
const END = DAYS * 86_400 - 1;

export function makeAgents(seed: number): readonly Agent[] {
  const random = new Random(seed, "agents");
  return Array.from({ length: 25 }, (_, k) => ({
    id: k + 1,
    name: `${random.pick(random.chance(0.6) ? NAMES.de.female : NAMES.de.male)} ${random.pick(NAMES.de.last)}`,
    team: at(["Orders", "Advice", "Billing"], k % 3),
    speed: 0.7 + 0.7 * random.next(),
  }));
}

/** Index into PRIORITIES: most complaints and many questions are normal ones. */
function priorityOf(random: Random, complaint: boolean): number {
  if (complaint) return random.chance(0.4) ? 2 : 1;
  return random.chance(0.35) ? 0 : 1;
}

/** The topic of a case about a return, by the return's reason. */
function topicOfReturn(random: Random, reason: number): number {
  if (reason === 2) return 3;
  return random.chance(0.7) ? 4 : 5;
}

/** Cases that orders give rise to — late, returned, spoilt for the customer — and questions out of the blue. */
export function makeCases(
  seed: number,
  scale: number,
  customers: Customers,
  orders: Orders,
  lines: Lines,
  agents: readonly Agent[],
): readonly Case[] {
  const random = new Random(seed, "cases");
  const cases: Case[] = [];
  const questions = new Weighted(TOPICS.map((topic) => topic.weight));
  const ways = new Weighted([45, 35, 15, 5]);
  const channels = [CHANNEL.email, CHANNEL.phone, CHANNEL.chat, CHANNEL.social] as const;

  const open = (customer: number, order: number, topic: number, moment: number, bad: boolean): void => {
    const opened = Math.max(8 * 3600, moment);
    if (opened >= END) return;
    const complaint = at(TOPICS, topic - 1).complaint;
    const channel = at(channels, ways.draw(random));
    const agent = random.pick(agents);
    const priority = priorityOf(random, complaint);
    const quick = channel === CHANNEL.phone || channel === CHANNEL.chat;
    const answered =
      opened + Math.max(30, Math.floor((quick ? 240 : 9_000) * random.gamma(1.4) * agent.speed * (bad ? 3 : 1)));
    const hours =
      at(PROMISED_HOURS, priority) * (bad ? 1.3 + random.exponential() : 0.42 * random.gamma(1.6) * agent.speed);
    const resolved = answered + 120 + Math.floor(hours * 3600 * (quick ? 0.55 : 0.85));
    const reopened = random.chance(bad ? 0.4 : 0.06);
    const messages = 2 + random.poisson(complaint ? 2.2 : 0.8) + (reopened ? 2 : 0);
    const minutes = 3 + Math.round(messages * 2.4 * (0.6 + 0.8 * random.next()) * (complaint ? 1.4 : 1));
    const done = resolved < END && !random.chance(0.004);
    const within = resolved - opened <= at(PROMISED_HOURS, priority) * 3600;
    const asked = done && random.chance(0.62) ? resolved + 3_600 + random.int(86_400) : 0;
    const mood =
      4.15 -
      (within ? 0 : 1.15) -
      (bad ? 1.2 : 0) -
      (reopened ? 0.7 : 0) -
      (complaint ? 0.35 : 0) +
      (1 - agent.speed) * 0.5 +
      0.85 * random.normal();
    const score = asked > 0 && asked < END && random.chance(0.46) ? Math.min(5, Math.max(1, Math.round(mood))) : 0;
    cases.push({
      customer,
      order,
      topic,
      channel,
      priority,
      agent: agent.id,
      opened,
      answered,
      resolved: done ? resolved : -1,
      reopened,
      messages,
      minutes,
      cost: 120 + minutes * 72,
      askedAt: asked < END ? asked : 0,
      score,
      recommend: score === 0 ? 0 : Math.min(10, Math.max(0, Math.round(2.1 * mood - 0.4 + 0.9 * random.normal()))),
    });
  };

  for (let o = 0; o < orders.count; o++) {
    const customer = at(orders.customer, o);
    const delivered = at(orders.delivered, o) * 86_400 + 10 * 3600 + random.int(28_800);
    if (orders.churn[o] === 2) open(customer, o, random.chance(0.5) ? 5 : 12, delivered + random.int(5 * 86_400), true);
    else if (orders.churn[o] === 3 && random.chance(0.3)) open(customer, o, 11, delivered + random.int(86_400), false);
    if (orders.late[o] === 1 && random.chance(orders.failed[o] === 1 ? 0.6 : 0.38))
      open(
        customer,
        o,
        random.chance(0.65) ? 2 : 1,
        delivered - random.int(3 * 86_400),
        orders.failed[o] === 1 && random.chance(0.4),
      );
    let back = 0;
    for (let line = at(lines.start, o); line < at(lines.start, o + 1); line++)
      if (at(lines.returned, line) > 0 && lines.returnReason[line] !== 3) back = line + 1;
    if (back > 0 && random.chance(0.3))
      open(
        customer,
        o,
        topicOfReturn(random, at(lines.returnReason, back - 1)),
        delivered + random.int(10 * 86_400),
        false,
      );
    else if (random.chance(0.085))
      open(customer, o, questions.draw(random) + 1, delivered - random.int(2 * 86_400), false);
  }
  for (let n = Math.round(23_000 * scale); n > 0; n--) {
    const customer = random.int(customers.count);
    const opened = random.int(DAYS) * 86_400 + 8 * 3600 + random.int(43_200);
    open(customer, -1, random.pick([6, 6, 7, 10, 9]), Math.max(opened, at(customers.joined, customer) * 86_400), false);
  }
  return cases.sort((a, b) => a.opened - b.opened || a.customer - b.customer);
}
