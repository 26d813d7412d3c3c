/** From untrusted JSON to a Query. Only the shape is checked here; the resolver checks names and types. */
import { z } from "zod";
import { TesseraError, phrase } from "../../errors/index.ts";
import { OPERATORS, type Filter } from "../../model/filter.ts";
import type { Query } from "../../model/query.ts";
import { shapeProblems } from "./shape-problems.ts";

/** The most that one query may hold. */
export const LIMITS = {
  depth: 32,
  values: 10_000,
  members: 100,
  rows: 1_000_000,
  defaultRows: 10_000,
  nodes: 20_000,
} as const;

/** A member's name. */
export const member = z.string().min(1).max(200);
/** A value of a filter or a cell. */
export const value = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);
const filter: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({
      member,
      operator: z.enum(OPERATORS),
      values: z.array(value).max(LIMITS.values).optional(),
      scope: z.enum(["fact", "entity"]).optional(),
      entity: z.string().max(200).optional(),
    }),
    z.strictObject({ and: z.array(filter).max(1000) }),
    z.strictObject({ or: z.array(filter).max(1000) }),
    z.strictObject({ not: filter }),
    z.strictObject({ segment: z.string().min(1).max(200) }),
  ]),
);
const format = z.enum(["number", "integer", "decimal", "percent", "currency", "days", "hours", "minutes", "seconds"]);
/**
 * A span that leads outside the calendar from every possible day is refused here; others where they lead outside it.
 */
const up = (most: number): z.ZodOptional<z.ZodNumber> =>
  z.number().int().min(-most, `at most ${most} back`).max(most, `at most ${most}`).optional();
const span = z.strictObject({
  hours: up(24 * 3_652_059),
  days: up(3_652_059),
  weeks: up(521_722),
  months: up(119_988),
  quarters: up(39_996),
  years: up(9_999),
});

/** The shape of a query. */
export const query = z.strictObject({
  measures: z
    .array(
      z.union([
        member,
        z.strictObject({
          name: z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a calculation's name is letters, digits and _")
            .refine((name) => name !== "__proto__", "no column can be called __proto__")
            .max(100),
          formula: z.string().max(4000),
          format: format.optional(),
          title: z.string().max(200).optional(),
        }),
      ]),
    )
    .min(1, "ask for at least one measure")
    .max(LIMITS.members),
  dimensions: z.array(member).max(50).optional(),
  filters: z.array(filter).max(1000).optional(),
  compare: z
    .strictObject({
      dimension: member,
      to: z.union([
        z.enum(["previous_period", "previous_year"]),
        z.strictObject({ by: z.union([z.string().max(40), span]) }),
        z.strictObject({ range: z.tuple([z.string(), z.string()]) }),
      ]),
    })
    .optional(),
  top: z
    .array(
      z.strictObject({
        dimension: member,
        by: member,
        n: z.number().int().min(1).max(10_000),
        others: z.boolean().optional(),
        within: z.array(member).optional(),
      }),
    )
    .max(10)
    .optional(),
  totals: z.union([z.boolean(), z.array(z.array(member)).max(100)]).optional(),
  pivot: z.strictObject({ columns: z.array(member) }).optional(),
  order: z
    .array(z.strictObject({ member, direction: z.enum(["asc", "desc"]).optional() }))
    .max(50)
    .optional(),
  limit: z.number().int().min(1).max(LIMITS.rows).optional(),
  cursor: z.string().max(4000).optional(),
  history: z.union([z.enum(["as_is", "as_was"]), z.strictObject({ as_of: z.string() })]).optional(),
  fillDates: z.boolean().optional(),
  timeZone: z.string().max(64).optional(),
  now: z.string().max(40).optional(),
  exact: z.boolean().optional(),
});

/** Parses a query. @throws TesseraError `query-invalid` with every problem's JSON path */
export function parseQuery(json: unknown): Query {
  return parseShape(query, json);
}

/** Parses JSON by a schema. @throws TesseraError `query-invalid` with every problem's JSON path */
export function parseShape<T extends z.ZodObject>(schema: T, json: unknown): z.output<T> {
  tooDeep(json);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const keys = Object.keys(schema.shape);
  const what = keys.includes("direction") ? "a drill" : "a query";
  throw TesseraError.of(parsed.error.issues.flatMap((issue) => shapeProblems(issue, json, keys, what)));
}

/** Checked before the schema runs, so that a crafted depth or breadth costs nothing. */
function tooDeep(json: unknown): void {
  let nodes = 0;
  const walk = (value: unknown, depth: number): void => {
    if (depth > LIMITS.depth)
      throw new TesseraError("query-invalid", phrase`the query is nested deeper than ${LIMITS.depth}`, {
        place: "$",
        remedy: "flatten the filter tree",
      });
    if (typeof value !== "object" || value === null) return;
    for (const child of Object.values(value)) {
      if (++nodes > LIMITS.nodes)
        throw new TesseraError("too-large", phrase`the query has more than ${LIMITS.nodes} parts`, {
          place: "$",
          remedy: "use a segment instead of a long list",
        });
      walk(child, depth + 1);
    }
  };
  walk(json, 0);
}
