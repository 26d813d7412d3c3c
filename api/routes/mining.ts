/** Mining on demand: experiments, budgets, attribution, drivers of change, unusual periods, model runs. */
import { createRoute, z } from "@hono/zod-openapi";
import type { AllocationRequest, AttributionRequest, ExperimentRequest } from "../../engine/mining/index.ts";
import { readerFor, type App } from "../http/environment.ts";
import { problemOf } from "../http/problem.ts";
import { anyObject, jsonBody, jsonResponse, notLoaded, problemResponse } from "../schemas/answers.ts";
import { allocationSchema, attributionSchema, bandSchema, experimentSchema, moveSchema } from "../schemas/mining.ts";
import { allocationRequest, attributionRequest, experimentRequest } from "../services/declared-requests.ts";
import type { MiningRun } from "../services/mining-runs.ts";

const tags = ["Mining"];
const problems = {
  400: problemResponse("The request is not valid; each problem has its place and remedy"),
  404: problemResponse("The project declares nothing with this name"),
  422: problemResponse("The members do not fit, or there is too little data"),
  503: notLoaded,
};

const evaluate = createRoute({
  method: "post",
  path: "/v1/experiments/evaluate",
  tags,
  summary: "Treatment against control group: lift, intervals, corrected verdict, profit",
  request: { body: jsonBody(experimentSchema) },
  responses: {
    200: jsonResponse(
      z.object({ verdicts: z.array(anyObject("group, treated, control, sampleRatio, outcomes, profit, warnings")) }),
      "One verdict for each member of `by`",
    ),
    ...problems,
  },
});
const allocation = createRoute({
  method: "post",
  path: "/v1/allocation",
  tags,
  summary: "Response curves of channels, and the recommended budget for each",
  request: { body: jsonBody(allocationSchema) },
  responses: {
    200: jsonResponse(anyObject("budget, channels, now, then, gain, shadowPrice, notes"), "The recommended budget"),
    ...problems,
  },
});
const attribution = createRoute({
  method: "post",
  path: "/v1/attribution",
  tags,
  summary: "Conversions credited to the channels touched before them, by every rule",
  request: { body: jsonBody(attributionSchema) },
  responses: {
    200: jsonResponse(anyObject("channels, conversions, value, untouched, nulls, chance, judged, notes"), "The credit"),
    ...problems,
  },
});
const drivers = createRoute({
  method: "post",
  path: "/v1/drivers",
  tags,
  summary: "Drivers of change between two periods: an exact decomposition over dimensions and pairs of them",
  request: { body: jsonBody(moveSchema) },
  responses: {
    200: jsonResponse(
      anyObject("kind, before, after, cuts, causes, told"),
      "The parts; those of each cut add up to the change",
    ),
    ...problems,
  },
});
const anomalies = createRoute({
  method: "post",
  path: "/v1/anomalies",
  tags,
  summary: "Each period of a measure with the expected range; unusual ones are marked",
  request: { body: jsonBody(bandSchema) },
  responses: {
    200: jsonResponse(anyObject("period, forecaster, points, left"), "The periods; `odd` is above or below"),
    ...problems,
  },
});
const modelRun = z
  .object({
    model: z.string(),
    state: z.enum(["running", "done", "failed"]),
    what: z.string(),
    startedAt: z.string(),
    finishedAt: z.string().nullable(),
    version: z.number().nullable(),
    problem: anyObject("why it failed").nullable(),
  })
  .openapi("MiningRun");
const named = z.object({ name: z.string().max(300) });
const mine = createRoute({
  method: "post",
  path: "/v1/models/{name}/runs",
  tags,
  summary: "Run a model now",
  request: { params: named },
  responses: {
    202: jsonResponse(modelRun, "Started; GET the same address to follow it"),
    404: problems[404],
    409: problemResponse("Another model is running"),
  },
});
const mined = createRoute({
  method: "get",
  path: "/v1/models/{name}/runs",
  tags,
  summary: "The last run of a model that this server started",
  request: { params: named },
  responses: { 200: jsonResponse(z.object({ run: modelRun.nullable() }), "The run, or null") },
});

const runJson = ({ error, ...run }: MiningRun) => ({
  ...run,
  problem: run.state === "failed" ? { ...problemOf(error) } : null,
});

/** A request that names nothing declared: its schema requires every field that a whole one needs. */
const whole = <T extends object>(request: Partial<T>): T => request as T;

const declaredRoutes = (app: App): void => {
  app.openapi(evaluate, async (c) => {
    const { project } = c.var.services;
    const { name, ...rest } = c.req.valid("json");
    const request = name === undefined ? whole<ExperimentRequest>(rest) : experimentRequest(project.spec, name, rest);
    const verdicts = await readerFor(c).remember(["experiment", request], (o) => project.experiment(request, o));
    return c.json({ verdicts: verdicts.map((verdict) => ({ ...verdict })) }, 200);
  });
  app.openapi(allocation, async (c) => {
    const { project } = c.var.services;
    const { name, ...rest } = c.req.valid("json");
    const request = name === undefined ? whole<AllocationRequest>(rest) : allocationRequest(project.spec, name, rest);
    const found = await readerFor(c).remember(["allocation", request], (o) => project.allocation(request, o));
    return c.json({ ...found }, 200);
  });
  app.openapi(attribution, async (c) => {
    const { project } = c.var.services;
    const { name, ...rest } = c.req.valid("json");
    const request = name === undefined ? whole<AttributionRequest>(rest) : attributionRequest(project.spec, name, rest);
    const found = await readerFor(c).remember(["attribution", request], (o) => project.attribution(request, o));
    return c.json({ ...found }, 200);
  });
};

const changeRoutes = (app: App): void => {
  app.openapi(drivers, async (c) => {
    const { project } = c.var.services;
    const request = c.req.valid("json");
    const found = await readerFor(c).remember(["move", request], (o) => project.move(request, o));
    return c.json({ ...found }, 200);
  });
  app.openapi(anomalies, async (c) => {
    const { project } = c.var.services;
    const request = c.req.valid("json");
    const found = await readerFor(c).remember(["bands", request], (o) => project.bands(request, o));
    return c.json({ ...found }, 200);
  });
};

export const miningRoutes = (app: App): void => {
  app.openapi(mine, (c) => c.json(runJson(c.var.services.mining.start(c.req.valid("param").name)), 202));
  app.openapi(mined, (c) => {
    const run = c.var.services.mining.last(c.req.valid("param").name);
    return c.json({ run: run && runJson(run) }, 200);
  });
  declaredRoutes(app);
  changeRoutes(app);
};
