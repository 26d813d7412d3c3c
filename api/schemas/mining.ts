/** Shapes of mining requests. The engine checks the names in them. */
import { z } from "@hono/zod-openapi";
import type {
  AllocationRequest,
  AttributionRequest,
  BandRequest,
  ExperimentRequest,
  MoveRequest,
} from "../../engine/mining/index.ts";
import { filtersSchema } from "./query.ts";

const name = z.string().min(1).max(300);
const filters = filtersSchema.optional();
const described = (description: string) => name.optional().openapi({ description });

/** A request of its own, or a declared one by `name` with changes. */
type Declarable<T> = z.ZodType<Partial<T> & { readonly name?: string | undefined }>;

/**
 * Without `name`, a request needs its own fields; with it, only some fields may change.
 * @param own fields of a whole request
 * @param changes fields that may change about a declared one
 */
const ownOrDeclared =
  (own: readonly string[], changes: readonly string[], noun: string) =>
  (body: object, context: z.RefinementCtx): void => {
    const given = Object.entries(body).flatMap(([field, value]) => (value === undefined ? [] : [field]));
    if (!given.includes("name")) {
      for (const field of own.filter((each) => !given.includes(each)))
        context.addIssue({
          code: "custom",
          path: [field],
          message: `${field} is missing: add it, or name a declared ${noun} with \`name\``,
        });
      return;
    }
    for (const field of given.filter((each) => each !== "name" && !changes.includes(each)))
      context.addIssue({
        code: "custom",
        path: [field],
        message: `the declared ${noun} has its own ${field}: omit it, or omit \`name\` and send the whole request`,
      });
  };

export const experimentSchema: Declarable<ExperimentRequest> = z
  .strictObject({
    name: described("a declared experiment; only `filters` and `by` may be added"),
    cube: described("the cube with one row per assignment"),
    treated: described("the boolean attribute that marks the treatment group"),
    outcomes: z
      .array(name)
      .min(1)
      .max(20)
      .optional()
      .openapi({ description: "sum measures of the cube, compared per unit" }),
    covariate: described("a sum measure from before the draw (CUPED)"),
    cost: name.optional(),
    profit: name.optional(),
    by: described("one verdict for each member"),
    filters,
    correction: z.enum(["none", "bonferroni", "holm", "benjamini_hochberg"]).optional(),
    treatedShare: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .openapi({ description: "planned share of the treatment group, for the sample-ratio check" }),
    heldOutShare: described(
      "an attribute with each row's planned share of the control group, instead of `treatedShare`",
    ),
  })
  .superRefine(ownOrDeclared(["cube", "treated", "outcomes"], ["by", "filters"], "experiment"))
  .openapi("Experiment", { example: { name: "campaigns" } });

const bound = z.tuple([z.number().min(0), z.number().min(0)]);

export const allocationSchema: Declarable<AllocationRequest> = z
  .strictObject({
    name: described("a declared allocation; only `filters`, `budget`, `bounds` and `seed` may be added"),
    spend: name.optional(),
    outcome: name.optional(),
    channel: name.optional(),
    period: name.optional(),
    filters,
    budget: z.number().positive().optional().openapi({ description: "money per period; default the mean spend" }),
    bounds: z
      .record(z.string().max(300), bound)
      .optional()
      .openapi({ description: "minimum and maximum spend per period, by channel" }),
    seed: z.number().int().optional(),
  })
  .superRefine(
    ownOrDeclared(["spend", "outcome", "channel", "period"], ["filters", "budget", "bounds", "seed"], "allocation"),
  )
  .openapi("Allocation", { example: { name: "channel_budget", budget: 70000 } });

export const attributionSchema: Declarable<AttributionRequest> = z
  .strictObject({
    name: described(
      "a declared attribution model; only `order`, `lookback`, `halfLife`, `from`, `until` and `seed` may be added",
    ),
    touches: described("the cube with one row per touch"),
    channel: described("the role that gets the credit"),
    unit: described("the role that is touched and converts"),
    time: name.optional(),
    conversions: name.optional(),
    conversion: name.optional(),
    value: name.optional(),
    cost: name.optional(),
    lookback: z.number().int().min(1).max(3650).optional().openapi({ description: "days" }),
    order: z.number().int().min(1).max(6).optional().openapi({ description: "touches that the chain remembers" }),
    halfLife: z.number().positive().max(3650).optional().openapi({ description: "days" }),
    from: z.string().max(10).optional(),
    until: z.string().max(10).optional(),
    filters,
    conversionFilters: filters,
    seed: z.number().int().optional(),
  })
  .superRefine(
    ownOrDeclared(
      ["touches", "channel", "unit", "conversions", "conversion", "value"],
      ["order", "lookback", "halfLife", "from", "until", "seed"],
      "attribution",
    ),
  )
  .openapi("Attribution", { example: { name: "attributed", order: 1, lookback: 14 } });

const days = z.tuple([z.iso.date(), z.iso.date()]);

export const moveSchema: z.ZodType<MoveRequest> = z
  .strictObject({
    measure: name,
    before: days.openapi({ description: "first and last day" }),
    after: days.openapi({ description: "first and last day" }),
    volume: described("a count behind an amount: splits the change into volume, mix and rate"),
    dimensions: z
      .array(name)
      .min(1)
      .max(12)
      .optional()
      .openapi({ description: "dimensions to search, pairs of them too; default the cube's usual ones" }),
    filters,
  })
  .openapi("Move", {
    example: {
      measure: "sales.return_rate",
      before: ["2025-07-21", "2025-09-07"],
      after: ["2025-09-08", "2025-10-26"],
    },
  });

export const bandSchema: z.ZodType<BandRequest> = z
  .strictObject({
    measure: name,
    period: z.enum(["day", "week", "month", "quarter"]).optional(),
    last: z.number().int().min(1).max(60).optional().openapi({ description: "latest periods; default 12" }),
    filters,
  })
  .openapi("Bands", { example: { measure: "sales.revenue", period: "month", last: 12 } });
