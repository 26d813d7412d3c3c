/** `/v1/lists`: lists of members for people and systems, and what became of them. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import type { Filter } from "../../engine/model/filter.ts";
import { assigneesOf, destinationsOf, exportList, getList, listLists, missingSettings } from "../../etl/index.ts";
import { withState } from "../http/loads.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { filterSchema } from "../schemas/query.ts";
import type { App } from "./environment.ts";

const make = z
  .strictObject({
    segment: z.string().max(300).optional(),
    filters: z.array(filterSchema).max(200).optional(),
    to: z.string().max(300),
    dry: z.boolean().optional(),
  })
  .openapi("MakeList", { example: { segment: "win_back", to: "call_list" } });
const list = anyObject(
  "id, audience, destination, madeAt, status (dry, delivered, failed), found, withheld, entries, delivered, detail",
);
const lists = createRoute({
  method: "get",
  path: "/v1/lists",
  tags: ["Lists"],
  summary: "Lists that were made, and the destinations there are",
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(1000).optional() }) },
  responses: {
    200: jsonResponse(
      z.object({
        lists: z.array(list),
        destinations: z.array(anyObject("name, title, over, kind, columns, waitsFor (variables that are not set)")),
      }),
      "The lists",
    ),
  },
});
const made = createRoute({
  method: "post",
  path: "/v1/lists",
  tags: ["Lists"],
  summary: "Make a list of a segment or of filters and deliver it",
  request: { body: { required: true, content: { "application/json": { schema: make } } } },
  responses: {
    201: jsonResponse(list, "The list"),
    400: problemResponse("Neither or both of segment and filters"),
    404: problemResponse("No such segment or destination"),
    502: problemResponse("The target took nothing"),
  },
});
const one = createRoute({
  method: "get",
  path: "/v1/lists/{id}",
  tags: ["Lists"],
  summary: "One list: its figures and who works on it",
  request: { params: z.object({ id: z.string().max(300) }) },
  responses: {
    200: jsonResponse(anyObject("the list, and assignees"), "The list"),
    404: problemResponse("No such list"),
  },
});

export const listRoutes = (app: App): void => {
  app.openapi(lists, async (c) => {
    const { project } = c.var.services;
    const destinations = destinationsOf(project.spec).map(({ name, title, over, to, columns }) => ({
      name,
      title: title ?? name,
      over,
      kind: to.kind,
      columns,
      waitsFor: [...missingSettings(to, process.env)],
    }));
    return c.json(
      {
        lists: (await withState(project, (state) => listLists(state, c.req.valid("query").limit ?? 50))).map(
          (each) => ({ ...each }),
        ),
        destinations,
      },
      200,
    );
  });
  app.openapi(made, async (c) => {
    const { project, clock } = c.var.services;
    const { segment, filters, to, dry } = c.req.valid("json");
    if ((segment === undefined) === (filters === undefined))
      throw new TesseraError("bad-request", "give a segment or filters", {
        place: "$",
        remedy: '{ "segment": "win_back", "to": "call_list" }',
      });
    const answer = await exportList(project, {
      audience: segment ?? { measures: [], filters: (filters ?? []) as readonly Filter[] },
      to,
      by: "api",
      now: clock,
      ...(dry && { dry }),
    });
    return c.json({ ...answer }, 201);
  });
  app.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(
      await withState(c.var.services.project, (state) => ({
        ...getList(state, id),
        assignees: assigneesOf(state, id),
      })),
      200,
    );
  });
};
