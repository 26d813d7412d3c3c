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
    'the direction is "down", "up" or { to: "product.category" }',
  ),
  cell: cellSchema.optional(),
});

/**
 * Drops what concerns whole rows of an answer: fact rows have no order, totals or pivot. @throws TesseraError `query-
 * invalid`
 */
export function parseDrillthrough(json: unknown): DrillthroughRequest {
  const { order, top, totals, pivot, fillDates, cursor, ...request } = parseShape(drillthroughSchema, json);
  return request as unknown as DrillthroughRequest;
}

/** @throws TesseraError `query-invalid` */
export function parseDrill(json: unknown): DrillRequest {
  const request = parseShape(drill, json);
  return { ...request, query: parseQuery(request.query) } as unknown as DrillRequest;
}
