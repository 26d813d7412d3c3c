/** A campaign's plan as plain data: whom, through which channels and offers, within what, and how many are held out. */
import { TesseraError } from "../../errors/index.ts";
import type { Filter } from "../../model/filter.ts";

/** A channel with an offer. */
export interface PlannedOption {
  readonly channel: string;
  readonly offer?: string;
  /** money a contact */
  readonly cost: number;
  /** how many times the effect this option has; default 1 */
  readonly times?: number;
  /** who may be contacted so, for example by consent */
  readonly eligible?: readonly Filter[];
}

export interface CampaignPlan {
  /** the dimension whose members are contacted */
  readonly over: string;
  /** who may be in it, as a segment's filters; `{ segment: "lapsed" }` names a stored one */
  readonly audience: readonly Filter[];
  /** who is never contacted: who passes any of these */
  readonly exclude?: readonly Filter[];
  /**
   * chance that a contact changes something, and what that is worth: attributes of the dimension (an uplift, a margin)
   * or numbers
   */
  readonly value: { readonly effect: string | number; readonly worth: string | number };
  readonly options: readonly PlannedOption[];
  /** money for those who are contacted */
  readonly budget?: number;
  /** most contacts by channel */
  readonly capacity?: { readonly [channel: string]: number };
  /** who had so many contacts in so many days gets none: `measure` counts them */
  readonly contacts?: { readonly measure: string; readonly days: number; readonly most: number };
  /** fewest contacts by the members of an attribute */
  readonly floors?: { readonly by: string; readonly least: { readonly [member: string]: number } };
  /** share of those chosen who are held out at random, 0 to .9 */
  readonly holdOut: number;
  /** attributes within whose members the same share is held out */
  readonly stratifyBy?: readonly string[];
  readonly seed?: number;
  /** days after the draw in which an outcome counts */
  readonly windowDays: number;
}

/**
 * Shape and numbers of a plan; what names mean is found when it is drawn.
 * @throws TesseraError `mining-invalid` with all problems
 */
export function checkPlan(plan: CampaignPlan): void {
  const problems: {
    readonly code: "mining-invalid";
    readonly message: string;
    readonly place: string;
    readonly remedy: string;
  }[] = [];
  const wrong = (place: string, message: string, remedy: string): void =>
    void problems.push({ code: "mining-invalid", message, place, remedy });
  if (plan.options.length === 0)
    wrong("$.options", "a campaign needs at least one option", 'for example { "channel": "E-mail", "cost": 0.05 }');
  if (plan.options.length > 32) wrong("$.options", `${plan.options.length} options are more than 32`, "leave some out");
  plan.options.forEach((o, i) => {
    if (!(o.cost >= 0))
      wrong(`$.options[${i}].cost`, "a contact's cost is an amount of money", "give 0 where a contact is free");
    if (o.times !== undefined && !(o.times >= 0))
      wrong(`$.options[${i}].times`, "times is 0 or more", "1 is the effect as it was learnt");
    if (plan.options.some((p, k) => k < i && p.channel === o.channel && (p.offer ?? "") === (o.offer ?? "")))
      wrong(`$.options[${i}]`, `${o.channel} with this offer is there twice`, "give each channel and offer once");
  });
  if (!(plan.holdOut >= 0 && plan.holdOut <= 0.9))
    wrong("$.holdOut", "the share held out is 0 to 0.9", "a tenth is usual");
  if (plan.budget !== undefined && !(plan.budget >= 0))
    wrong("$.budget", "the budget is an amount of money", "leave it out where there is none");
  if (!(Number.isInteger(plan.windowDays) && plan.windowDays >= 1 && plan.windowDays <= 3650))
    wrong("$.windowDays", "the window is a number of days", "for example 30");
  for (const channel of Object.keys(plan.capacity ?? {}))
    if (!plan.options.some((o) => o.channel === channel))
      wrong(
        `$.capacity.${channel}`,
        `no option goes through ${channel}`,
        `the options go through ${[...new Set(plan.options.map((o) => o.channel))].join(", ")}`,
      );
  if (plan.contacts && !(plan.contacts.most >= 1 && plan.contacts.days >= 1))
    wrong("$.contacts", "a contact cap has at least one contact and one day", "for example four in thirty days");
  if (problems.length > 0) throw TesseraError.of(problems);
}
