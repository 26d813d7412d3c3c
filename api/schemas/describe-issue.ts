/** A schema's issue in plain words. */
import type { z } from "zod";
import { Message, phrase } from "../../engine/errors/index.ts";

/** `$.filters[0].member` */
export const pathOf = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>((at, part) => (typeof part === "number" ? `${at}[${part}]` : `${at}.${String(part)}`), "$");

/** Messages that the schema's library writes itself begin so; all others are our own. */
const GENERIC = /^(Invalid|Too |Unrecognized)/;

const wrongType = (issue: z.core.$ZodIssueInvalidType): Message => {
  const received = /received (\w+)/.exec(issue.message)?.[1];
  return received === undefined || received === "undefined"
    ? phrase`missing: a value of type ${issue.expected} is required`
    : phrase`expected type ${issue.expected}, got ${received}`;
};

const tooSmall = ({ origin, minimum }: z.core.$ZodIssueTooSmall): Message => {
  if (origin === "string") return phrase`too short: at least ${minimum} characters`;
  return origin === "array" ? phrase`too few items: at least ${minimum}` : phrase`too small: at least ${minimum}`;
};

const tooBig = ({ origin, maximum }: z.core.$ZodIssueTooBig): Message => {
  if (origin === "string") return phrase`too long: at most ${maximum} characters`;
  return origin === "array" ? phrase`too many items: at most ${maximum}` : phrase`too large: at most ${maximum}`;
};

/** What is wrong with a value. */
export function describeIssue(issue: z.core.$ZodIssue): string | Message {
  if (!GENERIC.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue);
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    case "unrecognized_keys":
      return phrase`unknown key "${issue.keys.join('", "')}"`;
    case "invalid_value":
      return phrase`unknown value: use one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return "the value matches none of the allowed forms";
    case "not_multiple_of":
      return phrase`not a multiple of ${issue.divisor}`;
    default:
      return "invalid value";
  }
}
