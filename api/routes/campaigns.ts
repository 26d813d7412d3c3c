/** `/v1/campaigns`: plan, try, draw once, list, judge. */
import { createRoute, z } from "@hono/zod-openapi";
import { TesseraError, phrase } from "../../engine/errors/index.ts";
import { checkPlan, type CampaignPlan } from "../../engine/mining/contact-plan/campaign-plan.ts";
import { getCampaign, listCampaigns, withState } from "../../etl/index.ts";
import { campaignList, drawKept, keepCampaign } from "../http/campaigns.ts";
import { experimentRequest } from "../http/declared.ts";
import { anyObject, jsonResponse, problemResponse } from "../schemas/answers.ts";
import { filterSchema } from "../schemas/query.ts";
import { readerFor, type App } from "./environment.ts";

const text = z.string().min(1).max(300);
const filters = z.array(filterSchema).max(200);
const plan = z
  .strictObject({
    over: text,
    audience: filters,
    exclude: filters.optional(),
    value: z.strictObject({ effect: z.union([text, z.number()]), worth: z.union([text, z.number()]) }),
    options: z
      .array(
        z.strictObject({
          channel: text,
          offer: text.optional(),
          cost: z.number(),
          times: z.number().optional(),
          eligible: filters.optional(),
        }),
      )
      .max(32),
    budget: z.number().optional(),
    capacity: z.record(text, z.number().min(0)).optional(),
    contacts: z.strictObject({ measure: text, days: z.number().int(), most: z.number().int() }).optional(),
    floors: z.strictObject({ by: text, least: z.record(text, z.number().min(0)) }).optional(),
    holdOut: z.number(),
    stratifyBy: z.array(text).max(5).optional(),
    seed: z.number().int().optional(),
    windowDays: z.number().int(),
  })
  .openapi("CampaignPlan");
const campaign = z
  .object({
    id: z.number(),
    name: z.string(),
    status: z.enum(["planned", "drawn"]),
    madeAt: z.string(),
    drawnOn: z.string().nullable(),
    version: z.number().nullable(),
    plan: anyObject("the plan"),
    summary: anyObject("audience, treated, heldOut, cost, expected, gap, options, scarce").nullable(),
  })
  .loose()
  .openapi("Campaign");
const byId = z.object({ id: z.string().regex(/^\d{1,9}$/) });
const wrong = problemResponse("The plan is not valid; each problem has its place and remedy"),
  none = problemResponse("No such campaign");

const list = createRoute({
  method: "get",
  path: "/v1/campaigns",
  tags: ["Campaigns"],
  summary: "Campaigns planned here, the newest first",
  responses: { 200: jsonResponse(z.object({ campaigns: z.array(campaign) }), "The campaigns") },
});
const make = createRoute({
  method: "post",
  path: "/v1/campaigns",
  tags: ["Campaigns"],
  summary: "Keep a plan; nothing is drawn",
  request: {
    body: { required: true, content: { "application/json": { schema: z.strictObject({ name: text, plan }) } } },
  },
  responses: { 201: jsonResponse(campaign, "The campaign"), 400: wrong, 422: wrong },
});
const one = createRoute({
  method: "get",
  path: "/v1/campaigns/{id}",
  tags: ["Campaigns"],
  summary: "A campaign with its plan and draw",
  request: { params: byId },
  responses: { 200: jsonResponse(campaign, "The campaign"), 404: none },
});
const audience = createRoute({
  method: "post",
  path: "/v1/campaigns/audience",
  tags: ["Campaigns"],
  summary: "What a plan would come to; nothing is kept",
  request: { body: { required: true, content: { "application/json": { schema: plan } } } },
  responses: {
    200: jsonResponse(
      anyObject("audience, reachable, treated, heldOut, cost, expected, gap, options, scarce"),
      "The plan's figures, with shadow prices",
    ),
    400: wrong,
    422: wrong,
  },
});
const assign = createRoute({
  method: "post",
  path: "/v1/campaigns/{id}/assign",
  tags: ["Campaigns"],
  summary: "Draw who is contacted and who is held out, once and for all",
  request: { params: byId },
  responses: {
    200: jsonResponse(campaign, "The campaign with its draw"),
    403: problemResponse("It was drawn before"),
    404: none,
  },
});
const members = createRoute({
  method: "get",
  path: "/v1/campaigns/{id}/list",
  tags: ["Campaigns"],
  summary: "Whom to contact, as CSV",
  request: {
    params: byId,
    query: z.object({ channel: z.string().max(300).optional(), held_out: z.enum(["0", "1"]).optional() }),
  },
  responses: { 200: { description: "The list", content: { "text/csv": { schema: z.string() } } }, 404: none },
});
const verdict = createRoute({
  method: "get",
  path: "/v1/campaigns/{id}/verdict",
  tags: ["Campaigns"],
  summary: "What came of it, once a load has taken its draw into the facts",
  request: { params: byId },
  responses: {
    200: jsonResponse(
      z.object({
        planned: anyObject("the draw's figures"),
        verdict: anyObject("treated, control, sampleRatio, outcomes, profit").nullable(),
      }),
      "Planned and realised",
    ),
    404: none,
  },
});

export const campaignRoutes = (app: App): void => {
  const known = (
    c: { readonly var: { readonly services: { readonly project: { readonly warehouse: string } } } },
    id: string,
  ) => withState(c.var.services.project.warehouse, (state) => getCampaign(state, Number(id)));
  app.openapi(list, (c) =>
    c.json(
      {
        campaigns: withState(c.var.services.project.warehouse, listCampaigns).map((x) => ({
          ...x,
          plan: { ...x.plan },
          summary: x.summary && { ...x.summary },
        })),
      },
      200,
    ),
  );
  app.openapi(make, async (c) => {
    const body = c.req.valid("json");
    const kept = keepCampaign(
      c.var.services.project,
      body.name,
      body.plan as CampaignPlan,
      "owner",
      c.var.services.clock(),
    );
    return c.json({ ...kept, plan: { ...kept.plan }, summary: null }, 201);
  });
  app.openapi(audience, async (c) => {
    const asked = c.req.valid("json") as CampaignPlan;
    checkPlan(asked);
    return c.json(
      {
        ...(await readerFor(c).remember(
          ["campaign plan", asked],
          async (o) => (await c.var.services.project.drawCampaign(asked, o)).summary,
        )),
      },
      200,
    );
  });
  app.openapi(one, (c) => {
    const x = known(c, c.req.valid("param").id);
    return c.json({ ...x, plan: { ...x.plan }, summary: x.summary && { ...x.summary } }, 200);
  });
  app.openapi(assign, async (c) => {
    const { services } = c.var;
    const x = await readerFor(c).run((o) =>
      drawKept(services.project, Number(c.req.valid("param").id), "owner", services.clock(), o),
    );
    return c.json({ ...x, plan: { ...x.plan }, summary: x.summary && { ...x.summary } }, 200);
  });
  app.openapi(members, async (c) => {
    const { channel, held_out } = c.req.valid("query");
    const found = await campaignList(c.var.services.project, Number(c.req.valid("param").id), {
      heldOut: held_out === "1",
      ...(channel !== undefined && { channel }),
    });
    return c.body(found.text, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(found.name),
    });
  });
  app.openapi(verdict, async (c) => {
    const { project } = c.var.services;
    const x = known(c, c.req.valid("param").id);
    if (x.summary === null)
      throw new TesseraError("not-found", phrase`campaign ${x.name} was not drawn yet`, {
        remedy: phrase`POST /v1/campaigns/${x.id}/assign`,
      });
    const experiment = project.spec.experiments?.[0];
    if (!experiment)
      throw new TesseraError("not-found", "no experiment is declared that could judge it", {
        remedy: "declare one with defineExperiment",
      });
    const request = experimentRequest(project.spec, experiment.name, {
      filters: [{ member: experiment.by, operator: "equals", values: [x.name] }],
    });
    const [found] = await readerFor(c).remember(["experiment", request], (o) => project.experiment(request, o));
    return c.json({ planned: { ...x.summary }, verdict: found ? { ...found } : null }, 200);
  });
};

/** A download's name, whatever letters the campaign's has. */
export const attachment = (name: string): string =>
  `attachment; filename="campaign.csv"; filename*=UTF-8''${encodeURIComponent(`${name}.csv`)}`;
