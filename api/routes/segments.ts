/** `/v1/segments`, and the reports and rules of mining models. */
import { createRoute, z } from "@hono/zod-openapi";
import { at, first } from "../../engine/lookup.ts";
import { exportList } from "../../etl/index.ts";
import { modelReport } from "../../etl/project/reports.ts";
import { csv } from "../exports/csv.ts";
import { attachment } from "../http/attachment.ts";
import { readerFor, type App } from "../http/environment.ts";
import { anyObject, jsonBody, jsonResponse, notLoaded, problemResponse } from "../schemas/answers.ts";
import { filtersSchema } from "../schemas/query.ts";
import { audienceOfRule } from "../services/rule-audience.ts";

const invalid = problemResponse("The rule is not valid");
const rule = z.strictObject({ over: z.string().min(1).max(300), filters: filtersSchema }).openapi("SegmentRule", {
  example: { over: "customer", filters: [{ member: "customer.country", operator: "equals", values: ["Germany"] }] },
});
const size = z.object({
  members: z.number(),
  of: z.number(),
  after: z.array(z.number()).openapi({ description: "members left after the first filter, the first two, …" }),
});

const list = createRoute({
  method: "get",
  path: "/v1/segments",
  tags: ["Segments"],
  summary: "Stored segments with their rules and sizes",
  responses: {
    200: jsonResponse(
      z.object({ segments: z.array(anyObject("name, title, description, over, filters, members, of")) }),
      "The segments",
    ),
    503: notLoaded,
  },
});
const count = createRoute({
  method: "post",
  path: "/v1/segments/count",
  tags: ["Segments"],
  summary: "Size of a rule, and after each of its filters",
  request: { body: jsonBody(rule) },
  responses: { 200: jsonResponse(size, "The sizes"), 400: invalid, 503: notLoaded },
});
const report = createRoute({
  method: "get",
  path: "/v1/models/{name}/report",
  tags: ["Mining"],
  summary: "A model's report: parameters, figures, tables, notes",
  request: { params: z.object({ name: z.string().max(300) }) },
  responses: {
    200: jsonResponse(anyObject("the report"), "The report"),
    404: problemResponse("Model not found, or not run yet"),
    503: notLoaded,
  },
});

const numbered = z.object({ name: z.string().max(300), number: z.coerce.number().int().min(1).max(100_000) });
const unknownRule = problemResponse("Model or rule not found, or the model has not run yet");
const audience = createRoute({
  method: "get",
  path: "/v1/models/{name}/rules/{number}/audience",
  tags: ["Mining"],
  summary: "The audience of an association rule: members who bought its left side and never the right; also as CSV",
  request: { params: numbered },
  responses: {
    200: {
      description: "The members' keys",
      content: {
        "application/json": {
          schema: z.object({ rule: z.string(), over: z.string(), member: z.string(), keys: z.array(z.string()) }),
        },
        "text/csv": { schema: z.string() },
      },
    },
    404: unknownRule,
    503: notLoaded,
  },
});
const toList = createRoute({
  method: "post",
  path: "/v1/models/{name}/rules/{number}/list",
  tags: ["Mining"],
  summary: "Create a list of a rule's audience and deliver it; members without consent are left out",
  request: {
    params: numbered,
    body: jsonBody(
      z
        .strictObject({ to: z.string().max(300), dry: z.boolean().optional() })
        .openapi("RuleList", { example: { to: "call_list" } }),
    ),
  },
  responses: { 201: jsonResponse(anyObject("the list"), "The list"), 404: unknownRule },
});

/** Filters that are counted one by one. */
const MOST_STEPS = 20;

const segmentSizeRoutes = (app: App): void => {
  app.openapi(list, async (c) => {
    const { project } = c.var.services;
    const reader = readerFor(c);
    const segments = await Promise.all(
      (project.spec.segments ?? []).map(async ({ name, title, description, over, filters }) => {
        const sizes = await reader.remember(["segment size", over, filters], (options) =>
          project.segmentSize({ over, filters }, options),
        );
        return { name, title, description, over, filters, ...sizes };
      }),
    );
    return c.json({ segments }, 200);
  });
  app.openapi(count, async (c) => {
    const { project } = c.var.services;
    const { over, filters } = c.req.valid("json");
    const reader = readerFor(c);
    const steps = filters.slice(0, MOST_STEPS).map((_, i) => filters.slice(0, i + 1));
    const sizes = await Promise.all(
      [filters, ...steps].map((part) => reader.run((options) => project.segmentSize({ over, filters: part }, options))),
    );
    const { members, of } = first(sizes);
    return c.json({ members, of, after: steps.map((_, i) => at(sizes, i + 1).members) }, 200);
  });
};

const ruleRoutes = (app: App): void => {
  app.openapi(audience, async (c) => {
    const { name, number } = c.req.valid("param");
    const { rule, over, member, keys } = await audienceOfRule(name, number, readerFor(c), c.var.services);
    if (c.req.query("format") !== "csv" && !c.req.header("accept")?.includes("text/csv"))
      return c.json({ rule, over, member, keys: [...keys] }, 200);
    const text = csv({
      columns: [{ name: member, kind: "dimension", type: "string", title: member }],
      rows: keys.map((key) => ({ [member]: key })),
    });
    return c.body(text, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(`${name}-rule-${number}.csv`),
    });
  });
  app.openapi(toList, async (c) => {
    const { name, number } = c.req.valid("param");
    const { project, clock } = c.var.services;
    const { to, dry } = c.req.valid("json");
    const { rule, filter } = await audienceOfRule(name, number, readerFor(c), c.var.services);
    const made = await exportList(project, {
      audience: { measures: [], filters: [filter] },
      what: rule,
      to,
      by: "api",
      now: clock,
      ...(dry && { dry }),
    });
    return c.json({ ...made }, 201);
  });
};

export const segmentRoutes = (app: App): void => {
  segmentSizeRoutes(app);
  ruleRoutes(app);
  app.openapi(report, async (c) => {
    const { name } = c.req.valid("param");
    const found = await readerFor(c).run((options) => modelReport(c.var.services.project, name, options));
    return c.json({ ...found }, 200);
  });
};
