/** `/v1/query`, `/v1/explain`, `/v1/drillthrough`, `/v1/members/{member}`: questions and their answers. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import type { DrillRequest } from "../../engine/query/language/drill-request.ts";
import type { Query } from "../../engine/model/query.ts";
import type { DrillthroughRequest } from "../../etl/project/open-project.ts";
import { respond, titleOfQuery } from "../exports/respond.ts";
import { FORMS } from "../exports/negotiate.ts";
import { checked, parseJson } from "../http/body.ts";
import { anyObject, jsonResponse, problemResponse, resultSchema, value } from "../schemas/answers.ts";
import { drillthroughSchema, querySchema } from "../schemas/query.ts";
import { readerFor, type App } from "./environment.ts";

const forms = z.object({
  format: z
    .enum(Object.keys(FORMS) as [string, ...string[]])
    .optional()
    .openapi({ description: "json, csv, xlsx, parquet or arrow; else the Accept header decides" }),
  raw: z
    .enum(["0", "1"])
    .optional()
    .openapi({ description: "1: text cells that a spreadsheet would run are left as they are" }),
  titles: z
    .enum(["0", "1"])
    .optional()
    .openapi({ description: "1: the first line of a CSV has titles instead of member names" }),
  version: z.string().optional().openapi({ description: "a data version other than the current one" }),
});

const answers = {
  200: {
    description: "The answer, in the form asked for",
    content: {
      "application/json": { schema: resultSchema },
      "text/csv": { schema: z.string() },
      [FORMS.xlsx]: { schema: z.string().openapi({ format: "binary" }) },
      [FORMS.arrow]: { schema: z.string().openapi({ format: "binary" }) },
      [FORMS.parquet]: { schema: z.string().openapi({ format: "binary" }) },
    },
  },
  400: problemResponse("The question is not valid; each problem has its place and remedy"),
  503: problemResponse("Nothing has been loaded yet"),
};

const jsonOf = <S extends z.ZodType>(schema: S) => ({ required: true, content: { "application/json": { schema } } });

const postQuery = createRoute({
  method: "post",
  path: "/v1/query",
  tags: ["Questions"],
  summary: "Answer one query",
  request: { body: jsonOf(querySchema), query: forms },
  responses: answers,
});
const getQuery = createRoute({
  method: "get",
  path: "/v1/query",
  tags: ["Questions"],
  summary: "Answer one query given as a link",
  request: {
    query: forms.extend({
      q: z.string().openapi({ description: "the query as JSON", example: '{"measures":["sales.revenue"]}' }),
    }),
  },
  responses: { ...answers, 304: { description: "The caller has this answer already (If-None-Match)" } },
});
const explain = createRoute({
  method: "post",
  path: "/v1/explain",
  tags: ["Questions"],
  summary: "How a query is answered: SQL, plan, formulas, rollups, row rules, the tables and loads behind it",
  request: { body: jsonOf(querySchema) },
  responses: {
    200: jsonResponse(anyObject("sql, plan, measures, rollups, rules, tables"), "The explanation"),
    400: answers[400],
    503: answers[503],
  },
});
const drillthrough = createRoute({
  method: "post",
  path: "/v1/drillthrough",
  tags: ["Questions"],
  summary: "The fact rows under one cell",
  request: { body: jsonOf(drillthroughSchema), query: forms },
  responses: answers,
});
const drill = createRoute({
  method: "post",
  path: "/v1/drill",
  tags: ["Questions"],
  summary: "The next question from a cell: down or up a hierarchy, or across to another attribute",
  request: {
    body: jsonOf(
      z
        .object({
          query: querySchema,
          direction: z.union([z.enum(["down", "up"]), z.object({ to: z.string() })]),
          dimension: z.string().optional(),
          cell: z.record(z.string(), value).optional(),
        })
        .strict()
        .openapi({
          example: {
            query: { measures: ["sales.revenue"], dimensions: ["customer.country"] },
            direction: "down",
            cell: { "customer.country": "Germany" },
          },
        }),
    ),
  },
  responses: {
    200: jsonResponse(anyObject("the query of the next level"), "The query; POST it to /v1/query"),
    400: answers[400],
    503: answers[503],
  },
});
const members = createRoute({
  method: "get",
  path: "/v1/members/{member}",
  tags: ["Questions"],
  summary: "An attribute's values, searched",
  request: {
    params: z.object({ member: z.string().openapi({ example: "customer.country" }) }),
    query: z.object({
      search: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
      version: z.string().optional(),
    }),
  },
  responses: {
    200: jsonResponse(z.object({ values: z.array(value), truncated: z.boolean() }), "The values"),
    400: answers[400],
    503: answers[503],
  },
});

export const queryRoutes = (app: App): void => {
  app.openapi(postQuery, async (c) => {
    const query = c.req.valid("json") as Query;
    const reader = readerFor(c);
    return respond(c, c.var.services, reader, {
      question: query,
      title: titleOfQuery(query),
      result: () => reader.query(query),
      arrow: () => reader.run((o) => c.var.services.project.arrow(query, o)),
      parquet: () => reader.run((o) => c.var.services.project.parquet(query, o)),
    });
  });
  app.openapi(getQuery, async (c) => {
    const text = c.req.query("q");
    if (text === undefined)
      throw new TesseraError("bad-request", "the query is missing", {
        place: "?q",
        remedy: 'give the query as JSON in `q`, or POST it: ?q={"measures":["…"]}',
      });
    const query = checked(querySchema, parseJson(text, "?q"), "?q") as Query;
    const reader = readerFor(c);
    return respond(c, c.var.services, reader, {
      question: query,
      title: titleOfQuery(query),
      result: () => reader.query(query),
      arrow: () => reader.run((o) => c.var.services.project.arrow(query, o)),
      parquet: () => reader.run((o) => c.var.services.project.parquet(query, o)),
    });
  });
  app.openapi(explain, async (c) => {
    const query = c.req.valid("json") as Query;
    return c.json({ ...(await readerFor(c).run((o) => c.var.services.project.explain(query, o))) }, 200);
  });
  app.openapi(drillthrough, async (c) => {
    const request = c.req.valid("json") as DrillthroughRequest;
    const reader = readerFor(c);
    return respond(c, c.var.services, reader, {
      question: { drillthrough: request },
      title: `rows of ${titleOfQuery(request)}`,
      result: async () => {
        const result = await reader.run((o) => c.var.services.project.drillthrough(request, o));
        // statements are told by /v1/explain alone
        const { sql: _, ...meta } = result.meta;
        return { ...result, meta };
      },
    });
  });
  app.openapi(drill, async (c) => {
    const request = c.req.valid("json") as DrillRequest;
    return c.json({ query: c.var.services.project.drill(request, readerFor(c).options) }, 200);
  });
  app.openapi(members, async (c) => {
    const { search, limit } = c.req.valid("query");
    const { values, truncated } = await readerFor(c).run((o) =>
      c.var.services.project.members(c.req.valid("param").member, { ...(search && { search }), limit: limit ?? 50 }, o),
    );
    return c.json({ values: [...values], truncated }, 200);
  });
};
