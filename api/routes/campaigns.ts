/** `/v1/campaigns`: plan a campaign, preview it, draw its control group once, list whom to contact, evaluate it. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError } from "../../engine/errors/index.ts";
import { checkPlan } from "../../engine/mining/index.ts";
import { getCampaign, listCampaigns, withState, type Campaign } from "../../etl/index.ts";
import type { OpenProject } from "../../etl/project/open-project.ts";
import { attachment } from "../http/attachment.ts";
import { readerFor, type App } from "../http/environment.ts";
import { anyObject, jsonBody, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { campaignSchema, namedPlanSchema, planSchema } from "../schemas/campaigns.ts";
import { campaignList, drawKept, keepCampaign, notDrawn } from "../services/campaigns.ts";
import { experimentRequest } from "../services/declared-requests.ts";

const tags = ["Campaigns"];
const byId = z.object({ id: z.string().regex(/^\d{1,9}$/) });
const invalid = problemResponse("The plan is not valid; each problem has its place and remedy");
const unknown = problemResponse("Campaign not found");

const list = createRoute({
  method: "get",
  path: "/v1/campaigns",
  tags,
  summary: "Saved campaigns, newest first",
  responses: { 200: jsonResponse(z.object({ campaigns: z.array(campaignSchema) }), "The campaigns") },
});
const save = createRoute({
  method: "post",
  path: "/v1/campaigns",
  tags,
  summary: "Save a plan; nothing is drawn",
  request: { body: jsonBody(namedPlanSchema) },
  responses: { 201: jsonResponse(campaignSchema, "The campaign"), 400: invalid, 422: invalid },
});
const one = createRoute({
  method: "get",
  path: "/v1/campaigns/{id}",
  tags,
  summary: "A campaign with its plan and draw",
  request: { params: byId },
  responses: { 200: jsonResponse(campaignSchema, "The campaign"), 404: unknown },
});
const preview = createRoute({
  method: "post",
  path: "/v1/campaigns/audience",
  tags,
  summary: "The figures of a plan; nothing is saved",
  request: { body: jsonBody(planSchema) },
  responses: {
    200: jsonResponse(
      anyObject("audience, reachable, treated, heldOut, cost, expected, gap, options, scarce"),
      "The plan's figures, with shadow prices",
    ),
    400: invalid,
    422: invalid,
  },
});
const draw = createRoute({
  method: "post",
  path: "/v1/campaigns/{id}/assign",
  tags,
  summary: "Draw the control group, once; the draw cannot be repeated",
  request: { params: byId },
  responses: {
    200: jsonResponse(campaignSchema, "The campaign with its draw"),
    403: problemResponse("The campaign was drawn before"),
    404: unknown,
  },
});
const members = createRoute({
  method: "get",
  path: "/v1/campaigns/{id}/list",
  tags,
  summary: "The members to contact, as CSV",
  request: {
    params: byId,
    query: z.object({ channel: z.string().max(300).optional(), held_out: z.enum(["0", "1"]).optional() }),
  },
  responses: { 200: { description: "The list", content: { "text/csv": { schema: z.string() } } }, 404: unknown },
});
const verdict = createRoute({
  method: "get",
  path: "/v1/campaigns/{id}/verdict",
  tags,
  summary: "Planned and realised figures, once a load has taken the draw into the facts",
  request: { params: byId },
  responses: {
    200: jsonResponse(
      z.object({
        planned: anyObject("the draw's figures"),
        verdict: anyObject("treated, control, sampleRatio, outcomes, profit").nullable(),
      }),
      "Planned and realised",
    ),
    404: unknown,
  },
});

const campaignOf = ({ warehouse }: OpenProject, id: string): Campaign =>
  withState(warehouse, (state) => getCampaign(state, Number(id)));

const asJson = (campaign: Campaign) => ({
  ...campaign,
  plan: { ...campaign.plan },
  summary: campaign.summary && { ...campaign.summary },
});

const planRoutes = (app: App): void => {
  app.openapi(list, (c) => {
    const campaigns = withState(c.var.services.project.warehouse, listCampaigns);
    return c.json({ campaigns: campaigns.map(asJson) }, 200);
  });
  app.openapi(save, (c) => {
    const { project, clock } = c.var.services;
    const { name, plan } = c.req.valid("json");
    return c.json(asJson(keepCampaign(project, name, plan, "owner", clock())), 201);
  });
  app.openapi(preview, async (c) => {
    const plan = c.req.valid("json");
    checkPlan(plan);
    const summary = await readerFor(c).remember(
      ["campaign plan", plan],
      async (options) => (await c.var.services.project.drawCampaign(plan, options)).summary,
    );
    return c.json({ ...summary }, 200);
  });
  app.openapi(one, (c) => c.json(asJson(campaignOf(c.var.services.project, c.req.valid("param").id)), 200));
};

const drawRoutes = (app: App): void => {
  app.openapi(draw, async (c) => {
    const { project, clock } = c.var.services;
    const id = Number(c.req.valid("param").id);
    const drawn = await readerFor(c).run((options) => drawKept(project, id, "owner", clock(), options));
    return c.json(asJson(drawn), 200);
  });
  app.openapi(members, async (c) => {
    const { channel, held_out } = c.req.valid("query");
    const found = await campaignList(c.var.services.project, Number(c.req.valid("param").id), {
      heldOut: held_out === "1",
      ...(channel !== undefined && { channel }),
    });
    return c.body(found.text, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(`${found.name}.csv`, "campaign.csv"),
    });
  });
  app.openapi(verdict, async (c) => {
    const { project } = c.var.services;
    const campaign = campaignOf(project, c.req.valid("param").id);
    if (campaign.summary === null) throw notDrawn(campaign);
    const experiment = project.spec.experiments?.[0];
    if (!experiment)
      throw new TesseraError("not-found", "the project declares no experiment that evaluates campaigns", {
        remedy: "declare one with defineExperiment",
      });
    const request = experimentRequest(project.spec, experiment.name, {
      filters: [{ member: experiment.by, operator: "equals", values: [campaign.name] }],
    });
    const [found] = await readerFor(c).remember(["experiment", request], (options) =>
      project.experiment(request, options),
    );
    return c.json({ planned: { ...campaign.summary }, verdict: found ? { ...found } : null }, 200);
  });
};

export const campaignRoutes = (app: App): void => {
  planRoutes(app);
  drawRoutes(app);
};
