/** The shape of a query, a filter and the requests made from a cell. Names and values are checked by the resolver. */
import { z } from "zod";
import { OPERATORS } from "../../model/filter.ts";

/** Limits on the size of a query. */
export const LIMITS = {
  /** levels of nesting */
  depth: 32,
  /** values of one filter */
  values: 10_000,
  /** measures of one query */
  members: 100,
  /** rows of one answer */
  rows: 1_000_000,
  /** rows of an answer whose query sets no limit */
  defaultRows: 10_000,
  /** objects, arrays and values in all */
  nodes: 20_000,
} as const;

/** A member's name, for example `sales.revenue`. */
export const member = z.string().min(1).max(200);

/** A value of a filter or a cell. */
export const value = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);

/** A tree of filters. */
export const filterSchema: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({
      member,
      operator: z.enum(OPERATORS),
      values: z.array(value).max(LIMITS.values).optional(),
      scope: z.enum(["fact", "entity"]).optional(),
      entity: z.string().max(200).optional(),
    }),
    z.strictObject({ and: z.array(filterSchema).max(1000) }),
    z.strictObject({ or: z.array(filterSchema).max(1000) }),
    z.strictObject({ not: filterSchema }),
    z.strictObject({ segment: z.string().min(1).max(200) }),
  ]),
);

const format = z.enum(["number", "integer", "decimal", "percent", "currency", "days", "hours", "minutes", "seconds"]);

/** A span that leaves the years 1 to 9999 wherever it starts is refused here, others once it is applied to a day. */
const upTo = (most: number): z.ZodOptional<z.ZodNumber> =>
  z.number().int().min(-most, `at most ${most} back`).max(most, `at most ${most}`).optional();

const span = z.strictObject({
  hours: upTo(24 * 3_652_059),
  days: upTo(3_652_059),
  weeks: upTo(521_722),
  months: upTo(119_988),
  quarters: upTo(39_996),
  years: upTo(9_999),
});

const calculation = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a calculation's name has letters, digits and _")
    .refine((name) => name !== "__proto__", "a column cannot be named __proto__")
    .max(100),
  formula: z.string().max(4000),
  format: format.optional(),
  title: z.string().max(200).optional(),
});

const comparison = z.strictObject({
  dimension: member,
  to: z.union([
    z.enum(["previous_period", "previous_year"]),
    z.strictObject({ by: z.union([z.string().max(40), span]) }),
    z.strictObject({ range: z.tuple([z.string(), z.string()]) }),
  ]),
});

const top = z.strictObject({
  dimension: member,
  by: member,
  n: z.number().int().min(1).max(10_000),
  others: z.boolean().optional(),
  within: z.array(member).optional(),
});

/** A query as users write it. */
export const querySchema = z.strictObject({
  measures: z
    .array(z.union([member, calculation]))
    .min(1, "at least one measure is required")
    .max(LIMITS.members),
  dimensions: z.array(member).max(50).optional(),
  filters: z.array(filterSchema).max(1000).optional(),
  compare: comparison.optional(),
  top: z.array(top).max(10).optional(),
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

/** The members of one cell of an answer. */
export const cellSchema = z.record(member, value);

/** A query and the cell whose fact rows are asked for. */
export const drillthroughSchema = querySchema.extend({ cell: cellSchema.optional() });
