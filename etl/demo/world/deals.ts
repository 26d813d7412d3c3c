import { at } from "../../../engine/lookup.ts";
import { DEPARTMENTS } from "./catalogue.ts";
import { DAYS, firstOfMonth, monthOf } from "./calendar.ts";
import { CHANNEL } from "./parameters.ts";
import { Random } from "./random.ts";
import { net, type Lines } from "./lines.ts";
import type { Customers } from "./customers.ts";
import type { CustomerVersion } from "./history.ts";
import type { Orders } from "./orders.ts";
import type { Salesperson } from "./people.ts";

export const STAGES = ["Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost"] as const;
export const STAGE_ODDS = [0.1, 0.25, 0.5, 0.75, 1, 0] as const;
export const LOST_REASONS = ["price", "competitor", "no budget", "no decision", "product missing"] as const;

export interface Deal {
  readonly id: number;
  readonly customer: number;
  readonly salesperson: number;
  readonly department: string;
  /** cents */
  readonly value: number;
  readonly expected: number;
  /** stages in order, each with its first day */
  readonly stages: readonly { readonly stage: number; readonly day: number }[];
  readonly lostReason: number;
  readonly campaign: number;
  readonly quotes: readonly {
    readonly id: number;
    readonly day: number;
    readonly amount: number;
    readonly accepted: boolean;
  }[];
  readonly contract:
    | { readonly id: number; readonly day: number; readonly amount: number; readonly months: number }
    | undefined;
}
export interface Task {
  readonly id: number;
  readonly salesperson: number;
  readonly customer: number;
  readonly deal: number;
  readonly kind: string;
  readonly created: number;
  readonly due: number;
  readonly done: number;
  readonly minutes: number;
}
export interface Quota {
  readonly salesperson: number;
  readonly month: number;
  readonly amount: number;
}

const TASK_KINDS = ["call", "visit", "follow-up", "quote", "renewal"] as const;

/** Owners of business customers on a day, read from their history. */
export function ownersOf(
  history: readonly CustomerVersion[],
  count: number,
): (customer: number, day: number) => number {
  const first = new Int32Array(count).fill(-1);
  history.forEach((version, k) => {
    if (first[version.customer] === -1) first[version.customer] = k;
  });
  return (customer, day) => {
    let k = at(first, customer);
    if (k < 0) return 0;
    while (history[k + 1]?.customer === customer && at(history, k + 1).from <= day) k++;
    return at(history, k).owner;
  };
}

export function makeDeals(
  seed: number,
  scale: number,
  customers: Customers,
  ownerOn: (customer: number, day: number) => number,
  salespeople: readonly Salesperson[],
): { readonly deals: readonly Deal[]; readonly tasks: readonly Task[] } {
  const random = new Random(seed, "deals");
  const accounts: number[] = [];
  for (let i = 0; i < customers.count; i++) if (customers.business[i] === 1) accounts.push(i);
  const deals: Deal[] = [];
  const tasks: Task[] = [];
  let quoteId = 0;
  let contractId = 0;
  const task = (salesperson: number, customer: number, deal: number, kind: string, created: number): void => {
    const due = created + random.between(1, 21);
    // The later months leave more undone: what is due after the end is still open.
    let done = DAYS;
    if (random.chance(0.9)) done = due + Math.round(3 * random.normal() - 2);
    else if (random.chance(0.5)) done = due + random.between(5, 40);
    tasks.push({
      id: tasks.length + 1,
      salesperson,
      customer,
      deal,
      kind,
      created,
      due,
      done: done < DAYS ? Math.max(created, done) : -1,
      minutes: random.between(10, kind === "visit" ? 180 : 45),
    });
  };
  const wanted = Math.round(9_000 * scale);
  while (deals.length < wanted && accounts.length > 0) {
    const customer = random.pick(accounts);
    const opened = random.int(DAYS);
    if (opened < at(customers.joined, customer) - 60) continue;
    const salesperson = ownerOn(customer, opened);
    if (salesperson === 0) continue;
    const skill = at(salespeople, salesperson - 1).skill;
    const stages = [{ stage: 0, day: opened }];
    let day = opened;
    let lostReason = -1;
    for (let stage = 0; stage < 4; ) {
      day += 2 + Math.floor(random.gamma(2) * at([7, 9, 14, 11], stage));
      const on = random.chance(at([0.78, 0.82, 0.78, 0.8], stage) * (0.85 + 0.15 * skill));
      stage = on ? stage + 1 : 5;
      if (day >= DAYS) break;
      stages.push({ stage, day });
      if (stage === 5) lostReason = random.int(LOST_REASONS.length);
    }
    const id = deals.length + 1;
    const value = Math.round(Math.exp(8.1 + 0.9 * random.normal()) * 100);
    const proposal = stages.find((entry) => entry.stage === 2);
    const last = at(stages, -1);
    const quotes =
      proposal === undefined
        ? []
        : Array.from({ length: 1 + random.geometric(0.7) }, (_, k) => ({
            id: ++quoteId,
            day: Math.min(DAYS - 1, proposal.day + k * random.between(2, 9)),
            amount: Math.round(value * (1.12 - 0.05 * k)),
            accepted: false,
          }));
    if (last.stage === 4 && quotes.length > 0) quotes[quotes.length - 1] = { ...at(quotes, -1), accepted: true };
    const contract =
      last.stage === 4
        ? { id: ++contractId, day: last.day, amount: value, months: random.pick([12, 24, 36]) }
        : undefined;
    deals.push({
      id,
      customer,
      salesperson,
      department: random.pick(DEPARTMENTS).name,
      value,
      expected: opened + random.between(40, 120),
      stages,
      lostReason,
      campaign: random.chance(0.08) ? 1 + Math.min(23, Math.max(0, Math.floor((opened - 62) / 44))) : 0,
      quotes,
      contract,
    });
    for (const entry of stages)
      if (entry.stage < 4)
        for (let k = 0; k < 1 + random.int(2); k++)
          task(salesperson, customer, id, at(TASK_KINDS, entry.stage === 2 ? 3 : random.int(3)), entry.day);
  }
  const routine = Math.round(27_000 * scale);
  for (let k = 0; k < routine && accounts.length > 0; k++) {
    const customer = random.pick(accounts);
    const day = random.int(DAYS);
    const salesperson = ownerOn(customer, day);
    if (salesperson > 0 && day >= at(customers.joined, customer))
      task(salesperson, customer, 0, random.pick(TASK_KINDS), day);
  }
  return { deals, tasks };
}

/** A quota follows what the seller's accounts brought in the months before, and asks for a little more. */
export function makeQuotas(
  seed: number,
  orders: Orders,
  lines: Lines,
  ownerOn: (customer: number, day: number) => number,
  salespeople: readonly Salesperson[],
): readonly Quota[] {
  const random = new Random(seed, "quotas");
  const sold = salespeople.map(() => new Float64Array(36));
  for (let o = 0; o < orders.count; o++) {
    if (orders.channel[o] !== CHANNEL.business) continue;
    const owner = ownerOn(at(orders.customer, o), at(orders.day, o));
    if (owner === 0) continue;
    const own = at(sold, owner - 1);
    const month = at(monthOf, at(orders.day, o));
    for (let line = at(lines.start, o); line < at(lines.start, o + 1); line++)
      own[month] = at(own, month) + net(lines, line);
  }
  return salespeople
    .filter((person) => !person.leads)
    .flatMap((person) =>
      firstOfMonth.map((_, month) => {
        const own = at(sold, person.id - 1);
        const near = (at(own, Math.max(0, month - 1)) + at(own, month) + at(own, Math.min(35, month + 1))) / 3;
        return {
          salesperson: person.id,
          month,
          amount: Math.max(100_000, Math.round((near * (0.95 + 0.25 * random.next())) / 10_000) * 10_000),
        };
      }),
    );
}
