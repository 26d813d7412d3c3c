/** A draw in numbers: options, limits and their prices. */
import { at } from "../../lookup.ts";
import { f64, i32, num } from "../numeric/vector.ts";
import type { Audience } from "./audience.ts";
import type { CampaignSummary, DrawnMember, OptionSummary, Scarce } from "./campaign-draw.ts";
import { floorsOfPlan, type CampaignPlan } from "./campaign-plan.ts";
import type { ContactPlan } from "./problem.ts";

const totalOf = (members: readonly DrawnMember[], by: (m: DrawnMember) => number): number =>
  members.reduce((a, m) => a + by(m), 0);

/** @param members in the order of the plan's pairs; @param channels in the order of their numbers */
export function drawSummary(
  plan: CampaignPlan,
  audience: Audience,
  found: ContactPlan,
  members: readonly DrawnMember[],
  channels: readonly string[],
): CampaignSummary {
  const treated = members.filter((m) => m.treated);
  const rows = [...audience.keys.keys()];
  return {
    audience: rows.length,
    reachable: rows.filter((i) => audience.eligible.some((e) => e[i])).length,
    unknown: rows.filter((i) => Number.isNaN(f64(audience.effect, i) * f64(audience.worth, i))).length,
    treated: treated.length,
    heldOut: members.length - treated.length,
    cost: totalOf(treated, (m) => m.cost),
    expected: totalOf(treated, (m) => m.expected),
    gap: found.gap,
    method: found.method,
    options: plan.options.map(({ channel, offer }, j): OptionSummary => {
      const own = members.filter((_, k) => found.option[k] === j);
      const sent = own.filter((m) => m.treated);
      return {
        channel,
        offer: offer ?? null,
        eligible: at(audience.eligible, j).reduce((a, b) => a + b, 0),
        treated: sent.length,
        heldOut: own.length - sent.length,
        cost: totalOf(sent, (m) => m.cost),
        expected: totalOf(sent, (m) => m.expected),
      };
    }),
    scarce: scarceOf(plan, audience, found, members, channels),
  };
}

/** Every limit, what of it is used, and its price. */
function scarceOf(
  plan: CampaignPlan,
  { floor }: Audience,
  { customer, prices }: ContactPlan,
  members: readonly DrawnMember[],
  channels: readonly string[],
): Scarce[] {
  const treated = members.filter((m) => m.treated);
  const used = totalOf(treated, (m) => m.cost);
  const usedInFloor = (name: string): number =>
    members.filter((m, k) => m.treated && floor !== null && at(floor, i32(customer, k)) === name).length;
  return [
    ...(plan.budget === undefined
      ? []
      : [{ what: "budget" as const, name: "budget", limit: plan.budget, used, price: prices.budget }]),
    ...channels.flatMap((name, c): Scarce[] => {
      const limit = plan.capacity?.[name];
      if (limit === undefined) return [];
      const own = treated.filter((m) => m.channel === name).length;
      return [{ what: "channel", name, limit, used: own, price: num(prices.capacity, c) }];
    }),
    ...floorsOfPlan(plan).map(
      ({ name, least }, s): Scarce => ({
        what: "floor",
        name,
        limit: least,
        used: usedInFloor(name),
        price: num(prices.floors, s),
      }),
    ),
  ];
}
