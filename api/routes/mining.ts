/** What campaigns brought, how a budget is best split, what conversions owe to channels, why a measure moved, what was not to be expected. */
import { createRoute, z } from "@hono/zod-openapi";
import type {
  AllocationRequest,
  AttributionRequest,
  BandRequest,
  ExperimentRequest,
  MoveRequest,
} from "../../engine/mining/index.ts";
import { allocationRequest, attributionRequest, experimentRequest } from "../http/declared.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { allocationSchema, attributionSchema, bandSchema, experimentSchema, moveSchema } from "../schemas/mining.ts";
import { readerFor, type App } from "./environment.ts";

const problems = {
  400: problemResponse("The request is not valid; each problem has its place and remedy"),
  404: problemResponse("Nothing of that name is declared"),
  422: problemResponse("The members do not fit, or there is too little data"),
  503: problemResponse("Nothing has been loaded yet"),
};

const evaluate = createRoute({
  method: "post",
  path: "/v1/experiments/evaluate",
  tags: ["Mining"],
  summary: "Treated against held out: lift, intervals, corrected verdict, profit",
  request: { body: { required: true, content: { "application/json": { schema: experimentSchema } } } },
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
  tags: ["Mining"],
  summary: "Response curves of channels, and the split of a budget they recommend",
  request: { body: { required: true, content: { "application/json": { schema: allocationSchema } } } },
  responses: {
    200: jsonResponse(anyObject("budget, channels, now, then, gain, shadowPrice, notes"), "The split"),
    ...problems,
  },
});

const attribution = createRoute({
  method: "post",
  path: "/v1/attribution",
  tags: ["Mining"],
  summary: "What conversions owe to the channels touched before them, by every rule",
  request: { body: { required: true, content: { "application/json": { schema: attributionSchema } } } },
  responses: {
    200: jsonResponse(anyObject("channels, conversions, value, untouched, nulls, chance, judged, notes"), "The credit"),
    ...problems,
  },
});

const drivers = createRoute({
  method: "post",
  path: "/v1/drivers",
  tags: ["Mining"],
  summary: "Why a measure moved between two periods: an exact decomposition over dimensions and pairs of them",
  request: { body: { required: true, content: { "application/json": { schema: moveSchema } } } },
  responses: {
    200: jsonResponse(
      anyObject("kind, before, after, cuts, causes, told"),
      "The parts; those of each cut add up to the move",
    ),
    ...problems,
  },
});
const anomalies = createRoute({
  method: "post",
  path: "/v1/anomalies",
  tags: ["Mining"],
  summary: "Each period of a measure beside the band that was to be expected",
  request: { body: { required: true, content: { "application/json": { schema: bandSchema } } } },
  responses: {
    200: jsonResponse(anyObject("period, forecaster, points, left"), "The periods; odd ones say above or below"),
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
  tags: ["Mining"],
  summary: "Mine a model now",
  request: { params: named },
  responses: {
    202: jsonResponse(modelRun, "Started; GET the same address to follow it"),
    404: problems[404],
    409: problemResponse("Another model is being mined"),
  },
});
const mined = createRoute({
  method: "get",
  path: "/v1/models/{name}/runs",
  tags: ["Mining"],
  summary: "The last mining of a model that this server started",
  request: { params: named },
  responses: { 200: jsonResponse(z.object({ run: modelRun.nullable() }), "The run, or null") },
});

export const miningRoutes = (app: App): void => {
  app.openapi(mine, (c) => c.json({ ...c.var.services.mining.start(c.req.valid("param").name) }, 202));
  app.openapi(mined, (c) => c.json({ run: c.var.services.mining.last(c.req.valid("param").name) }, 200));
  app.openapi(evaluate, async (c) => {
    const { project } = c.var.services;
    const { name, ...rest } = c.req.valid("json");
    const request =
      name === undefined
        ? (rest as ExperimentRequest)
        : experimentRequest(project.spec, name, rest as Pick<ExperimentRequest, "filters" | "by">);
    const verdicts = await readerFor(c).remember(["experiment", request], (o) => project.experiment(request, o));
    return c.json({ verdicts: verdicts.map((v) => ({ ...v })) }, 200);
  });
  app.openapi(allocation, async (c) => {
    const { project } = c.var.services;
    const { name, ...rest } = c.req.valid("json");
    const request =
      name === undefined
        ? (rest as AllocationRequest)
        : allocationRequest(
            project.spec,
            name,
            rest as Pick<AllocationRequest, "filters" | "budget" | "bounds" | "seed">,
          );
    return c.json(
      { ...(await readerFor(c).remember(["allocation", request], (o) => project.allocation(request, o))) },
      200,
    );
  });
  app.openapi(drivers, async (c) => {
    const request = c.req.valid("json") as MoveRequest;
    return c.json(
      { ...(await readerFor(c).remember(["move", request], (o) => c.var.services.project.move(request, o))) },
      200,
    );
  });
  app.openapi(anomalies, async (c) => {
    const request = c.req.valid("json") as BandRequest;
    return c.json(
      { ...(await readerFor(c).remember(["bands", request], (o) => c.var.services.project.bands(request, o))) },
      200,
    );
  });
  app.openapi(attribution, async (c) => {
    const { project } = c.var.services;
    const { name, ...rest } = c.req.valid("json");
    const request =
      name === undefined
        ? (rest as AttributionRequest)
        : attributionRequest(project.spec, name, rest as Partial<AttributionRequest>);
    return c.json(
      { ...(await readerFor(c).remember(["attribution", request], (o) => project.attribution(request, o))) },
      200,
    );
  });
};
