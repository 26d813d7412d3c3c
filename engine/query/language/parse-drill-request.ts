/** Requests made from a cell of an answer: its fact rows, and the query one level up, down or across. */
import { z } from "zod";
import type { DrillRequest, DrillthroughRequest } from "./drill-request.ts";
import { parseQuery, parseShape } from "./parse-query.ts";
import { cellSchema, drillthroughSchema, member } from "./query-schema.ts";

const drill = z.strictObject({
  query: z.unknown(),
  dimension: member.optional(),
  direction: z.union(
    [z.enum(["down", "up"]), z.strictObject({ to: member })],
    'direction is "down", "up" or { to: "product.category" }',
  ),
  cell: cellSchema.optional(),
});

/**
 * Parses a drill-through. What decides about whole rows of an answer (order, top, totals, …) has no meaning for the
 * facts behind one, and is dropped.
 * @throws TesseraError `query-invalid`
 */
export function parseDrillthrough(json: unknown): DrillthroughRequest {
  const { order, top, totals, pivot, fillDates, cursor, ...request } = parseShape(drillthroughSchema, json);
  return request as unknown as DrillthroughRequest;
}

/** Parses a drill. @throws TesseraError `query-invalid` */
export function parseDrill(json: unknown): DrillRequest {
  const request = parseShape(drill, json);
  return { ...request, query: parseQuery(request.query) } as unknown as DrillRequest;
}
