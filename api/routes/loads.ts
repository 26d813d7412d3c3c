/** `/v1/loads`: the load history, rejected rows and rollback. */
import { createRoute, z } from "@hono/zod-openapi";
import { getRejects, listRuns, rollbackLoad } from "../../etl/index.ts";
import type { App } from "../http/environment.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { withProjectState } from "../services/project-state.ts";

const tags = ["Loads"];
const unknown = problemResponse("Load not found");
const numbered = z.object({ id: z.string().max(100) });
const limited = z.object({ limit: z.coerce.number().int().min(1).max(1000).optional() });

const loads = createRoute({
  method: "get",
  path: "/v1/loads",
  tags,
  summary: "The load history, newest first",
  request: { query: limited },
  responses: { 200: jsonResponse(z.object({ loads: z.array(anyObject("a run with its steps")) }), "The loads") },
});
const rejects = createRoute({
  method: "get",
  path: "/v1/loads/{id}/rejects",
  tags,
  summary: "The rows that a load rejected, each with its reason",
  request: {
    params: numbered,
    query: limited.extend({
      job: z.string().max(300).optional(),
      offset: z.coerce.number().int().min(0).max(1e9).optional(),
    }),
  },
  responses: {
    200: jsonResponse(z.object({ rejects: z.array(anyObject("job, file, line, column, reason, row")) }), "The rows"),
    404: unknown,
  },
});
const rollback = createRoute({
  method: "post",
  path: "/v1/loads/{id}/rollback",
  tags,
  summary: "Restore the data version from before a load",
  request: { params: numbered },
  responses: {
    200: jsonResponse(
      z.object({ from: z.number(), to: z.number(), runs: z.array(z.string()) }),
      "The versions before and after",
    ),
    404: unknown,
    409: problemResponse("Another run is in progress"),
    410: problemResponse("The version from before the load is no longer kept"),
  },
});

export const loadRoutes = (app: App): void => {
  app.openapi(loads, async (c) => {
    const { limit = 50 } = c.req.valid("query");
    const runs = await withProjectState(c.var.services.project, (state) => listRuns(state, { limit }));
    return c.json({ loads: runs.map((each) => ({ ...each })) }, 200);
  });
  app.openapi(rejects, async (c) => {
    const { project } = c.var.services;
    const { id } = c.req.valid("param");
    const { limit = 100, job, offset } = c.req.valid("query");
    const found = await withProjectState(project, (state) =>
      getRejects(project.warehouse, state, id, { limit, ...(job && { job }), ...(offset && { offset }) }),
    );
    return c.json({ rejects: found.map((each) => ({ ...each })) }, 200);
  });
  app.openapi(rollback, async (c) => {
    const { project } = c.var.services;
    const { from, to, runs } = await rollbackLoad(project.warehouse, c.req.valid("param").id, "api");
    await project.refresh();
    return c.json({ from, to, runs: [...runs] }, 200);
  });
};
