import { at } from "../../../engine/lookup.ts";
import { isoDay, isoTime } from "../world/calendar.ts";
import { firstOfMonth } from "../world/calendar.ts";
import { LOST_REASONS, STAGES } from "../world/deals.ts";
import { RESPONSE_KINDS } from "../world/touches.ts";
import { TERRITORIES } from "../world/geography.ts";
import { contactOf, erpNo, orderNo, type Keys } from "./keys.ts";
import type { BrokenRows } from "./broken.ts";
import type { SqliteWriter } from "./sqlite-writer.ts";
import type { World } from "../world/simulate.ts";

const FEEDBACK = [null, "negative", "neutral", "positive"] as const;

/** The field sales force with its quotas, deals and tasks; answers to campaigns; the programme's books. */
export function writeErpField(writer: SqliteWriter, world: World, keys: Keys, broken: BrokenRows): void {
  const people = writer.table("salespeople", {
    salesperson_id: "integer",
    name: "text",
    team: "text",
    region: "text",
    country: "text",
    manager_id: "integer",
    hired_on: "text",
    active: "integer",
  });
  for (const person of world.salespeople) {
    const territory = TERRITORIES[person.territory];
    people.add(
      person.id,
      person.name,
      person.team,
      territory?.name ?? "All",
      territory?.country ?? "Germany",
      person.managerId,
      person.hiredOn,
      person.active ? 1 : 0,
    );
  }
  const quotas = writer.table("quotas", { salesperson_id: "integer", month: "text", amount: "decimal(12,2)" });
  for (const quota of world.quotas)
    quotas.add(quota.salesperson, isoDay(at(firstOfMonth, quota.month)), quota.amount / 100);

  const deals = writer.table("opportunities", {
    opportunity_no: "integer",
    customer_no: "text",
    salesperson_id: "integer",
    title: "text",
    department: "text",
    value: "decimal(12,2)",
    stage: "text",
    opened_on: "text",
    expected_on: "text",
    closed_on: "text",
    lost_reason: "text",
    campaign_code: "text",
    updated_at: "text",
  });
  const stages = writer.table("opportunity_stages", {
    opportunity_no: "integer",
    stage_no: "integer",
    stage: "text",
    entered_on: "text",
  });
  const quotes = writer.table("quotes", {
    quote_no: "integer",
    opportunity_no: "integer",
    quoted_on: "text",
    amount: "decimal(12,2)",
    accepted: "integer",
  });
  const contracts = writer.table("contracts", {
    contract_no: "integer",
    opportunity_no: "integer",
    signed_on: "text",
    amount: "decimal(12,2)",
    months: "integer",
  });
  for (const deal of world.deals) {
    const last = at(deal.stages, -1);
    const closed = last.stage >= 4;
    deals.add(
      deal.id,
      erpNo(at(keys.erp, deal.customer)),
      deal.salesperson,
      `${deal.department} for ${at(world.customers.company, deal.customer)}`,
      deal.department,
      deal.value / 100,
      at(STAGES, last.stage),
      isoDay(at(deal.stages, 0).day),
      isoDay(deal.expected),
      closed ? isoDay(last.day) : null,
      deal.lostReason < 0 ? null : at(LOST_REASONS, deal.lostReason),
      deal.campaign === 0 ? null : at(world.draw.campaigns, deal.campaign - 1).code,
      `${isoDay(last.day)} 18:00:00`,
    );
    deal.stages.forEach((entry, k) => stages.add(deal.id, k + 1, at(STAGES, entry.stage), isoDay(entry.day)));
    for (const quote of deal.quotes)
      quotes.add(quote.id, deal.id, isoDay(quote.day), quote.amount / 100, quote.accepted ? 1 : 0);
    if (deal.contract !== undefined)
      contracts.add(
        deal.contract.id,
        deal.id,
        isoDay(deal.contract.day),
        deal.contract.amount / 100,
        deal.contract.months,
      );
  }
  const tasks = writer.table("tasks", {
    task_no: "integer",
    salesperson_id: "integer",
    customer_no: "text",
    opportunity_no: "integer",
    kind: "text",
    created_on: "text",
    due_on: "text",
    done_on: "text",
    minutes: "integer",
  });
  for (const task of world.tasks) {
    tasks.add(
      task.id,
      task.salesperson,
      erpNo(at(keys.erp, task.customer)),
      task.deal === 0 ? null : task.deal,
      task.kind,
      isoDay(task.created),
      isoDay(task.due),
      task.done < 0 ? null : isoDay(task.done),
      task.done < 0 ? null : task.minutes,
    );
  }
  for (let n = 1; n <= Math.max(2, Math.round(30 * world.scale)); n++) {
    broken.add("tasks", String(9_000_000 + n), "bad date");
    tasks.add(9_000_000 + n, 6, null, null, "call", "2024-03-01", "soon", null, null);
  }
  const responses = writer.table("campaign_responses", {
    response_no: "integer",
    touch_id: "integer",
    campaign_code: "text",
    contact: "text",
    responded_at: "text",
    kind: "text",
    feedback: "text",
    order_no: "text",
  });
  world.responses.forEach((response, k) => {
    responses.add(
      k + 1,
      at(world.touchNumber, response.touch),
      at(world.draw.campaigns, response.campaign - 1).code,
      contactOf(keys, response.customer),
      isoTime(response.time),
      at(RESPONSE_KINDS, response.kind),
      at(FEEDBACK, response.feedback),
      response.order < 0
        ? null
        : orderNo(at(world.orders.channel, response.order), at(world.orderNumber, response.order)),
    );
  });
  const programme = writer.table("programme_entries", {
    entry_no: "integer",
    month: "text",
    kind: "text",
    item: "text",
    amount: "decimal(12,2)",
  });
  for (const entry of world.programme)
    programme.add(entry.id, isoDay(at(firstOfMonth, entry.month)), entry.kind, entry.item, entry.amount / 100);
  for (const table of [people, quotas, deals, stages, quotes, contracts, tasks, responses, programme]) table.done();
}
