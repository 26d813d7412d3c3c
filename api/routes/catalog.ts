/** `/v1/catalog`, `/v1/dashboards`, `/v1/models`: what can be asked for. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError, didYouMean, phrase } from "../../engine/errors/index.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { readerFor, type App } from "./environment.ts";

const unloaded = problemResponse("Nothing has been loaded yet");
const nameParameter = z.object({ name: z.string() });

const catalog = createRoute({
  method: "get",
  path: "/v1/catalog",
  tags: ["Catalog"],
  summary: "Cubes, dimensions, measures, segments, models and dashboards",
  responses: { 200: jsonResponse(anyObject("the catalog"), "The catalog"), 503: unloaded },
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
  request: { params: nameParameter },
  responses: {
    200: jsonResponse(anyObject("the declaration"), "The dashboard"),
    404: problemResponse("There is no such dashboard"),
  },
});
const models = createRoute({
  method: "get",
  path: "/v1/models",
  tags: ["Mining"],
  summary: "The mining models and the state of their labels",
  responses: {
    200: jsonResponse(z.object({ models: z.array(anyObject("name, title, technique, over, labels")) }), "The models"),
    503: unloaded,
  },
});

const lineage = createRoute({
  method: "get",
  path: "/v1/lineage/{member}",
  tags: ["Catalog"],
  summary: "From a measure or attribute back to tables, jobs, source columns and the loads that filled them",
  request: { params: z.object({ member: z.string().openapi({ example: "sales.revenue" }) }) },
  responses: {
    200: jsonResponse(anyObject("member, measures, tables"), "The lineage"),
    400: problemResponse("There is no such member"),
    503: unloaded,
  },
});

export const catalogRoutes = (app: App): void => {
  app.openapi(catalog, (c) => {
    const reader = readerFor(c);
    const tag = reader.etag("catalog", "json");
    if (c.req.header("if-none-match") === tag) return c.body(null, 304) as never;
    return c.json({ ...reader.catalog }, 200, { ETag: tag });
  });
  app.openapi(dashboards, (c) =>
    c.json(
      {
        dashboards: (c.var.services.project.spec.dashboards ?? []).map(({ name, title, description }) => ({
          name,
          title,
          description,
        })),
      },
      200,
    ),
  );
  app.openapi(dashboard, (c) => {
    const all = c.var.services.project.spec.dashboards ?? [];
    const { name } = c.req.valid("param");
    const found = all.find((d) => d.name === name);
    if (!found)
      throw new TesseraError(
        "not-found",
        phrase`there is no dashboard ${name.slice(0, 80)}${didYouMean(
          name,
          all.map((d) => d.name),
        )}`,
        { remedy: "GET /v1/dashboards lists them" },
      );
    return c.json({ ...found }, 200);
  });
  app.openapi(lineage, async (c) =>
    c.json({ ...(await readerFor(c).run((o) => c.var.services.project.lineage(c.req.valid("param").member, o))) }, 200),
  );
  app.openapi(models, (c) => {
    const reader = readerFor(c);
    return c.json(
      {
        models: reader.catalog.models.map((model) => ({
          ...model,
          labels: reader.manifest.labels[model.name] ?? null,
        })),
      },
      200,
    );
  });
};
