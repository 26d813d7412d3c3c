/** `/v1/query`, `/v1/explain`, `/v1/drillthrough`, `/v1/drill`, `/v1/members`: queries and their answers. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { TesseraError } from "../../engine/errors/index.ts";
import type { Query } from "../../engine/model/query.ts";
import { trustShape } from "../../engine/query/language/parse-query.ts";
import { FORMATS } from "../exports/formats.ts";
import { titleOfQuery } from "../exports/title-of-query.ts";
import { checked, parseJson } from "../http/body.ts";
import { readerFor, type App, type Environment } from "../http/environment.ts";
import { respond } from "../http/respond.ts";
import {
  anyObject,
  jsonBody,
  jsonResponse,
  notLoaded,
  problemResponse,
  resultSchema,
  value,
} from "../schemas/answers.ts";
import { cellSchema, drillthroughSchema, querySchema } from "../schemas/query.ts";

const tags = ["Queries"];
const flag = z.enum(["0", "1"]).optional();
const forms = z.object({
  format: z
    .enum(FORMATS.map(({ name }) => name))
    .optional()
    .openapi({ description: "default by the Accept header" }),
  raw: flag.openapi({ description: "1 keeps text cells that a spreadsheet would run as formulas" }),
  titles: flag.openapi({ description: "1 heads the columns of a CSV with titles instead of member names" }),
  version: z.string().optional().openapi({ description: "a data version other than the current one" }),
});
const binaries = (): object =>
  Object.fromEntries(
    FORMATS.filter(({ isText }) => !isText).map(({ mediaType }) => [
      mediaType,
      { schema: z.string().openapi({ format: "binary" }) },
    ]),
  );
const answers = {
  200: {
    description: "The answer, in the format asked for",
    content: {
      "application/json": { schema: resultSchema },
      "text/csv": { schema: z.string() },
      ...binaries(),
    },
  },
  400: problemResponse("The query is not valid; each problem has its place and remedy"),
  503: notLoaded,
};

const postQuery = createRoute({
  method: "post",
  path: "/v1/query",
  tags,
  summary: "Answer one query",
  request: { body: jsonBody(querySchema), query: forms },
  responses: answers,
});
const getQuery = createRoute({
  method: "get",
  path: "/v1/query",
  tags,
  summary: "Answer one query given as a link",
  request: {
    query: forms.extend({
      q: z.string().openapi({ description: "the query as JSON", example: '{"measures":["sales.revenue"]}' }),
    }),
  },
  responses: { ...answers, 304: { description: "The caller's copy is current (If-None-Match)" } },
});
const explain = createRoute({
  method: "post",
  path: "/v1/explain",
  tags,
  summary:
    "How a query is answered: logical plan, SQL, DuckDB's plan, formulas, rollups, row rules, the tables and loads behind it",
  request: { body: jsonBody(querySchema) },
  responses: {
    200: jsonResponse(anyObject("sql, plan, logical, measures, rollups, rules, tables"), "The explanation"),
    400: answers[400],
    503: notLoaded,
  },
});
const drillthrough = createRoute({
  method: "post",
  path: "/v1/drillthrough",
  tags,
  summary: "The fact rows behind one cell",
  request: { body: jsonBody(drillthroughSchema), query: forms },
  responses: answers,
});
const drillSchema = z
  .strictObject({
    query: querySchema,
    direction: z.union([z.enum(["down", "up"]), z.object({ to: z.string() })]),
    dimension: z.string().optional(),
    cell: cellSchema.optional(),
  })
  .openapi({
    example: {
      query: { measures: ["sales.revenue"], dimensions: ["customer.country"] },
      direction: "down",
      cell: { "customer.country": "Germany" },
    },
  });
const drill = createRoute({
  method: "post",
  path: "/v1/drill",
  tags,
  summary: "The next query from a cell: down or up a hierarchy, or across to another attribute",
  request: { body: jsonBody(drillSchema) },
  responses: {
    200: jsonResponse(anyObject("the query of the next level"), "The query; POST it to /v1/query"),
    400: answers[400],
    503: notLoaded,
  },
});
const members = createRoute({
  method: "get",
  path: "/v1/members/{member}",
  tags,
  summary: "Search the values of an attribute",
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
    503: notLoaded,
  },
});

const answerQuery = (c: Context<Environment>, query: Query): Promise<Response> => {
  const { services } = c.var;
  const reader = readerFor(c);
  return respond(c, services, reader, {
    question: query,
    across: query.pivot?.columns ?? [],
    title: titleOfQuery(query),
    result: () => reader.query(query),
    arrow: () => reader.run((options) => services.project.arrow(query, options)),
    parquet: () => reader.run((options) => services.project.parquet(query, options)),
  });
};

const answerRoutes = (app: App): void => {
  app.openapi(postQuery, (c) => answerQuery(c, trustShape(c.req.valid("json"))));
  app.openapi(getQuery, (c) => {
    const text = c.req.query("q");
    if (text === undefined)
      throw new TesseraError("bad-request", "the query is missing", {
        place: "?q",
        remedy: 'add the query as JSON: ?q={"measures":["…"]}',
      });
    return answerQuery(c, trustShape(checked(querySchema, parseJson(text, "?q"), "?q")));
  });
  app.openapi(drillthrough, (c) => {
    const { services } = c.var;
    const request = trustShape(c.req.valid("json"));
    const reader = readerFor(c);
    return respond(c, services, reader, {
      question: { drillthrough: request },
      across: [],
      title: `rows of ${titleOfQuery(request)}`,
      result: async () => {
        const result = await reader.run((options) => services.project.drillthrough(request, options));
        // only /v1/explain shows statements
        const { sql: _, ...meta } = result.meta;
        return { ...result, meta };
      },
    });
  });
};

export const queryRoutes = (app: App): void => {
  answerRoutes(app);
  app.openapi(explain, async (c) => {
    const query = trustShape(c.req.valid("json"));
    const found = await readerFor(c).run((options) => c.var.services.project.explain(query, options));
    return c.json({ ...found }, 200);
  });
  app.openapi(drill, (c) => {
    const query = c.var.services.project.drill(c.req.valid("json"), readerFor(c).options);
    return c.json({ query }, 200);
  });
  app.openapi(members, async (c) => {
    const { member } = c.req.valid("param");
    const { search, limit = 50 } = c.req.valid("query");
    const { values, truncated } = await readerFor(c).run((options) =>
      c.var.services.project.members(member, { ...(search && { search }), limit }, options),
    );
    return c.json({ values: [...values], truncated }, 200);
  });
};
