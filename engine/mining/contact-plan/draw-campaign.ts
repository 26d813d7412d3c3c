/** From a plan to its draw: who is worth contacting and how, then who of them is in the control group. */
import { at, present } from "../../lookup.ts";
import type { Engine } from "../../query/answer/engine.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { f64, i32 } from "../numeric/vector.ts";
import { seeded } from "../random.ts";
import { readAudience, type Audience } from "./audience.ts";
import type { CampaignDraw, DrawnMember } from "./campaign-draw.ts";
import { checkPlan, floorsOfPlan, type CampaignPlan } from "./campaign-plan.ts";
import { drawSummary } from "./draw-summary.ts";
import { holdOut } from "./hold-out.ts";
import { planContacts } from "./plan-contacts.ts";
import type { ContactProblem } from "./problem.ts";

export type { CampaignDraw, CampaignSummary, DrawnMember, OptionSummary, Scarce } from "./campaign-draw.ts";

/**
 * Draws a campaign. Limits apply to the treated: the choice is made with as much more room as the control group will
 * leave unused, then the control group is taken from each option, so that both groups differ by chance alone. The same
 * plan, seed and data give the same draw.
 * @throws TesseraError `mining-invalid` for an invalid plan, or where no plan keeps all limits
 */
export async function drawCampaign(
  engine: Engine,
  plan: CampaignPlan,
  options: RunOptions = {},
): Promise<CampaignDraw> {
  checkPlan(plan);
  const audience = await readAudience(engine, plan, options);
  const channels = [...new Set(plan.options.map((o) => o.channel))];
  const problem = problemOf(plan, audience, channels);
  const found = await planContacts(problem);
  const held = holdOut(
    found.option,
    Array.from(found.customer, (i) => at(audience.stratum, i)),
    plan.holdOut,
    seeded(plan.seed ?? 1),
  );
  const members = Array.from(found.customer, (i, k): DrawnMember => {
    const option = i32(found.option, k);
    const { channel, offer, cost } = at(plan.options, option);
    return {
      member: at(audience.keys, i),
      channel,
      offer: offer ?? null,
      treated: held[k] === 0,
      stratum: at(audience.stratum, i),
      expected: f64(at(problem.options, option).value, i),
      cost: held[k] === 0 ? cost : 0,
    };
  });
  return { members, summary: drawSummary(plan, audience, found, members, channels) };
}

/** The plan as an optimisation, with room for the control group. */
function problemOf(plan: CampaignPlan, audience: Audience, channels: readonly string[]): ContactProblem {
  const treatedShare = 1 - plan.holdOut;
  const floors = floorsOfPlan(plan);
  return {
    customers: audience.keys.length,
    budget: (plan.budget ?? Number.POSITIVE_INFINITY) / treatedShare,
    capacity: channels.map((c) => {
      const room = plan.capacity?.[c];
      return room === undefined ? Number.POSITIVE_INFINITY : Math.floor(room / treatedShare);
    }),
    options: plan.options.map(({ channel, cost, times = 1 }, j) => ({
      channel: channels.indexOf(channel),
      cost,
      value: Float64Array.from(at(audience.eligible, j), (eligible, i) =>
        eligible ? f64(audience.effect, i) * times * f64(audience.worth, i) - cost : Number.NaN,
      ),
    })),
    ...(plan.floors && {
      segment: Int32Array.from(present(audience.floor, "floor"), (f) => floors.findIndex(({ name }) => name === f)),
      floors: floors.map(({ least }) => Math.ceil((least + plan.options.length) / treatedShare)),
    }),
  };
}
