/** A campaign's plan as the fields of a form, and back. */
import type { CampaignPlan, PlannedOption } from "../../../engine/mining/index.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";

/** Rows of options that the form has. */
export const OPTION_ROWS = 5;

/** What a field holds, in the order of the form; `c0` is the first option's channel, and so on. */
export type Fields = URLSearchParams;

const text = (fields: Fields, name: string): string => (fields.get(name) ?? "").trim().slice(0, 300);

const number = (fields: Fields, name: string, place: string): number | undefined => {
  const given = text(fields, name).replace(",", ".");
  if (given === "") return undefined;
  const value = Number(given);
  if (!Number.isFinite(value))
    throw new TesseraError("mining-invalid", phrase`"${given.slice(0, 40)}" is no number`, {
      place,
      remedy: "write digits, with a point before decimals",
    });
  return value;
};

/** Effect and worth may be an attribute or a number. */
const either = (fields: Fields, name: string, place: string): string | number => {
  const given = text(fields, name);
  if (given === "")
    throw new TesseraError("mining-invalid", phrase`${place.slice(2)} is missing`, {
      place,
      remedy: "choose an attribute, or write a number",
    });
  return given.includes(".") && /^[a-z]/i.test(given) ? given : number(fields, name, place)!;
};

const isTrue = (member: string): readonly Filter[] => [{ member, operator: "equals", values: [true] }];

/** @param over the dimension that plans are about @throws TesseraError `mining-invalid` for a field that is no number */
export function planOf(fields: Fields, over: string): CampaignPlan {
  const options: PlannedOption[] = [];
  const capacity: { [channel: string]: number } = {};
  for (let i = 0; i < OPTION_ROWS; i++) {
    const channel = text(fields, `c${i}`);
    if (channel === "") continue;
    const offer = text(fields, `o${i}`),
      consent = text(fields, `e${i}`),
      times = number(fields, `t${i}`, `$.options[${i}].times`),
      most = number(fields, `k${i}`, `$.capacity.${channel}`);
    options.push({
      channel,
      cost: number(fields, `p${i}`, `$.options[${i}].cost`) ?? 0,
      ...(offer && { offer }),
      ...(times !== undefined && { times }),
      ...(consent && { eligible: isTrue(consent) }),
    });
    if (most !== undefined) capacity[channel] = most;
  }
  const segment = text(fields, "segment"),
    never = text(fields, "never"),
    contacts = number(fields, "most", "$.contacts.most"),
    budget = number(fields, "budget", "$.budget"),
    floorBy = text(fields, "floor"),
    floorOf = text(fields, "floorof");
  return {
    over,
    audience: segment === "" ? [] : [{ segment }],
    ...(never && { exclude: isTrue(never) }),
    value: { effect: either(fields, "effect", "$.effect"), worth: either(fields, "worth", "$.worth") },
    options,
    ...(budget !== undefined && { budget }),
    ...(Object.keys(capacity).length > 0 && { capacity }),
    ...(contacts !== undefined && {
      contacts: {
        measure: text(fields, "measure"),
        days: number(fields, "days", "$.contacts.days") ?? 30,
        most: contacts,
      },
    }),
    ...(floorBy &&
      floorOf && { floors: { by: floorBy, least: { [floorOf]: number(fields, "floormin", "$.floors.least") ?? 0 } } }),
    holdOut: (number(fields, "holdout", "$.holdOut") ?? 10) / 100,
    ...(text(fields, "strata") && { stratifyBy: [text(fields, "strata")] }),
    seed: Math.round(number(fields, "seed", "$.seed") ?? 1),
    windowDays: Math.round(number(fields, "window", "$.windowDays") ?? 30),
  };
}
