/** Problems of untrusted JSON, in our own words: the parser's texts never reach a person. */
import type { z } from "zod";
import { didYouMean, type Problem, phrase, problem, type Message } from "../../errors/index.ts";
import { OPERATORS } from "../../model/filter.ts";

/** What each key of a request looks like. */
const EXAMPLES: Readonly<Record<string, string>> = {
  measures: '["sales.revenue"], or [{ "name": "margin", "formula": "sales.revenue - sales.cost" }]',
  dimensions: '["customer.country"]',
  filters: '[{ "member": "customer.country", "operator": "equals", "values": ["DE"] }]',
  compare: '{ "dimension": "date", "to": "previous_year" }',
  top: '[{ "dimension": "customer.country", "by": "sales.revenue", "n": 10 }]',
  totals: 'true, or [["customer.country"]]',
  pivot: '{ "columns": ["date.month"] }',
  order: '[{ "member": "sales.revenue", "direction": "desc" }]',
  history: '"as_is", "as_was" or { "as_of": "2025-07-31" }',
  cell: '{ "customer.country": "DE" }',
  direction: '"down", "up" or { "to": "product.category" }',
};

const TYPES: Readonly<Record<string, string>> = {
  array: "a list",
  object: "an object",
  record: "an object",
  tuple: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** Texts that the parser writes itself; any other is ours, from the schema. */
const PARSERS_OWN = /^(Invalid|Too (big|small)|Unrecognized)/;

/**
 * @param json what was parsed
 * @param keys of the request, for suggestions
 * @param what the request is, for example "a query"
 */
export function shapeProblems(
  issue: z.core.$ZodIssue,
  json: unknown,
  keys: readonly string[],
  what: string,
): Problem[] {
  const place = jsonPath(issue.path);
  const [key] = issue.path;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) =>
      issue.path.length === 0
        ? problem("query-invalid", phrase`unknown key "${name}"${didYouMean(name, keys)}`, {
            place,
            remedy: phrase`${what} has ${keys.join(", ")}`,
          })
        : problem("query-invalid", phrase`unknown key "${name}"`, { place, remedy: remedyFor(key, what, keys) }),
    );
  if (key === "filters" && issue.code === "invalid_union")
    return [
      problem("filter-invalid", "invalid filter", {
        place,
        remedy:
          '{ "member": …, "operator": …, "values": […] }, or { "and"|"or": […] }, { "not": … }, { "segment": … }; ' +
          `operators are ${OPERATORS.join(", ")}`,
      }),
    ];
  return [problem("query-invalid", messageOf(issue, json, what), { place, remedy: remedyFor(key, what, keys) })];
}

function remedyFor(key: PropertyKey | undefined, what: string, keys: readonly string[]): Message {
  const example = typeof key === "string" ? EXAMPLES[key] : undefined;
  return example === undefined
    ? phrase`${what} has ${keys.join(", ")}`
    : phrase`write for example "${String(key)}": ${example}`;
}

function messageOf(issue: z.core.$ZodIssue, json: unknown, what: string): string | Message {
  if (!PARSERS_OWN.test(issue.message)) return issue.message;
  const name = nameOf(issue.path, what);
  const value = valueAt(json, issue.path);
  if (value === undefined) return phrase`${name} is missing`;
  switch (issue.code) {
    case "invalid_type":
      return phrase`${name} is ${TYPES[issue.expected] ?? issue.expected}; got ${short(value)}`;
    case "invalid_value":
      return phrase`${name} is one of ${issue.values.map(String).join(", ")}; got ${short(value)}`;
    case "too_big":
      return sizeMessage(name, "at most", issue.maximum, issue.origin, value);
    case "too_small":
      return sizeMessage(name, "at least", issue.minimum, issue.origin, value);
    default:
      return phrase`${name} cannot be ${short(value)}`;
  }
}

function sizeMessage(name: string, bound: string, limit: number | bigint, origin: string, value: unknown): Message {
  if (origin === "array") return phrase`${name} has ${bound} ${limit} items; got ${sizeOf(value)}`;
  if (origin === "string") return phrase`${name} has ${bound} ${limit} characters; got ${sizeOf(value)}`;
  return phrase`${name} is ${bound} ${limit}; got ${short(value)}`;
}

const sizeOf = (value: unknown): number => (typeof value === "string" || Array.isArray(value) ? value.length : 0);

/** The last key of a path, with its position: `top[0].n` is `n`, `measures[1]` stays. */
function nameOf(path: readonly PropertyKey[], what: string): string {
  const last = path.at(-1);
  if (last === undefined) return what;
  const before = path.at(-2);
  return typeof last === "number" ? `${String(before ?? "$")}[${last}]` : String(last);
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = new Map<PropertyKey, unknown>(Object.entries(value)).get(String(key));
  }
  return value;
}

/** A value as an error shows it. */
function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const jsonPath = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>((at, part) => (typeof part === "number" ? `${at}[${part}]` : `${at}.${String(part)}`), "$");
