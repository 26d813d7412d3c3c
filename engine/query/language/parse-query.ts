/** From untrusted JSON to a query. Only the shape is checked here: the resolver checks names and types. */
import type { z } from "zod";
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Query } from "../../model/query.ts";
import { LIMITS, querySchema } from "./query-schema.ts";
import { shapeProblems } from "./shape-problems.ts";

export { LIMITS } from "./query-schema.ts";

/** Values whose shape is checked already. */
const checkedShapes = new WeakSet<object>();

/**
 * Marks a value that passed one of the schemas of `query-schema.ts`, so that its shape is not checked twice.
 * The caller must not change it afterwards.
 */
export function trustShape<T extends object>(value: T): T {
  checkedShapes.add(value);
  return value;
}

/** @throws TesseraError `query-invalid` with the JSON path of every problem */
export function parseQuery(json: unknown): Query {
  return parseShape(querySchema, json) as unknown as Query;
}

/** @throws TesseraError `query-invalid` with the JSON path of every problem; `too-large` */
export function parseShape<T extends z.ZodObject>(schema: T, json: unknown): z.output<T> {
  checkSize(json);
  // a trusted value has the schema's output shape already
  if (typeof json === "object" && json !== null && checkedShapes.has(json)) return json as z.output<T>;
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const keys = Object.keys(schema.shape);
  const what = keys.includes("direction") ? "a drill" : "a query";
  throw TesseraError.of(parsed.error.issues.flatMap((issue) => shapeProblems(issue, json, keys, what)));
}

/** Checks depth and size before the schema runs, so that crafted JSON costs nothing. */
function checkSize(json: unknown): void {
  let nodes = 0;
  const walk = (value: unknown, depth: number): void => {
    if (depth > LIMITS.depth)
      throw new TesseraError("query-invalid", phrase`the query is nested deeper than ${LIMITS.depth} levels`, {
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
