/** A campaign's plan as the fields of a form, and back. */
import type { CampaignPlan, PlannedOption } from "../../../engine/mining/index.ts";
import type { Filter } from "../../../engine/model/filter.ts";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";

/** Rows of channel options in the form. */
export const OPTION_ROWS = 5;

/** The form's fields by name; `c0` is the first option's channel. */
export type Fields = URLSearchParams;

const text = (fields: Fields, name: string): string => (fields.get(name) ?? "").trim().slice(0, 300);

const number = (fields: Fields, name: string, place: string): number | undefined => {
  const given = text(fields, name).replace(",", ".");
  if (given === "") return undefined;
  const value = Number(given);
  if (!Number.isFinite(value))
    throw new TesseraError("mining-invalid", phrase`"${given.slice(0, 40)}" is not a number`, {
      place,
      remedy: "use digits with a decimal point",
    });
  return value;
};

/** Effect and value are an attribute or a number. @throws TesseraError `mining-invalid` */
const either = (fields: Fields, name: string, place: string): string | number => {
  const given = text(fields, name);
  const isAttribute = given.includes(".") && /^[a-z]/i.test(given);
  const value = isAttribute ? given : number(fields, name, place);
  if (value === undefined)
    throw new TesseraError("mining-invalid", phrase`${place.slice(2)} is missing`, {
      place,
      remedy: "choose an attribute, or enter a number",
    });
  return value;
};

const isTrue = (member: string): readonly Filter[] => [{ member, operator: "equals", values: [true] }];

/** One row of the form; null when it names no channel. */
const optionOf = (fields: Fields, row: number): PlannedOption | null => {
  const channel = text(fields, `c${row}`);
  if (channel === "") return null;
  const offer = text(fields, `o${row}`);
  const consent = text(fields, `e${row}`);
  const times = number(fields, `t${row}`, `$.options[${row}].times`);
  return {
    channel,
    cost: number(fields, `p${row}`, `$.options[${row}].cost`) ?? 0,
    ...(offer && { offer }),
    ...(times !== undefined && { times }),
    ...(consent && { eligible: isTrue(consent) }),
  };
};

const ROWS = Array.from({ length: OPTION_ROWS }, (_, row) => row);

const capacityOf = (fields: Fields): { readonly [channel: string]: number } =>
  Object.fromEntries(
    ROWS.flatMap((row) => {
      const channel = text(fields, `c${row}`);
      const most = channel === "" ? undefined : number(fields, `k${row}`, `$.capacity.${channel}`);
      return most === undefined ? [] : [[channel, most]];
    }),
  );

const contactsOf = (fields: Fields): Pick<CampaignPlan, "contacts"> => {
  const most = number(fields, "most", "$.contacts.most");
  if (most === undefined) return {};
  const days = number(fields, "days", "$.contacts.days") ?? 30;
  return { contacts: { measure: text(fields, "measure"), days, most } };
};

const floorsOf = (fields: Fields): Pick<CampaignPlan, "floors"> => {
  const by = text(fields, "floor");
  const member = text(fields, "floorof");
  if (by === "" || member === "") return {};
  return { floors: { by, least: { [member]: number(fields, "floormin", "$.floors.least") ?? 0 } } };
};

/**
 * The plan of the form's fields.
 * @param over the dimension whose members are contacted
 * @throws TesseraError `mining-invalid` for a field that is not a number
 */
export function planOf(fields: Fields, over: string): CampaignPlan {
  const options = ROWS.map((row) => optionOf(fields, row)).filter((option) => option !== null);
  const capacity = capacityOf(fields);
  const segment = text(fields, "segment");
  const never = text(fields, "never");
  const budget = number(fields, "budget", "$.budget");
  const strata = text(fields, "strata");
  return {
    over,
    audience: segment === "" ? [] : [{ segment }],
    ...(never && { exclude: isTrue(never) }),
    value: { effect: either(fields, "effect", "$.effect"), worth: either(fields, "worth", "$.worth") },
    options,
    ...(budget !== undefined && { budget }),
    ...(Object.keys(capacity).length > 0 && { capacity }),
    ...contactsOf(fields),
    ...floorsOf(fields),
    holdOut: (number(fields, "holdout", "$.holdOut") ?? 10) / 100,
    ...(strata && { stratifyBy: [strata] }),
    seed: Math.round(number(fields, "seed", "$.seed") ?? 1),
    windowDays: Math.round(number(fields, "window", "$.windowDays") ?? 30),
  };
}
