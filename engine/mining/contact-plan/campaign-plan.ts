/** A campaign's plan as plain data: audience, channels and offers, limits, and the control group. */
import { TesseraError, didYouMean, phrase, problem, type Problem, type Remedy, type Text } from "../../errors/index.ts";
import type { Filter } from "../../model/filter.ts";

/** A channel with an offer. */
export interface PlannedOption {
  readonly channel: string;
  readonly offer?: string;
  /** cost of a contact, in the project's currency */
  readonly cost: number;
  /** multiplies the effect; 1 by default */
  readonly times?: number;
  /** who may be contacted this way, for example by consent */
  readonly eligible?: readonly Filter[];
}

/** The plan. */
export interface CampaignPlan {
  /** the dimension whose members are contacted */
  readonly over: string;
  /** who may be contacted, as a segment's filters; `{ segment: "lapsed" }` names a stored one */
  readonly audience: readonly Filter[];
  /** members who pass any of these filters are never contacted */
  readonly exclude?: readonly Filter[];
  /**
   * probability that a contact has an effect, and its worth: attributes of the dimension (uplift, margin) or numbers
   */
  readonly value: { readonly effect: string | number; readonly worth: string | number };
  readonly options: readonly PlannedOption[];
  /** money for the contacts at most */
  readonly budget?: number;
  /** contacts at most, by channel */
  readonly capacity?: { readonly [channel: string]: number };
  /** members with `most` contacts or more in the last `days` are left out; `measure` counts contacts */
  readonly contacts?: { readonly measure: string; readonly days: number; readonly most: number };
  /** contacts at least, by the members of an attribute */
  readonly floors?: { readonly by: string; readonly least: { readonly [member: string]: number } };
  /** share of the chosen members in the control group, 0 to 0.9 */
  readonly holdOut: number;
  /** attributes within whose members the same share is held out */
  readonly stratifyBy?: readonly string[];
  /** 1 by default */
  readonly seed?: number;
  /** days after the draw in which outcomes count */
  readonly windowDays: number;
}

/** The floors with the members they apply to. */
export const floorsOfPlan = (plan: CampaignPlan): { readonly name: string; readonly least: number }[] =>
  Object.entries(plan.floors?.least ?? {}).map(([name, least]) => ({ name, least }));

const MOST_OPTIONS = 32;
const MOST_HELD_OUT = 0.9;
const MOST_DAYS = 3650;

/** Checks the shape and numbers of a plan; names are checked when it is drawn. @throws TesseraError `mining-invalid` */
export function checkPlan(plan: CampaignPlan): void {
  const problems: Problem[] = [];
  const fail = (place: string, message: Text, remedy: Remedy): void =>
    void problems.push(problem("mining-invalid", message, { place, remedy }));
  const { options, holdOut, budget, windowDays, contacts } = plan;
  if (options.length === 0)
    fail("$.options", "the campaign has no option", 'add one, for example { "channel": "E-mail", "cost": 0.05 }');
  if (options.length > MOST_OPTIONS)
    fail("$.options", phrase`${options.length} options: at most ${MOST_OPTIONS} are supported`, "remove some");
  for (const [i, option] of options.entries()) checkOption(options, option, i, fail);
  if (!(holdOut >= 0 && holdOut <= MOST_HELD_OUT))
    fail("$.holdOut", phrase`the control group is a share from 0 to ${MOST_HELD_OUT}`, "set 0.1 for a tenth");
  if (budget !== undefined && !(budget >= 0))
    fail("$.budget", "the budget is not an amount of money", "set 0 or more, or leave it out");
  if (!(Number.isInteger(windowDays) && windowDays >= 1 && windowDays <= MOST_DAYS))
    fail("$.windowDays", phrase`the window is a whole number of days from 1 to ${MOST_DAYS}`, "set for example 30");
  const channels = [...new Set(options.map((o) => o.channel))];
  for (const channel of Object.keys(plan.capacity ?? {}))
    if (!channels.includes(channel))
      fail(
        `$.capacity.${channel}`,
        phrase`channel "${channel}" not found among the options${didYouMean(channel, channels)}`,
        phrase`choose among ${channels.join(", ")}`,
      );
  if (contacts && !(contacts.most >= 1 && contacts.days >= 1))
    fail("$.contacts", "the contact cap is below one contact or one day", "set for example four in thirty days");
  if (problems.length > 0) throw TesseraError.of(problems);
}

function checkOption(
  options: readonly PlannedOption[],
  { channel, offer = "", cost, times }: PlannedOption,
  position: number,
  fail: (place: string, message: Text, remedy: Remedy) => void,
): void {
  const place = `$.options[${position}]`;
  if (!(cost >= 0)) fail(`${place}.cost`, "the cost is not an amount of money", "set 0 where a contact is free");
  if (times !== undefined && !(times >= 0))
    fail(`${place}.times`, "times is below 0", "set 1 for the effect as it was learnt");
  if (options.slice(0, position).some((o) => o.channel === channel && (o.offer ?? "") === offer))
    fail(place, phrase`channel "${channel}" has this offer twice`, "list each channel and offer once");
}
