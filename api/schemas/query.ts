/** The query's shape, for the OpenAPI document and the first check of a body. What names mean is the engine's to say. */
import { z } from "@hono/zod-openapi";
import type { Filter } from "../../engine/model/filter.ts";
import { OPERATORS } from "../../engine/model/filter.ts";

const name = z.string().min(1).max(300);
const value = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);

export const filterSchema: z.ZodType<Filter> = z
  .lazy(() =>
    z.union([
      z.strictObject({
        member: name,
        operator: z.enum(OPERATORS),
        values: z.array(value).max(10_000).optional(),
        scope: z.enum(["fact", "entity"]).optional(),
        entity: name.optional(),
      }),
      z.strictObject({ and: z.array(filterSchema).max(1000) }),
      z.strictObject({ or: z.array(filterSchema).max(1000) }),
      z.strictObject({ not: filterSchema }),
      z.strictObject({ segment: name }),
    ]),
  )
  .openapi("Filter", {
    type: "object",
    description: "`{ member, operator, values }`, `{ and: […] }`, `{ or: […] }`, `{ not: … }` or `{ segment }`",
  });

const span = z
  .strictObject({
    hours: z.number(),
    days: z.number(),
    weeks: z.number(),
    months: z.number(),
    quarters: z.number(),
    years: z.number(),
  })
  .partial();

const queryShape = {
  measures: z
    .array(
      z.union([
        name,
        z.strictObject({
          name,
          formula: z.string().max(4000),
          format: z
            .enum(["number", "integer", "decimal", "percent", "currency", "days", "hours", "minutes", "seconds"])
            .optional(),
          title: z.string().max(300).optional(),
        }),
      ]),
    )
    .max(100),
  dimensions: z.array(name).max(30).optional(),
  filters: z.array(filterSchema).max(200).optional(),
  compare: z
    .strictObject({
      dimension: name,
      to: z.union([
        z.enum(["previous_period", "previous_year"]),
        z.strictObject({ by: z.union([z.string(), span]) }),
        z.strictObject({ range: z.tuple([z.string(), z.string()]) }),
      ]),
    })
    .optional(),
  top: z
    .array(
      z.strictObject({
        dimension: name,
        by: name,
        n: z.number().int().min(1).max(100_000),
        others: z.boolean().optional(),
        within: z.array(name).optional(),
      }),
    )
    .max(30)
    .optional(),
  totals: z.union([z.boolean(), z.array(z.array(name).max(30)).max(64)]).optional(),
  pivot: z.strictObject({ columns: z.array(name).max(30) }).optional(),
  order: z
    .array(z.strictObject({ member: name, direction: z.enum(["asc", "desc"]).optional() }))
    .max(60)
    .optional(),
  limit: z.number().int().min(0).max(1_000_000).optional(),
  cursor: z.string().max(4000).optional(),
  history: z.union([z.enum(["as_is", "as_was"]), z.strictObject({ as_of: z.string() })]).optional(),
  fillDates: z.boolean().optional(),
  timeZone: z.string().max(100).optional(),
  now: z.string().max(40).optional(),
  exact: z.boolean().optional(),
};

export const querySchema = z
  .strictObject(queryShape)
  .openapi("Query", { example: { measures: ["sales.revenue"], dimensions: ["customer.country"], totals: true } });

export const drillthroughSchema = z
  .strictObject({ ...queryShape, cell: z.record(z.string(), value).optional() })
  .openapi("Drillthrough", {
    example: {
      measures: ["sales.revenue"],
      dimensions: ["customer.full_name"],
      cell: { "customer.country": "Germany" },
      limit: 100,
    },
  });
