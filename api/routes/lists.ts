/** `/v1/lists`: lists of members for people and systems, and their delivery. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import { assigneesOf, destinationsOf, exportList, getList, listLists, missingSettings } from "../../etl/index.ts";
import type { App } from "../http/environment.ts";
import { anyObject, jsonBody, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { filtersSchema } from "../schemas/query.ts";
import { withProjectState } from "../services/project-state.ts";

const tags = ["Lists"];
const create = z
  .strictObject({
    segment: z.string().max(300).optional(),
    filters: filtersSchema.optional(),
    to: z.string().max(300),
    dry: z.boolean().optional(),
  })
  .openapi("MakeList", { example: { segment: "win_back", to: "call_list" } });
const list = anyObject(
  "id, audience, destination, madeAt, status (dry, delivered, failed), found, withheld, entries, delivered, detail",
);
const destination = anyObject("name, title, over, kind, columns, waitsFor (variables that are not set)");
const lists = createRoute({
  method: "get",
  path: "/v1/lists",
  tags,
  summary: "Lists, newest first, and the destinations of the project",
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(1000).optional() }) },
  responses: {
    200: jsonResponse(z.object({ lists: z.array(list), destinations: z.array(destination) }), "The lists"),
  },
});
const make = createRoute({
  method: "post",
  path: "/v1/lists",
  tags,
  summary: "Create a list from a segment or from filters, and deliver it",
  request: { body: jsonBody(create) },
  responses: {
    201: jsonResponse(list, "The list"),
    400: problemResponse("Neither or both of segment and filters"),
    404: problemResponse("Segment or destination not found"),
    502: problemResponse("The destination accepted nothing"),
  },
});
const one = createRoute({
  method: "get",
  path: "/v1/lists/{id}",
  tags,
  summary: "One list: its figures and assignees",
  request: { params: z.object({ id: z.string().max(300) }) },
  responses: {
    200: jsonResponse(anyObject("the list, and assignees"), "The list"),
    404: problemResponse("List not found"),
  },
});

export const listRoutes = (app: App): void => {
  app.openapi(lists, async (c) => {
    const { project } = c.var.services;
    const { limit = 50 } = c.req.valid("query");
    const destinations = destinationsOf(project.spec).map(({ name, title, over, to, columns }) => ({
      name,
      title: title ?? name,
      over,
      kind: to.kind,
      columns,
      waitsFor: [...missingSettings(to, process.env)],
    }));
    const made = await withProjectState(project, (state) => listLists(state, limit));
    return c.json({ lists: made.map((each) => ({ ...each })), destinations }, 200);
  });
  app.openapi(make, async (c) => {
    const { project, clock } = c.var.services;
    const { segment, filters, to, dry } = c.req.valid("json");
    if ((segment === undefined) === (filters === undefined))
      throw new TesseraError("bad-request", "a list needs either a segment or filters", {
        place: "$",
        remedy: 'for example { "segment": "win_back", "to": "call_list" }',
      });
    const made = await exportList(project, {
      audience: segment ?? { measures: [], filters: filters ?? [] },
      to,
      by: "api",
      now: clock,
      ...(dry && { dry }),
    });
    return c.json({ ...made }, 201);
  });
  app.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    const found = await withProjectState(c.var.services.project, (state) => ({
      ...getList(state, id),
      assignees: assigneesOf(state, id),
    }));
    return c.json(found, 200);
  });
};
