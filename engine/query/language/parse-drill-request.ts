/** Shapes of the requests from a cell of an answer: its rows, and the next query. */
import { z } from "zod";
import type { DrillRequest, DrillthroughRequest } from "./drill-request.ts";
import { member, parseQuery, parseShape, query, value } from "./parse-query.ts";

const cell = z.record(member, value).optional();
const drillthrough = query.extend({ cell });
const drill = z.strictObject({
  query: z.unknown(),
  dimension: member.optional(),
  direction: z.union(
    [z.enum(["down", "up"]), z.strictObject({ to: member })],
    'direction is "down", "up" or { to: "product.category" }',
  ),
  cell,
});

/**
 * Parses a drill-through. What decides about whole rows of an answer (order, top, totals, …) has no meaning for the
 * facts behind one, and is dropped.
 * @throws TesseraError `query-invalid`
 */
export function parseDrillthrough(json: unknown): DrillthroughRequest {
  const {
    order: _o,
    top: _t,
    totals: _s,
    pivot: _p,
    fillDates: _f,
    cursor: _c,
    ...asked
  } = parseShape(drillthrough, json);
  return asked;
}

/** Parses a drill. @throws TesseraError `query-invalid` */
export function parseDrill(json: unknown): DrillRequest {
  const asked = parseShape(drill, json);
  return { ...asked, query: parseQuery(asked.query) };
}
