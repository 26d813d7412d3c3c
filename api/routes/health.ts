/** `/health`, `/ready`, `/metrics`: for monitoring. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import type { Manifest } from "../../engine/warehouse/version.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";
import type { App } from "../http/environment.ts";
import { jsonResponse } from "../schemas/answers.ts";
import type { Services } from "../services/services.ts";

const tags = ["Operations"];
const health = createRoute({
  method: "get",
  path: "/health",
  tags,
  summary: "The process is alive",
  responses: { 200: jsonResponse(z.object({ status: z.literal("ok") }), "Alive") },
});
const readiness = z.object({
  status: z.enum(["ready", "not ready"]),
  version: z.number().nullable(),
  published: z.string().nullable(),
  reason: z.string().optional(),
});
const ready = createRoute({
  method: "get",
  path: "/ready",
  tags,
  summary: "A data version is being served",
  responses: { 200: jsonResponse(readiness, "Ready"), 503: jsonResponse(readiness, "Not ready, and why") },
});
const metrics = createRoute({
  method: "get",
  path: "/metrics",
  tags,
  summary: "Prometheus metrics",
  responses: { 200: { description: "The metrics", content: { "text/plain": { schema: z.string() } } } },
});

const manifestOf = (project: OpenProject): Manifest | TesseraError => {
  try {
    return project.manifest();
  } catch (error) {
    if (error instanceof TesseraError) return error;
    throw error;
  }
};

const gaugesOf = ({ project, clock, gate, cache }: Services) => {
  const manifest = manifestOf(project);
  const loaded = manifest instanceof TesseraError ? null : manifest;
  return {
    tessera_warehouse_version: loaded?.version ?? 0,
    tessera_warehouse_age_seconds: loaded ? (clock().getTime() - Date.parse(loaded.publishedAt)) / 1000 : 0,
    tessera_queries_running: gate.running,
    tessera_queries_waiting: gate.waiting,
    tessera_results_kept: cache.size,
    process_resident_memory_bytes: process.memoryUsage.rss(),
    process_uptime_seconds: process.uptime(),
  };
};

export const healthRoutes = (app: App): void => {
  app.openapi(health, (c) => c.json({ status: "ok" as const }, 200));
  app.openapi(ready, (c) => {
    const manifest = manifestOf(c.var.services.project);
    if (manifest instanceof TesseraError)
      return c.json({ status: "not ready" as const, version: null, published: null, reason: manifest.message }, 503);
    return c.json({ status: "ready" as const, version: manifest.version, published: manifest.publishedAt }, 200);
  });
  app.openapi(metrics, (c) =>
    c.text(c.var.services.metrics.print(gaugesOf(c.var.services)), 200, {
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
    }),
  );
};
