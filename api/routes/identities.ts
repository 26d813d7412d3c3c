/** `/v1/identities`: pairs of entries that may be the same person, and decisions on them. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import { decide, parseEntry, parsePair } from "../../etl/match/index.ts";
import { matchOf, matchReport, reviewPairs, unmerge } from "../../etl/project/match-review.ts";
import type { App } from "../http/environment.ts";
import { anyObject, jsonBody, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { withProjectState } from "../services/project-state.ts";

const tags = ["Identities"];
const unknown = problemResponse("Match or entry not found");
const decision = z
  .strictObject({ decision: z.enum(["same", "apart"]), match: z.string().max(300).optional() })
  .openapi("IdentityDecision", { example: { decision: "same" } });
const single = z
  .strictObject({ entry: z.string().max(600), match: z.string().max(300).optional() })
  .openapi("Unmerge", { example: { entry: "shop:U000123" } });
const reportFields =
  "entries, members, byKey, byScore, compared, review, expectedPrecision, precisionByWeights, judged, refused";

const review = createRoute({
  method: "get",
  path: "/v1/identities/review",
  tags,
  summary: "Pairs that may be one person, most likely first",
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
        report: anyObject(reportFields).nullable(),
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
  tags,
  summary: "Decide on a pair; every later load applies the decision",
  request: { params: z.object({ id: z.string().max(2000) }), body: jsonBody(decision) },
  responses: {
    200: jsonResponse(z.object({ id: z.string(), decision: z.string() }), "The decision"),
    400: problemResponse("Pair not found"),
    404: unknown,
  },
});
const split = createRoute({
  method: "post",
  path: "/v1/identities/unmerge",
  tags,
  summary: "Take an entry out of its group; the next load gives it a key of its own",
  request: { body: jsonBody(single) },
  responses: {
    200: jsonResponse(z.object({ entry: z.string(), apart: z.array(z.string()) }), "The separated entries"),
    404: unknown,
  },
});

/** A malformed pair or entry is the request's fault here, not a wrong command line. */
const asBadRequest = <T>(parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TesseraError) || error.code !== "usage") throw error;
    throw new TesseraError("bad-request", error.message, { ...(error.remedy && { remedy: error.remedy }) });
  }
};

export const identityRoutes = (app: App): void => {
  app.openapi(review, async (c) => {
    const { project } = c.var.services;
    const { match: name, limit, offset } = c.req.valid("query");
    const match = matchOf(project.spec, name);
    const report = await matchReport(project, match);
    const page = { ...(limit !== undefined && { limit }), ...(offset !== undefined && { offset }) };
    const { total, pairs } = await withProjectState(project, (state) => reviewPairs(project, state, match, page));
    return c.json({ report: report && { ...report }, total, pairs: pairs.map((pair) => ({ ...pair })) }, 200);
  });
  app.openapi(answer, async (c) => {
    const { project, clock } = c.var.services;
    const { decision, match: name } = c.req.valid("json");
    const match = matchOf(project.spec, name);
    const { id } = c.req.valid("param");
    const pair = asBadRequest(() => parsePair(id));
    await withProjectState(project, (state) => decide(state, match.name, { ...pair, decision }, "api", clock()));
    return c.json({ id, decision }, 200);
  });
  app.openapi(split, async (c) => {
    const { project, clock } = c.var.services;
    const { entry, match: name } = c.req.valid("json");
    const match = matchOf(project.spec, name);
    const parsed = asBadRequest(() => parseEntry(entry));
    const others = await withProjectState(project, (state) => unmerge(project, state, match, parsed, "api", clock()));
    return c.json({ entry, apart: others.map(({ source, id }) => `${source}:${id}`) }, 200);
  });
};
