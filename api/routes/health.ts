/** `/health`, `/ready`, `/metrics`: for machines that watch. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import type { App } from "./environment.ts";
import { jsonResponse } from "../schemas/answers.ts";

const health = createRoute({
  method: "get",
  path: "/health",
  tags: ["Operations"],
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
  tags: ["Operations"],
  summary: "A data version is being served",
  responses: { 200: jsonResponse(readiness, "Ready"), 503: jsonResponse(readiness, "Not ready, and why") },
});
const metrics = createRoute({
  method: "get",
  path: "/metrics",
  tags: ["Operations"],
  summary: "Prometheus metrics",
  responses: { 200: { description: "Counters", content: { "text/plain": { schema: z.string() } } } },
});

export const healthRoutes = (app: App): void => {
  app.openapi(health, (c) => c.json({ status: "ok" as const }, 200));
  app.openapi(ready, (c) => {
    try {
      const manifest = c.var.services.project.manifest();
      return c.json({ status: "ready" as const, version: manifest.version, published: manifest.publishedAt }, 200);
    } catch (error) {
      if (!(error instanceof TesseraError)) throw error;
      return c.json({ status: "not ready" as const, version: null, published: null, reason: error.message }, 503);
    }
  });
  app.openapi(metrics, (c) => {
    const { services } = c.var;
    let version = 0,
      age = 0;
    try {
      const manifest = services.project.manifest();
      version = manifest.version;
      age = (services.clock().getTime() - Date.parse(manifest.publishedAt)) / 1000;
    } catch (error) {
      if (!(error instanceof TesseraError)) throw error;
    }
    const gauges = {
      tessera_warehouse_version: version,
      tessera_warehouse_age_seconds: age,
      tessera_queries_running: services.gate.running,
      tessera_queries_waiting: services.gate.waiting,
      tessera_results_kept: services.cache.size,
      process_resident_memory_bytes: process.memoryUsage.rss(),
      process_uptime_seconds: process.uptime(),
    };
    return c.text(services.metrics.print(gauges), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
  });
};
