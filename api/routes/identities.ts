/** `/v1/identities`: pairs of entries that wait for a person, and what is decided on them. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import { decide, parseEntry, parsePair } from "../../etl/match/index.ts";
import { matchOf, matchReport, reviewPairs, unmerge } from "../../etl/project/match-review.ts";
import { withState } from "../http/loads.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import type { App } from "./environment.ts";

const unknown = problemResponse("There is no such match or entry");
const decision = z
  .strictObject({ decision: z.enum(["same", "apart"]), match: z.string().max(300).optional() })
  .openapi("IdentityDecision", { example: { decision: "same" } });
const single = z
  .strictObject({ entry: z.string().max(600), match: z.string().max(300).optional() })
  .openapi("Unmerge", { example: { entry: "shop:U000123" } });

const review = createRoute({
  method: "get",
  path: "/v1/identities/review",
  tags: ["Identities"],
  summary: "Pairs that may be one person, the likeliest first",
  request: {
    query: z.object({
      match: z.string().max(300).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
      offset: z.coerce.number().int().min(0).max(1e7).optional(),
    }),
  },
  responses: {
    200: jsonResponse(
      z.object({
        report: anyObject(
          "entries, members, byKey, byScore, compared, review, expectedPrecision, precisionByWeights, judged, refused",
        ).nullable(),
        total: z.number(),
        pairs: z.array(anyObject("id, probability, left, right, fields")),
      }),
      "The pairs",
    ),
    404: unknown,
  },
});
const answer = createRoute({
  method: "post",
  path: "/v1/identities/review/{id}",
  tags: ["Identities"],
  summary: "Decide on a pair; every later load applies it",
  request: {
    params: z.object({ id: z.string().max(2000) }),
    body: { required: true, content: { "application/json": { schema: decision } } },
  },
  responses: {
    200: jsonResponse(z.object({ id: z.string(), decision: z.string() }), "Noted"),
    400: problemResponse("No such pair"),
    404: unknown,
  },
});
const split = createRoute({
  method: "post",
  path: "/v1/identities/unmerge",
  tags: ["Identities"],
  summary: "Take an entry out of its group; the next load gives it its own key back",
  request: { body: { required: true, content: { "application/json": { schema: single } } } },
  responses: { 200: jsonResponse(z.object({ entry: z.string(), apart: z.array(z.string()) }), "Noted"), 404: unknown },
});

export const identityRoutes = (app: App): void => {
  app.openapi(review, async (c) => {
    const { project } = c.var.services;
    const { match: name, limit, offset } = c.req.valid("query");
    const match = matchOf(project.spec, name);
    const report = await matchReport(project, match);
    const found = await withState(project, (state) =>
      reviewPairs(project, state, match, {
        ...(limit !== undefined && { limit }),
        ...(offset !== undefined && { offset }),
      }),
    );
    return c.json(
      { report: report && { ...report }, total: found.total, pairs: found.pairs.map((pair) => ({ ...pair })) },
      200,
    );
  });
  app.openapi(answer, async (c) => {
    const { project, clock } = c.var.services;
    const { decision: said, match: name } = c.req.valid("json");
    const match = matchOf(project.spec, name);
    const id = c.req.valid("param").id;
    const pair = pairOf(id);
    await withState(project, (state) => decide(state, match.name, { ...pair, decision: said }, "api", clock()));
    return c.json({ id, decision: said }, 200);
  });
  app.openapi(split, async (c) => {
    const { project, clock } = c.var.services;
    const { entry, match: name } = c.req.valid("json");
    const others = await withState(project, (state) =>
      unmerge(
        project,
        state,
        matchOf(project.spec, name),
        asBadRequest(() => parseEntry(entry)),
        "api",
        clock(),
      ),
    );
    return c.json({ entry, apart: others.map(({ source, id }) => `${source}:${id}`) }, 200);
  });
};

const asBadRequest = <T>(body: () => T): T => {
  try {
    return body();
  } catch (error) {
    throw error instanceof TesseraError && error.code === "usage"
      ? new TesseraError("bad-request", error.message, { ...(error.remedy && { remedy: error.remedy }) })
      : error;
  }
};
const pairOf = (id: string): ReturnType<typeof parsePair> => asBadRequest(() => parsePair(id));
