/** The shapes of what is asked from a cell of an answer: its rows, and the next question. */
import { z } from "zod";
import type { DrillRequest } from "./drill-request.ts";
import type { DrillthroughRequest } from "./drill-request.ts";
import { member, parseQuery, parseShape, query, value } from "./parse-query.ts";

const cell = z.record(member, value).optional();
const drillthrough = query.extend({ cell });
const drill = z.strictObject({
  query: z.unknown(),
  dimension: member.optional(),
  direction: z.union(
    [z.enum(["down", "up"]), z.strictObject({ to: member })],
    'a drill goes down, up, or across: { to: "product.category" }',
  ),
  cell,
});

/** What decides about whole rows of an answer says nothing of the facts below one. @throws TesseraError `query-invalid` */
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
  return asked as unknown as DrillthroughRequest;
}

/** @throws TesseraError `query-invalid` */
export function parseDrill(json: unknown): DrillRequest {
  const asked = parseShape(drill, json);
  return { ...asked, query: parseQuery(asked.query) } as unknown as DrillRequest;
}
