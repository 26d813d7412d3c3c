/** `/v1/jobs`: the jobs that fill the warehouse, their runs and schedules. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { listJobs, listRuns, nextRun, pausedJobs, pauseJob, resumeJob, schedulerHolder } from "../../etl/index.ts";
import type { App } from "../http/environment.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { withProjectState } from "../services/project-state.ts";

const tags = ["Loads"];
const unknown = problemResponse("Job not found");
const named = z.object({ name: z.string() });
const limited = z.object({ limit: z.coerce.number().int().min(1).max(1000).optional() });
const start = z
  .strictObject({ full: z.boolean().optional(), dryRun: z.boolean().optional() })
  .openapi("StartLoad", { example: { full: false } });
const job = anyObject(
  "name, title, source, table, mode, schedule, last, due (by its schedule), paused, " +
    "next (null when no scheduler runs, or the job is paused)",
);
const pauseState = jsonResponse(z.object({ job: z.string(), paused: z.boolean() }), "The job's state");

const jobs = createRoute({
  method: "get",
  path: "/v1/jobs",
  tags,
  summary: "The jobs: source, table, last run, next run",
  responses: {
    200: jsonResponse(
      z.object({
        jobs: z.array(job),
        scheduler: z.object({ pid: z.number(), since: z.string() }).nullable(),
      }),
      "The jobs",
    ),
  },
});
const jobRuns = createRoute({
  method: "get",
  path: "/v1/jobs/{name}/runs",
  tags,
  summary: "The runs of one job",
  request: { params: named, query: limited },
  responses: {
    200: jsonResponse(z.object({ runs: z.array(anyObject("a run with its steps")) }), "The runs"),
    404: unknown,
  },
});
const startJob = createRoute({
  method: "post",
  path: "/v1/jobs/{name}/runs",
  tags,
  summary: "Run a job now",
  request: { params: named, body: { required: false, content: { "application/json": { schema: start } } } },
  responses: {
    202: jsonResponse(z.object({ run: z.string() }), "Started; follow it at /v1/runs/{id}/events"),
    404: unknown,
    409: problemResponse("Another run is in progress"),
  },
});
const pause = createRoute({
  method: "post",
  path: "/v1/jobs/{name}/pause",
  tags,
  summary: "Pause a job's schedule",
  request: { params: named },
  responses: { 200: pauseState, 404: unknown },
});
const resume = createRoute({
  method: "post",
  path: "/v1/jobs/{name}/resume",
  tags,
  summary: "Resume a job's schedule",
  request: { params: named },
  responses: { 200: pauseState, 404: unknown },
});

/** @throws TesseraError `not-found` */
const checkJob = (spec: ProjectSpec, name: string): void => {
  const names = (spec.jobs ?? []).map((each) => each.name);
  if (names.includes(name)) return;
  throw new TesseraError("not-found", phrase`job "${name.slice(0, 100)}" not found${didYouMean(name, names)}`, {
    remedy: { action: "list-jobs" },
  });
};

export const jobRoutes = (app: App): void => {
  app.openapi(jobs, async (c) => {
    const { project, clock } = c.var.services;
    const { all, scheduler, paused } = await withProjectState(project, (state) => ({
      all: listJobs(project.spec, state),
      scheduler: schedulerHolder(state) ?? null,
      paused: pausedJobs(state),
    }));
    const jobs = all.map((each) => {
      const due = nextRun(each.schedule, clock(), project.spec.timeZone)?.toISOString() ?? null;
      const isPaused = paused.has(each.name);
      return { ...each, due, paused: isPaused, next: scheduler && !isPaused ? due : null };
    });
    return c.json({ jobs, scheduler: scheduler && { pid: scheduler.pid, since: scheduler.since } }, 200);
  });
  app.openapi(jobRuns, async (c) => {
    const { project } = c.var.services;
    const { name } = c.req.valid("param");
    const { limit = 50 } = c.req.valid("query");
    checkJob(project.spec, name);
    const runs = await withProjectState(project, (state) => listRuns(state, { job: name, limit }));
    return c.json({ runs: runs.map((each) => ({ ...each })) }, 200);
  });
  app.openapi(startJob, async (c) => {
    const { project, loads } = c.var.services;
    const { name } = c.req.valid("param");
    checkJob(project.spec, name);
    const { full, dryRun } = c.req.valid("json") ?? {};
    const run = await loads.start({ jobs: [name], ...(full && { full }), ...(dryRun && { dryRun }) });
    return c.json({ run }, 202);
  });
  app.openapi(pause, async (c) => {
    const { project, clock } = c.var.services;
    const { name } = c.req.valid("param");
    await withProjectState(project, (state) => pauseJob(project.spec, state, name, "api", clock()));
    return c.json({ job: name, paused: true }, 200);
  });
  app.openapi(resume, async (c) => {
    const { project } = c.var.services;
    const { name } = c.req.valid("param");
    await withProjectState(project, (state) => resumeJob(project.spec, state, name));
    return c.json({ job: name, paused: false }, 200);
  });
};
