/** `/v1/goals`: each goal with the figure it has reached and whether it will be met; judgements by people of goals that no figure decides. */
import { createRoute, z } from "@hono/zod-openapi";
import { addJudgement, JUDGED_VERDICTS, listJudgements, withState } from "../../etl/index.ts";
import { goalOutlooks } from "../pages/programme/goal-outlooks.ts";
import { goalStates } from "../pages/goals/goal-state.ts";
import { jsonResponse, problemResponse } from "../schemas/answers.ts";
import { readerFor, type App } from "./environment.ts";

const pair = z.array(z.number()).length(2);
const outlook = z
  .object({
    from: z.string(),
    until: z.string(),
    unit: z.enum(["day", "month"]),
    done: z.number().openapi({ description: "whole units that the data covers" }),
    of: z.number(),
    expected: z.number().nullable().openapi({ description: "what the period will come to" }),
    interval: pair.nullable().openapi({ description: "80 %" }),
    chance: z.number().nullable().openapi({ description: "of reaching the target" }),
    needed: z.number().nullable().openapi({ description: "a unit from now on" }),
    pace: z.number().nullable().openapi({ description: "a unit so far" }),
    by: z.string(),
    words: z.string(),
  })
  .openapi("Outlook");
const goal = z
  .object({
    name: z.string(),
    title: z.string(),
    measure: z.string(),
    owner: z.string().optional(),
    by: z.string(),
    baseline: z.number(),
    target: z.number(),
    value: z.number().nullable(),
    progress: z.number().nullable().openapi({ description: "0 at the baseline, 1 at the target" }),
    reached: z.boolean(),
    problem: z.string().optional(),
    outlook: outlook.nullable().openapi({ description: "null where the goal cannot be computed" }),
  })
  .openapi("Goal");
const judgement = z
  .strictObject({
    goal: z.string().max(1000),
    judgedOn: z.string().max(40).openapi({ description: "ISO date" }),
    assessor: z.string().max(1000),
    verdict: z.enum(JUDGED_VERDICTS as [string, ...string[]]),
    words: z.string().max(10_000),
  })
  .openapi("Judgement", {
    example: {
      goal: "Service is friendlier",
      judgedOn: "2026-01-31",
      assessor: "Ada",
      verdict: "partly",
      words: "Letters say so",
    },
  });

const goals = createRoute({
  method: "get",
  path: "/v1/goals",
  tags: ["Goals"],
  summary: "Goals: baseline, target, where they stand, and whether they will be met",
  responses: {
    200: jsonResponse(z.object({ goals: z.array(goal) }), "The goals"),
    503: problemResponse("Nothing has been loaded yet"),
  },
});
const judged = createRoute({
  method: "get",
  path: "/v1/goals/judgements",
  tags: ["Goals"],
  summary: "What people judged of goals, the newest first",
  responses: { 200: jsonResponse(z.object({ judgements: z.array(judgement) }), "The judgements") },
});
const judge = createRoute({
  method: "post",
  path: "/v1/goals/judgements",
  tags: ["Goals"],
  summary: "Note a judgement: which goal, by whom, when, and why; it is added and never changed",
  request: { body: { required: true, content: { "application/json": { schema: judgement } } } },
  responses: { 201: jsonResponse(judgement, "Noted"), 400: problemResponse("A field is missing or no date") },
});

export const goalRoutes = (app: App): void => {
  app.openapi(goals, async (c) => {
    const { project } = c.var.services;
    const declared = project.spec.goals ?? [];
    const reader = readerFor(c);
    const [states, outlooks] = await Promise.all([
      goalStates(declared, reader),
      goalOutlooks(declared, reader, project),
    ]);
    return c.json(
      {
        goals: states.map((state, i) => ({
          ...state,
          outlook: outlooks[i]! && { ...outlooks[i]!, interval: outlooks[i]!.interval && [...outlooks[i]!.interval!] },
        })),
      },
      200,
    );
  });
  app.openapi(judged, (c) =>
    c.json(
      {
        judgements: withState(c.var.services.project.warehouse, (state) => listJudgements(state)).map((j) => ({
          ...j,
        })),
      },
      200,
    ),
  );
  app.openapi(judge, async (c) => {
    const { project, clock } = c.var.services;
    const noted = c.req.valid("json") as Parameters<typeof addJudgement>[1];
    withState(project.warehouse, (state) => addJudgement(state, noted, clock()));
    return c.json({ ...noted }, 201);
  });
};
