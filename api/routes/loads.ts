/** `/v1/jobs`, `/v1/runs`, `/v1/loads`: what fills the warehouse. */
import { createRoute, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import {
  cancelRun,
  getRejects,
  getRun,
  listJobs,
  listRuns,
  nextRun,
  pausedJobs,
  pauseJob,
  resumeJob,
  rollbackLoad,
  schedulerHolder,
} from "../../etl/index.ts";
import { withState } from "../http/loads.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import type { App } from "./environment.ts";

const unknown = problemResponse("There is no such job or run");
const limited = z.object({ limit: z.coerce.number().int().min(1).max(1000).optional() });
const named = z.object({ name: z.string() });
const numbered = z.object({ id: z.string().max(100) });
const start = z
  .strictObject({ full: z.boolean().optional(), dryRun: z.boolean().optional() })
  .openapi("StartLoad", { example: { full: false } });

const jobs = createRoute({
  method: "get",
  path: "/v1/jobs",
  tags: ["Loads"],
  summary: "The jobs: source, table, last run, next run",
  responses: {
    200: jsonResponse(
      z.object({
        jobs: z.array(
          anyObject(
            "name, title, source, table, mode, schedule, last, due (by its schedule), paused, next (null where no scheduler runs, or it is paused)",
          ),
        ),
        scheduler: z.object({ pid: z.number(), since: z.string() }).nullable(),
      }),
      "The jobs",
    ),
  },
});
const jobRuns = createRoute({
  method: "get",
  path: "/v1/jobs/{name}/runs",
  tags: ["Loads"],
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
  tags: ["Loads"],
  summary: "Start a job now",
  request: { params: named, body: { required: false, content: { "application/json": { schema: start } } } },
  responses: {
    202: jsonResponse(z.object({ run: z.string() }), "Started; follow it at /v1/runs/{id}/events"),
    404: unknown,
    409: problemResponse("Another run is at work"),
  },
});
const run = createRoute({
  method: "get",
  path: "/v1/runs/{id}",
  tags: ["Loads"],
  summary: "One run with its steps, checks and accounting",
  request: { params: numbered },
  responses: { 200: jsonResponse(anyObject("the run"), "The run"), 404: unknown },
});
const events = createRoute({
  method: "get",
  path: "/v1/runs/{id}/events",
  tags: ["Loads"],
  summary: "A run as it happens (server-sent events: progress, end)",
  request: { params: numbered },
  responses: { 200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } }, 404: unknown },
});
const cancel = createRoute({
  method: "post",
  path: "/v1/runs/{id}/cancel",
  tags: ["Loads"],
  summary: "Stop a run; nothing is published then",
  request: { params: numbered },
  responses: { 202: jsonResponse(z.object({ run: z.string() }), "Asked to stop"), 404: unknown },
});
const pause = createRoute({
  method: "post",
  path: "/v1/jobs/{name}/pause",
  tags: ["Loads"],
  summary: "Keep the schedule from starting a job",
  request: { params: named },
  responses: { 200: jsonResponse(z.object({ job: z.string(), paused: z.boolean() }), "Paused"), 404: unknown },
});
const resume = createRoute({
  method: "post",
  path: "/v1/jobs/{name}/resume",
  tags: ["Loads"],
  summary: "Let the schedule start a job again",
  request: { params: named },
  responses: { 200: jsonResponse(z.object({ job: z.string(), paused: z.boolean() }), "Resumed"), 404: unknown },
});
const loads = createRoute({
  method: "get",
  path: "/v1/loads",
  tags: ["Loads"],
  summary: "The load history, newest first",
  request: { query: limited },
  responses: { 200: jsonResponse(z.object({ loads: z.array(anyObject("a run with its steps")) }), "The loads") },
});
const rejects = createRoute({
  method: "get",
  path: "/v1/loads/{id}/rejects",
  tags: ["Loads"],
  summary: "Rows that a load set apart, each with its reason",
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
  tags: ["Loads"],
  summary: "Put the warehouse back to what it was before a load",
  request: { params: numbered },
  responses: {
    200: jsonResponse(
      z.object({ from: z.number(), to: z.number(), runs: z.array(z.string()) }),
      "The versions before and after",
    ),
    404: unknown,
    409: problemResponse("Another run is at work"),
    410: problemResponse("The version before it is gone"),
  },
});

/** How often a followed run is looked at. */
const LOOK_EVERY = 400;

export const loadRoutes = (app: App): void => {
  const known = (spec: { readonly jobs?: readonly { readonly name: string }[] }, name: string): void => {
    const names = (spec.jobs ?? []).map((j) => j.name);
    if (!names.includes(name))
      throw new TesseraError(
        "not-found",
        phrase`there is no job ${name.slice(0, 100)}${didYouMean(name.slice(0, 100), names)}`,
        { remedy: "GET /v1/jobs lists them" },
      );
  };
  app.openapi(jobs, async (c) => {
    const { project, clock } = c.var.services;
    const { all, scheduler, paused } = await withState(project, (state) => ({
      all: listJobs(project.spec, state),
      scheduler: schedulerHolder(state) ?? null,
      paused: pausedJobs(state),
    }));
    const jobs = all.map((job) => {
      const due = nextRun(job.schedule, clock(), project.spec.timeZone)?.toISOString() ?? null;
      return { ...job, due, paused: paused.has(job.name), next: scheduler && !paused.has(job.name) ? due : null };
    });
    return c.json({ jobs, scheduler: scheduler && { pid: scheduler.pid, since: scheduler.since } }, 200);
  });
  app.openapi(jobRuns, async (c) => {
    const { project } = c.var.services;
    const { name } = c.req.valid("param");
    known(project.spec, name);
    return c.json(
      {
        runs: (
          await withState(project, (state) => listRuns(state, { job: name, limit: c.req.valid("query").limit ?? 50 }))
        ).map((r) => ({ ...r })),
      },
      200,
    );
  });
  app.openapi(startJob, async (c) => {
    const { project, loads: manager } = c.var.services;
    const { name } = c.req.valid("param");
    known(project.spec, name);
    const { full, dryRun } = c.req.valid("json") ?? {};
    return c.json(
      { run: await manager.start({ jobs: [name], ...(full && { full }), ...(dryRun && { dryRun }) }) },
      202,
    );
  });
  app.openapi(run, async (c) => {
    const { project, loads: manager } = c.var.services;
    const { id } = c.req.valid("param");
    return c.json(
      { ...(await withState(project, (state) => getRun(state, id))), progress: manager.progress(id) ?? null },
      200,
    );
  });
  app.openapi(events, async (c) => {
    const { project, loads: manager } = c.var.services;
    const { id } = c.req.valid("param");
    await withState(project, (state) => getRun(state, id));
    return streamSSE(c, async (stream) => {
      let said = "";
      while (!stream.aborted) {
        const now = await withState(project, (state) => getRun(state, id));
        const step = now.steps.find((s) => s.status === "running" && s.stage !== "waiting");
        const last = manager.progress(id);
        const word = {
          state: now.status,
          step: step ? `${step.name}: ${step.stage}` : last ? `${last.name}: ${last.stage}` : null,
          rows: last?.rows ?? null,
          done: now.steps.filter((s) => s.status === "done").length,
          steps: now.steps.length,
          seconds: now.seconds,
        };
        const text = JSON.stringify(word);
        if (text !== said) await stream.writeSSE({ event: "progress", data: (said = text) });
        if (now.status !== "running") {
          await stream.writeSSE({ event: "end", data: text });
          return;
        }
        await stream.sleep(LOOK_EVERY);
      }
    });
  });
  app.openapi(cancel, async (c) => {
    const { id } = c.req.valid("param");
    // a run of another process is asked by its number
    if (!c.var.services.loads.cancel(id)) await withState(c.var.services.project, (state) => cancelRun(state, id));
    return c.json({ run: id }, 202);
  });
  app.openapi(pause, async (c) => {
    const { project, clock } = c.var.services;
    const { name } = c.req.valid("param");
    await withState(project, (state) => pauseJob(project.spec, state, name, "api", clock()));
    return c.json({ job: name, paused: true }, 200);
  });
  app.openapi(resume, async (c) => {
    const { project } = c.var.services;
    const { name } = c.req.valid("param");
    await withState(project, (state) => resumeJob(project.spec, state, name));
    return c.json({ job: name, paused: false }, 200);
  });
  app.openapi(loads, async (c) =>
    c.json(
      {
        loads: (
          await withState(c.var.services.project, (state) =>
            listRuns(state, { limit: c.req.valid("query").limit ?? 50 }),
          )
        ).map((r) => ({ ...r })),
      },
      200,
    ),
  );
  app.openapi(rejects, async (c) => {
    const { project } = c.var.services;
    const { limit, job, offset } = c.req.valid("query");
    const found = await withState(project, (state) =>
      getRejects(project.warehouse, state, c.req.valid("param").id, {
        limit: limit ?? 100,
        ...(job && { job }),
        ...(offset && { offset }),
      }),
    );
    return c.json({ rejects: found.map((r) => ({ ...r })) }, 200);
  });
  app.openapi(rollback, async (c) => {
    const { project } = c.var.services;
    const done = await rollbackLoad(project.warehouse, c.req.valid("param").id, "api");
    await project.refresh();
    return c.json({ from: done.from, to: done.to, runs: [...done.runs] }, 200);
  });
};
