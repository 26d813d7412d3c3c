/** Shapes of answers, and the parts that route descriptions share. */
import { z } from "@hono/zod-openapi";

export const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const row = z.record(z.string(), value).openapi("Row");

export const columnSchema = z
  .object({
    name: z.string(),
    kind: z.enum(["dimension", "measure"]),
    type: z.enum(["string", "integer", "number", "boolean", "date", "timestamp"]),
    title: z.string(),
    description: z.string().optional(),
    format: z.string().optional(),
    currency: z.string().optional(),
    better: z.enum(["up", "down"]).optional(),
    level: z.string().optional(),
    overlapping: z.boolean().optional(),
  })
  .openapi("Column");

const grouped = z.array(z.object({ level: z.array(z.string()), row }));

const meta = z.object({
  elapsedMs: z.number(),
  warehouseVersion: z.number().nullable(),
  rollup: z.string().nullable(),
  truncated: z.boolean(),
  next: z.string().optional(),
  now: z.string().optional(),
  range: z.array(z.string()).nullable().optional(),
  sql: z.array(z.string()).optional(),
});

export const resultSchema = z
  .object({
    columns: z.array(columnSchema),
    rows: z.array(row),
    totals: grouped.optional(),
    others: grouped.optional(),
    meta,
  })
  .openapi("Result");

const oneProblem = z.object({
  code: z.string(),
  message: z.string(),
  place: z.string().optional(),
  remedy: z.string().optional(),
});

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    place: z.string().optional(),
    remedy: z.string().optional(),
    problems: z.array(oneProblem).optional(),
  })
  .openapi("Problem", { description: "RFC 9457: what is wrong, where, and what to do next." });

/** A JSON object whose fields are described in words. */
export const anyObject = (description: string): z.ZodType => z.looseObject({}).openapi({ description });

/** An answer that is a problem document. */
export const problemResponse = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

/** An answer in JSON. */
export const jsonResponse = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** A required body in JSON. */
export const jsonBody = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** The answer of routes that read data before the first load. */
export const notLoaded = problemResponse("Nothing has been loaded yet");
