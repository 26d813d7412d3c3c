/** From a plan to its draw: who is worth contacting and how, then, among those alone, who is held out at random. */
import type { Engine } from "../../query/answer/engine.ts";
import type { Value } from "../../model/query.ts";
import { seeded } from "../random.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { readAudience } from "./audience.ts";
import { checkPlan, type CampaignPlan } from "./campaign-plan.ts";
import { holdOut } from "./hold-out.ts";
import { planContacts } from "./plan-contacts.ts";
import type { ContactProblem } from "./problem.ts";
import { at } from "../../lookup.ts";
import { f64, i32, num } from "../numeric/index.ts";

export interface DrawnMember {
  readonly member: Value;
  readonly channel: string;
  readonly offer: string | null;
  readonly treated: boolean;
  readonly stratum: string;
  /** what contacting is expected to earn after its cost; the held out have it too, for what it would have been */
  readonly expected: number;
  /** 0 for the held out */
  readonly cost: number;
}

export interface OptionSummary {
  readonly channel: string;
  readonly offer: string | null;
  readonly eligible: number;
  readonly treated: number;
  readonly heldOut: number;
  readonly cost: number;
  readonly expected: number;
}
export interface Scarce {
  readonly what: "budget" | "channel" | "floor";
  readonly name: string;
  readonly limit: number;
  readonly used: number /** money that one unit more would bring (a floor: that one less would save) */;
  readonly price: number;
}

export interface CampaignSummary {
  readonly audience: number;
  /** may be contacted by at least one option */
  readonly reachable: number;
  /** left out because effect or worth is unknown */
  readonly unknown: number;
  readonly treated: number;
  readonly heldOut: number;
  /** of the treated */
  readonly cost: number;
  readonly expected: number;
  /** how much more another plan could be expected to earn at most */
  readonly gap: number;
  readonly method: "exact" | "prices";
  readonly options: readonly OptionSummary[];
  readonly scarce: readonly Scarce[];
}

export interface CampaignDraw {
  readonly summary: CampaignSummary;
  readonly members: readonly DrawnMember[];
}

/**
 * Limits are for those who are contacted: the choice is made with as much more room as the hold-out leaves unused, then the hold-out is taken from each
 * option, so that treated and held out differ by chance alone. The same plan, seed and data give the same draw.
 * @throws TesseraError `mining-invalid` for a plan that nothing fits
 */
export async function drawCampaign(
  engine: Engine,
  plan: CampaignPlan,
  options: RunOptions = {},
): Promise<CampaignDraw> {
  checkPlan(plan);
  const audience = await readAudience(engine, plan, options);
  const n = audience.keys.length;
  const channels = [...new Set(plan.options.map((o) => o.channel))];
  const floors = plan.floors ? Object.keys(plan.floors.least) : [];
  const treatedShare = 1 - plan.holdOut;
  const problem: ContactProblem = {
    customers: n,
    budget: plan.budget === undefined ? Number.POSITIVE_INFINITY : plan.budget / treatedShare,
    capacity: channels.map((c) =>
      plan.capacity?.[c] === undefined ? Number.POSITIVE_INFINITY : Math.floor(plan.capacity[c] / treatedShare),
    ),
    options: plan.options.map((o, j) => ({
      channel: channels.indexOf(o.channel),
      cost: o.cost,
      value: Float64Array.from({ length: n }, (_, i) =>
        at(audience.eligible, j)[i]
          ? f64(audience.effect, i) * (o.times ?? 1) * f64(audience.worth, i) - o.cost
          : Number.NaN,
      ),
    })),
    ...(plan.floors && {
      segment: Int32Array.from(audience.floor!, (f) => (f === null ? -1 : floors.indexOf(f))),
      floors: floors.map((f) => Math.ceil((plan.floors!.least[f]! + plan.options.length) / treatedShare)),
    }),
  };
  const found = await planContacts(problem);
  const held = holdOut(
    found.option,
    Array.from(found.customer, (i) => at(audience.stratum, i)),
    plan.holdOut,
    seeded(plan.seed ?? 1),
  );
  const members = Array.from(found.customer, (i, k): DrawnMember => {
    const o = at(plan.options, i32(found.option, k));
    return {
      member: at(audience.keys, i),
      channel: o.channel,
      offer: o.offer ?? null,
      treated: held[k] === 0,
      stratum: at(audience.stratum, i),
      expected: f64(at(problem.options, i32(found.option, k)).value, i),
      cost: held[k] === 0 ? o.cost : 0,
    };
  });
  const treated = members.filter((m) => m.treated);
  const sum = (of: readonly DrawnMember[], by: (m: DrawnMember) => number): number => of.reduce((a, m) => a + by(m), 0);
  const perOption = plan.options.map((o, j): OptionSummary => {
    const own = members.filter((_, k) => found.option[k] === j),
      sent = own.filter((m) => m.treated);
    return {
      channel: o.channel,
      offer: o.offer ?? null,
      eligible: at(audience.eligible, j).reduce((a, b) => a + b, 0),
      treated: sent.length,
      heldOut: own.length - sent.length,
      cost: sum(sent, (m) => m.cost),
      expected: sum(sent, (m) => m.expected),
    };
  });
  const cost = sum(treated, (m) => m.cost);
  const inFloor = floors.map(
    (f) => members.filter((m, k) => m.treated && audience.floor![i32(found.customer, k)] === f).length,
  );
  const scarce: Scarce[] = [
    ...(plan.budget === undefined
      ? []
      : [{ what: "budget" as const, name: "budget", limit: plan.budget, used: cost, price: found.prices.budget }]),
    ...channels.flatMap((c, i) =>
      plan.capacity?.[c] === undefined
        ? []
        : [
            {
              what: "channel" as const,
              name: c,
              limit: plan.capacity[c],
              used: treated.filter((m) => m.channel === c).length,
              price: num(found.prices.capacity, i),
            },
          ],
    ),
    ...floors.map((f, s) => ({
      what: "floor" as const,
      name: f,
      limit: plan.floors!.least[f]!,
      used: num(inFloor, s),
      price: num(found.prices.floors, s),
    })),
  ];
  let reachable = 0,
    unknown = 0;
  for (let i = 0; i < n; i++) {
    if (audience.eligible.some((e) => e[i])) reachable++;
    if (Number.isNaN(f64(audience.effect, i) * f64(audience.worth, i))) unknown++;
  }
  return {
    members,
    summary: {
      audience: n,
      reachable,
      unknown,
      treated: treated.length,
      heldOut: members.length - treated.length,
      cost,
      expected: sum(treated, (m) => m.expected),
      gap: found.gap,
      method: found.method,
      options: perOption,
      scarce,
    },
  };
}
