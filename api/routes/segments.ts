/** `/v1/segments` and `/v1/models/{name}/report`: who belongs where, and how it was found out. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Filter } from "../../engine/model/filter.ts";
import { modelReport } from "../../etl/project/reports.ts";
import { exportList } from "../../etl/index.ts";
import { csv } from "../exports/csv.ts";
import { toldRule } from "../http/rule-audience.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { filterSchema } from "../schemas/query.ts";
import { readerFor, type App } from "./environment.ts";

const wrong = problemResponse("The rule is not valid");
const unloaded = problemResponse("Nothing has been loaded yet");
const rule = z
  .strictObject({ over: z.string().min(1).max(300), filters: z.array(filterSchema).max(200) })
  .openapi("SegmentRule", {
    example: { over: "customer", filters: [{ member: "customer.country", operator: "equals", values: ["Germany"] }] },
  });
const size = z.object({ members: z.number(), of: z.number() });

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
    503: unloaded,
  },
});
const count = createRoute({
  method: "post",
  path: "/v1/segments/count",
  tags: ["Segments"],
  summary: "Size of a rule, and after each of its filters",
  request: { body: { required: true, content: { "application/json": { schema: rule } } } },
  responses: {
    200: jsonResponse(
      size.extend({
        after: z.array(z.number()).openapi({ description: "members left after the first filter, the first two, …" }),
      }),
      "The sizes",
    ),
    400: wrong,
    503: unloaded,
  },
});
const report = createRoute({
  method: "get",
  path: "/v1/models/{name}/report",
  tags: ["Mining"],
  summary: "A model's report: parameters, figures, tables, notes",
  request: { params: z.object({ name: z.string().max(300) }) },
  responses: {
    200: jsonResponse(anyObject("the report"), "The report"),
    404: problemResponse("No such model, or not mined yet"),
    503: unloaded,
  },
});

const numbered = z.object({ name: z.string().max(300), number: z.coerce.number().int().min(1).max(100_000) });
const unknownRule = problemResponse("No such model or rule, or not mined yet");
const audience = createRoute({
  method: "get",
  path: "/v1/models/{name}/rules/{number}/audience",
  tags: ["Mining"],
  summary:
    "Whom a rule of what is bought together could be told to: members who bought its left side and never the right; as CSV too",
  request: { params: numbered },
  responses: {
    200: jsonResponse(
      z.object({ rule: z.string(), over: z.string(), member: z.string(), keys: z.array(z.string()) }),
      "The members' keys",
    ),
    404: unknownRule,
    503: unloaded,
  },
});
const toList = createRoute({
  method: "post",
  path: "/v1/models/{name}/rules/{number}/list",
  tags: ["Mining"],
  summary: "Make a list of a rule's audience and deliver it: nobody without consent",
  request: {
    params: numbered,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .strictObject({ to: z.string().max(300), dry: z.boolean().optional() })
            .openapi("RuleList", { example: { to: "call_list" } }),
        },
      },
    },
  },
  responses: { 201: jsonResponse(anyObject("the list"), "The list"), 404: unknownRule },
});

/** Filters whose steps are counted one by one. */
const MOST_STEPS = 20;

export const segmentRoutes = (app: App): void => {
  app.openapi(list, async (c) => {
    const { project } = c.var.services;
    const reader = readerFor(c);
    const segments = await Promise.all(
      (project.spec.segments ?? []).map(async ({ name, title, description, over, filters }) => ({
        name,
        title,
        description,
        over,
        filters,
        ...(await reader.remember(["segment size", over, filters], (o) => project.segmentSize({ over, filters }, o))),
      })),
    );
    return c.json({ segments }, 200);
  });
  app.openapi(count, async (c) => {
    const { project } = c.var.services;
    const { over, filters } = c.req.valid("json") as { readonly over: string; readonly filters: readonly Filter[] };
    const reader = readerFor(c);
    const steps = filters.slice(0, MOST_STEPS).map((_, i) => filters.slice(0, i + 1));
    const [whole, ...after] = await Promise.all(
      [filters, ...steps].map((part) => reader.run((o) => project.segmentSize({ over, filters: part }, o))),
    );
    return c.json({ members: whole!.members, of: whole!.of, after: after.map((s) => s.members) }, 200);
  });
  app.openapi(audience, async (c) => {
    const { name, number } = c.req.valid("param");
    const { rule, over, member, keys } = await toldRule(name, number, readerFor(c), c.var.services);
    if (c.req.query("format") === "csv" || c.req.header("accept")?.includes("text/csv"))
      return c.body(
        csv({
          columns: [{ name: member, kind: "dimension", type: "string", title: member }],
          rows: keys.map((key) => ({ [member]: key })),
        }),
        200,
        {
          "Content-Type": "text/csv; charset=utf-8",
          "Content-Disposition": `attachment; filename="${name}-rule-${number}.csv"`,
        },
      ) as never;
    return c.json({ rule, over, member, keys: [...keys] }, 200);
  });
  app.openapi(toList, async (c) => {
    const { name, number } = c.req.valid("param");
    const { project, clock } = c.var.services;
    const { rule, filter } = await toldRule(name, number, readerFor(c), c.var.services);
    const { to, dry } = c.req.valid("json");
    return c.json(
      {
        ...(await exportList(project, {
          audience: { measures: [], filters: [filter] },
          what: rule,
          to,
          by: "api",
          now: clock,
          ...(dry && { dry }),
        })),
      },
      201,
    );
  });
  app.openapi(report, async (c) => {
    const reader = readerFor(c);
    return c.json(
      { ...(await reader.run((o) => modelReport(c.var.services.project, c.req.valid("param").name, o))) },
      200,
    );
  });
};
