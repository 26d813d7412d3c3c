/**
 * The query's shape for the OpenAPI document. The engine owns the schemas; this adds names, descriptions and
 * examples.
 */
import { z } from "@hono/zod-openapi";
import type { Filter } from "../../engine/model/filter.ts";
import type { Query } from "../../engine/model/query.ts";
import * as engine from "../../engine/query/language/query-schema.ts";
import type { DrillthroughRequest } from "../../etl/project/open-project.ts";

export const filterSchema: z.ZodType<Filter> = z
  .lazy(() => engine.filterSchema as z.ZodType<Filter>)
  .openapi("Filter", {
    type: "object",
    description: "`{ member, operator, values }`, `{ and: […] }`, `{ or: […] }`, `{ not: … }` or `{ segment }`",
  });

/** The filters of a request. */
export const filtersSchema = z.array(filterSchema).max(1000);

const shape = { ...engine.querySchema.shape, filters: filtersSchema.optional() };

export const querySchema: z.ZodType<Query> = z
  .strictObject(shape)
  .openapi("Query", { example: { measures: ["sales.revenue"], dimensions: ["customer.country"], totals: true } });

/** The members of one cell. */
export const cellSchema = z.record(engine.member, engine.value);

export const drillthroughSchema: z.ZodType<DrillthroughRequest> = z
  .strictObject({ ...shape, cell: cellSchema.optional() })
  .openapi("Drillthrough", {
    example: {
      measures: ["sales.revenue"],
      dimensions: ["customer.full_name"],
      cell: { "customer.country": "Germany" },
      limit: 100,
    },
  });
