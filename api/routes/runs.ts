/** `/v1/runs`: one run, as it happens, and stopping it. */
import { createRoute, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { cancelRun, getRun, type Progress, type RunSummary } from "../../etl/index.ts";
import type { App } from "../http/environment.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { withProjectState } from "../services/project-state.ts";

const tags = ["Loads"];
const unknown = problemResponse("Run not found");
const numbered = z.object({ id: z.string().max(100) });

const run = createRoute({
  method: "get",
  path: "/v1/runs/{id}",
  tags,
  summary: "One run with its steps, checks and row counts",
  request: { params: numbered },
  responses: { 200: jsonResponse(anyObject("the run"), "The run"), 404: unknown },
});
const events = createRoute({
  method: "get",
  path: "/v1/runs/{id}/events",
  tags,
  summary: "A run as it happens (server-sent events: progress, end)",
  request: { params: numbered },
  responses: {
    200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
    404: unknown,
  },
});
const cancel = createRoute({
  method: "post",
  path: "/v1/runs/{id}/cancel",
  tags,
  summary: "Stop a run; nothing of it is published",
  request: { params: numbered },
  responses: { 202: jsonResponse(z.object({ run: z.string() }), "Asked to stop"), 404: unknown },
});

/** How often a followed run is read from the state. */
const POLL_MS = 400;

const stepText = (now: RunSummary, last: Progress | undefined): string | null => {
  const step = now.steps.find((each) => each.status === "running" && each.stage !== "waiting");
  const shown = step ?? last;
  if (!shown) return null;
  // a stage of the whole run has no step to name
  return shown.name === now.id ? shown.stage : `${shown.name}: ${shown.stage}`;
};

const eventOf = (now: RunSummary, last: Progress | undefined): string =>
  JSON.stringify({
    state: now.status,
    step: stepText(now, last),
    text: stepText(now, last) ?? now.status,
    rows: last?.rows ?? null,
    rowsPerSecond: last?.rowsPerSecond ?? null,
    total: last?.total ?? null,
    done: now.steps.filter((step) => step.status !== "running").length,
    steps: now.steps.length,
    seconds: now.seconds,
  });

export const runRoutes = (app: App): void => {
  app.openapi(run, async (c) => {
    const { project, loads } = c.var.services;
    const { id } = c.req.valid("param");
    const found = await withProjectState(project, (state) => getRun(state, id));
    return c.json({ ...found, progress: loads.progress(id) ?? null }, 200);
  });
  app.openapi(events, async (c) => {
    const { project, loads } = c.var.services;
    const { id } = c.req.valid("param");
    const read = (): Promise<RunSummary> => withProjectState(project, (state) => getRun(state, id));
    // an unknown run is an error before the stream starts
    await read();
    return streamSSE(c, async (stream) => {
      let sent = "";
      while (!stream.aborted) {
        const now = await read();
        const data = eventOf(now, loads.progress(id));
        if (data !== sent) await stream.writeSSE({ event: "progress", data });
        sent = data;
        if (now.status !== "running") {
          await stream.writeSSE({ event: "end", data });
          return;
        }
        await stream.sleep(POLL_MS);
      }
    });
  });
  app.openapi(cancel, async (c) => {
    const { project, loads } = c.var.services;
    const { id } = c.req.valid("param");
    // a run of another process gets a signal
    if (!loads.cancel(id)) await withProjectState(project, (state) => cancelRun(state, id));
    return c.json({ run: id }, 202);
  });
};
