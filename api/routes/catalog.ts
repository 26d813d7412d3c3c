/** `/v1/catalog`, `/v1/dashboards`, `/v1/models`, `/v1/lineage`: what the project declares and where it comes from. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { readerFor, type App } from "../http/environment.ts";
import { anyObject, jsonResponse, notLoaded, problemResponse } from "../schemas/answers.ts";

const catalog = createRoute({
  method: "get",
  path: "/v1/catalog",
  tags: ["Catalog"],
  summary: "Cubes, dimensions, measures, segments, models and dashboards",
  responses: {
    200: jsonResponse(anyObject("the catalog"), "The catalog"),
    304: { description: "The caller's copy is current (If-None-Match)" },
    503: notLoaded,
  },
});
const dashboards = createRoute({
  method: "get",
  path: "/v1/dashboards",
  tags: ["Catalog"],
  summary: "The dashboards",
  responses: {
    200: jsonResponse(z.object({ dashboards: z.array(anyObject("name, title, description")) }), "The dashboards"),
  },
});
const dashboard = createRoute({
  method: "get",
  path: "/v1/dashboards/{name}",
  tags: ["Catalog"],
  summary: "One dashboard's declaration: period, filters, tiles with their queries",
  request: { params: z.object({ name: z.string() }) },
  responses: {
    200: jsonResponse(anyObject("the declaration"), "The dashboard"),
    404: problemResponse("Dashboard not found"),
  },
});
const models = createRoute({
  method: "get",
  path: "/v1/models",
  tags: ["Mining"],
  summary: "The mining models and the state of their labels",
  responses: {
    200: jsonResponse(z.object({ models: z.array(anyObject("name, title, technique, over, labels")) }), "The models"),
    503: notLoaded,
  },
});
const lineage = createRoute({
  method: "get",
  path: "/v1/lineage/{member}",
  tags: ["Catalog"],
  summary: "The tables, jobs, source columns and loads behind a measure or attribute",
  request: { params: z.object({ member: z.string().openapi({ example: "sales.revenue" }) }) },
  responses: {
    200: jsonResponse(anyObject("member, measures, tables"), "The lineage"),
    400: problemResponse("Member not found"),
    503: notLoaded,
  },
});

export const catalogRoutes = (app: App): void => {
  app.openapi(catalog, (c) => {
    const reader = readerFor(c);
    const tag = reader.etag("catalog", "json");
    if (c.req.header("if-none-match") === tag) return c.body(null, 304);
    return c.json({ ...reader.catalog }, 200, { ETag: tag });
  });
  app.openapi(dashboards, (c) => {
    const all = c.var.services.project.spec.dashboards ?? [];
    return c.json({ dashboards: all.map(({ name, title, description }) => ({ name, title, description })) }, 200);
  });
  app.openapi(dashboard, (c) => {
    const all = c.var.services.project.spec.dashboards ?? [];
    const { name } = c.req.valid("param");
    const found = all.find((each) => each.name === name);
    if (!found) {
      const names = all.map((each) => each.name);
      const message = phrase`dashboard "${name.slice(0, 80)}" not found${didYouMean(name, names)}`;
      throw new TesseraError("not-found", message, { remedy: "see GET /v1/dashboards" });
    }
    return c.json({ ...found }, 200);
  });
  app.openapi(lineage, async (c) => {
    const { member } = c.req.valid("param");
    const found = await readerFor(c).run((options) => c.var.services.project.lineage(member, options));
    return c.json({ ...found }, 200);
  });
  app.openapi(models, (c) => {
    const { catalog, manifest } = readerFor(c);
    const found = catalog.models.map((model) => ({ ...model, labels: manifest.labels[model.name] ?? null }));
    return c.json({ models: found }, 200);
  });
};
