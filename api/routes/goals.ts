/** `/v1/goals`: progress and forecast of each goal, and people's judgements of goals that no measure decides. */
import { createRoute, z } from "@hono/zod-openapi";
import { addJudgement, JUDGED_VERDICTS, listJudgements, withState } from "../../etl/index.ts";
import { readerFor, type App } from "../http/environment.ts";
import { jsonBody, jsonResponse, notLoaded, problemResponse } from "../schemas/answers.ts";
import { goalOutlooks } from "../services/goal-outlooks.ts";
import { goalStates } from "../services/goal-state.ts";

const pair = z.array(z.number()).length(2);
const outlook = z
  .object({
    from: z.string(),
    until: z.string(),
    unit: z.enum(["day", "month"]),
    done: z.number().openapi({ description: "whole units that the data covers" }),
    of: z.number(),
    expected: z.number().nullable().openapi({ description: "forecast for the whole period" }),
    interval: pair.nullable().openapi({ description: "80 % interval of the forecast" }),
    chance: z.number().nullable().openapi({ description: "probability of reaching the target" }),
    needed: z.number().nullable().openapi({ description: "needed per unit from now on" }),
    pace: z.number().nullable().openapi({ description: "reached per unit so far" }),
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
    outlook: outlook.nullable().openapi({ description: "null when the goal cannot be forecast" }),
  })
  .openapi("Goal");
const judgement = z
  .strictObject({
    goal: z.string().max(1000),
    judgedOn: z.string().max(40).openapi({ description: "ISO date" }),
    assessor: z.string().max(1000),
    verdict: z.enum(JUDGED_VERDICTS),
    words: z.string().max(10_000),
  })
  .openapi("Judgement", {
    example: {
      goal: "Service is friendlier",
      judgedOn: "2026-01-31",
      assessor: "Ada",
      verdict: "partly",
      words: "Customer letters confirm it",
    },
  });

const goals = createRoute({
  method: "get",
  path: "/v1/goals",
  tags: ["Goals"],
  summary: "Goals with baseline, target, progress and forecast",
  responses: { 200: jsonResponse(z.object({ goals: z.array(goal) }), "The goals"), 503: notLoaded },
});
const judgements = createRoute({
  method: "get",
  path: "/v1/goals/judgements",
  tags: ["Goals"],
  summary: "Judgements of goals, newest first",
  responses: { 200: jsonResponse(z.object({ judgements: z.array(judgement) }), "The judgements") },
});
const judge = createRoute({
  method: "post",
  path: "/v1/goals/judgements",
  tags: ["Goals"],
  summary: "Add a judgement: goal, verdict, assessor, date and reason; it cannot be changed later",
  request: { body: jsonBody(judgement) },
  responses: {
    201: jsonResponse(judgement, "The judgement"),
    400: problemResponse("A field is missing, or the date is not valid"),
  },
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
    const found = states.map((state, i) => {
      const outlook = outlooks[i] ?? null;
      return { ...state, outlook: outlook && { ...outlook, interval: outlook.interval && [...outlook.interval] } };
    });
    return c.json({ goals: found }, 200);
  });
  app.openapi(judgements, (c) => {
    const all = withState(c.var.services.project.warehouse, (state) => listJudgements(state));
    return c.json({ judgements: all.map((each) => ({ ...each })) }, 200);
  });
  app.openapi(judge, (c) => {
    const { project, clock } = c.var.services;
    const added = c.req.valid("json");
    withState(project.warehouse, (state) => addJudgement(state, added, clock()));
    return c.json({ ...added }, 201);
  });
};
