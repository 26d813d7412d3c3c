/** Shapes of the questions to experiments and allocations. What names mean is the engine's to say. */
import { z } from "@hono/zod-openapi";
import { filterSchema } from "./query.ts";

const name = z.string().min(1).max(300);

/** What a whole request needs, and what may be changed about a declared one. */
const needs =
  (own: readonly string[], changes: readonly string[], what: string) =>
  (body: { readonly name?: string | undefined } & object, context: z.RefinementCtx): void => {
    const given = new Set(
      Object.entries(body)
        .filter(([, value]) => value !== undefined)
        .map(([key]) => key),
    );
    if (body.name === undefined) {
      for (const field of own)
        if (!given.has(field))
          context.addIssue({
            code: "custom",
            path: [field],
            message: `${field} is missing: give it, or the name of a declared ${what} as \`name\``,
          });
      return;
    }
    for (const field of given) {
      if (field !== "name" && !changes.includes(field))
        context.addIssue({
          code: "custom",
          path: [field],
          message: `the declared ${what} has its own ${field}: leave it out, or leave the name out and give the whole request`,
        });
    }
  };

export const experimentSchema = z
  .strictObject({
    name: name
      .optional()
      .openapi({ description: "a declared experiment; then only filters and by may be given besides" }),
    cube: name.optional().openapi({ description: "one row an assignment" }),
    treated: name.optional().openapi({ description: "the truth value that says treated" }),
    outcomes: z
      .array(name)
      .min(1)
      .max(20)
      .optional()
      .openapi({ description: "sum measures of the cube, compared per unit" }),
    covariate: name.optional().openapi({ description: "a sum measure from before the draw (CUPED)" }),
    cost: name.optional(),
    profit: name.optional(),
    by: name.optional().openapi({ description: "one verdict for each member" }),
    filters: z.array(filterSchema).max(200).optional(),
    correction: z.enum(["none", "bonferroni", "holm", "benjamini_hochberg"]).optional(),
    treatedShare: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .openapi({ description: "planned share of the treated, for the sample-ratio check" }),
    heldOutShare: name
      .optional()
      .openapi({ description: "an attribute with each row's planned share of the held out, in place of treatedShare" }),
  })
  .superRefine(needs(["cube", "treated", "outcomes"], ["by", "filters"], "experiment"))
  .openapi("Experiment", { example: { name: "campaigns" } });

const bound = z.tuple([z.number().min(0), z.number().min(0)]);

export const allocationSchema = z
  .strictObject({
    name: name.optional().openapi({
      description: "a declared allocation; then only filters, budget, bounds and seed may be given besides",
    }),
    spend: name.optional(),
    outcome: name.optional(),
    channel: name.optional(),
    period: name.optional(),
    filters: z.array(filterSchema).max(200).optional(),
    budget: z.number().positive().optional().openapi({ description: "money a period; by default what was spent" }),
    bounds: z
      .record(z.string().max(300), bound)
      .optional()
      .openapi({ description: "least and most spend a period, by channel" }),
    seed: z.number().int().optional(),
  })
  .superRefine(needs(["spend", "outcome", "channel", "period"], ["filters", "budget", "bounds", "seed"], "allocation"))
  .openapi("Allocation", { example: { name: "channel_budget", budget: 70000 } });

export const attributionSchema = z
  .strictObject({
    name: name.optional().openapi({
      description:
        "a declared model of the technique attribution; then only order, lookback, halfLife, from, until and seed may be given besides",
    }),
    touches: name.optional().openapi({ description: "the cube with one row a touch" }),
    channel: name.optional().openapi({ description: "the role that gets the credit" }),
    unit: name.optional().openapi({ description: "the role that touches and converts" }),
    time: name.optional(),
    conversions: name.optional(),
    conversion: name.optional(),
    value: name.optional(),
    cost: name.optional(),
    lookback: z.number().int().min(1).max(3650).optional().openapi({ description: "days" }),
    order: z.number().int().min(1).max(6).optional().openapi({ description: "touches that the chain remembers" }),
    halfLife: z.number().positive().max(3650).optional(),
    from: z.string().max(10).optional(),
    until: z.string().max(10).optional(),
    filters: z.array(filterSchema).max(200).optional(),
    conversionFilters: z.array(filterSchema).max(200).optional(),
    seed: z.number().int().optional(),
  })
  .superRefine(
    needs(
      ["touches", "channel", "unit", "conversions", "conversion", "value"],
      ["order", "lookback", "halfLife", "from", "until", "seed"],
      "attribution",
    ),
  )
  .openapi("Attribution", { example: { name: "attributed", order: 1, lookback: 14 } });

const days = z.tuple([z.iso.date(), z.iso.date()]);

export const moveSchema = z
  .strictObject({
    measure: name,
    before: days.openapi({ description: "first and last day" }),
    after: days,
    volume: name
      .optional()
      .openapi({ description: "how many there were, of an amount: parts it into volume, mix and rate" }),
    dimensions: z
      .array(name)
      .min(1)
      .max(12)
      .optional()
      .openapi({ description: "where to look, pairs too; by default what the cube is usually cut by" }),
    filters: z.array(filterSchema).max(200).optional(),
  })
  .openapi("Move", {
    example: {
      measure: "sales.return_rate",
      before: ["2025-07-21", "2025-09-07"],
      after: ["2025-09-08", "2025-10-26"],
    },
  });

export const bandSchema = z
  .strictObject({
    measure: name,
    period: z.enum(["day", "week", "month", "quarter"]).optional(),
    last: z
      .number()
      .int()
      .min(1)
      .max(60)
      .optional()
      .openapi({ description: "periods looked at, the latest; 12 by default" }),
    filters: z.array(filterSchema).max(200).optional(),
  })
  .openapi("Bands", { example: { measure: "sales.revenue", period: "month", last: 12 } });
