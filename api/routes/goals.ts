/** `/v1/goals`: each goal with the figure it has reached. */
import { createRoute, z } from "@hono/zod-openapi";
import { goalStates } from "../pages/goals/goal-state.ts";
import { jsonResponse, problemResponse } from "../schemas/answers.ts";
import { readerFor, type App } from "./environment.ts";

const goal = z.object({
  name: z.string(), title: z.string(), measure: z.string(), owner: z.string().optional(), by: z.string(), baseline: z.number(), target: z.number(),
  value: z.number().nullable(), progress: z.number().nullable().openapi({ description: "0 at the baseline, 1 at the target" }), reached: z.boolean(), problem: z.string().optional(),
}).openapi("Goal");

const goals = createRoute({ method: "get", path: "/v1/goals", tags: ["Catalog"], summary: "Goals: baseline, target and where they stand", responses: { 200: jsonResponse(z.object({ goals: z.array(goal) }), "The goals"), 503: problemResponse("Nothing has been loaded yet") } });

export const goalRoutes = (app: App): void => {
  app.openapi(goals, async (c) => c.json({ goals: (await goalStates(c.var.services.project.spec.goals ?? [], readerFor(c))).map((g) => ({ ...g })) }, 200));
};
