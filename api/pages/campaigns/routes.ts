/** `/campaigns`, the planner, saved plans and each campaign's page. */
import { getCampaign, withState } from "../../../etl/index.ts";
import { attachment } from "../../http/attachment.ts";
import { readerFor, type App } from "../../http/environment.ts";
import { campaignList, drawKept, keepCampaign } from "../../services/campaigns.ts";
import { irreversible } from "../parts/consent.tsx";
import { campaignPage } from "./campaign-page.tsx";
import { campaignsPage } from "./campaigns-page.tsx";
import { audienceDimension } from "./plan-defaults.ts";
import { planOf } from "./plan-form.ts";
import { planPage } from "./plan-page.tsx";
import { savedPage } from "./saved-page.tsx";

export const campaignPageRoutes = (app: App): void => {
  app.get("/campaigns", async (c) =>
    c.html(await campaignsPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services)),
  );
  app.get("/campaigns/plan", async (c) =>
    c.html(await planPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services)),
  );
  app.post("/campaigns/plans", async (c) => {
    const { project, clock } = c.var.services;
    const fields = new URLSearchParams(await c.req.text());
    const plan = planOf(fields, audienceDimension(project.spec));
    const { id } = keepCampaign(project, fields.get("name") ?? "", plan, "owner", clock());
    return c.redirect(`/campaigns/plans/${id}`, 303);
  });
  app.get("/campaigns/plans/:id{\\d{1,9}}", async (c) =>
    c.html(await savedPage(Number(c.req.param("id")), readerFor(c), c.var.services)),
  );
  irreversible(app, {
    path: "/campaigns/plans/:id{\\d{1,9}}/draw",
    active: "/campaigns",
    question: (c) => {
      const { project, words } = c.var.services;
      const { saved } = words.campaigns;
      const campaign = withState(project.warehouse, (state) => getCampaign(state, Number(c.req.param("id"))));
      return {
        title: saved.drawFor(campaign.name),
        effect: saved.drawEffect,
        confirm: saved.draw,
        back: `/campaigns/plans/${campaign.id}`,
      };
    },
    change: async (c) => {
      const { project, clock } = c.var.services;
      const id = Number(c.req.param("id"));
      await readerFor(c).run((options) => drawKept(project, id, "owner", clock(), options));
      return `/campaigns/plans/${id}`;
    },
  });
  app.get("/campaigns/plans/:id{\\d{1,9}}/list.csv", async (c) => {
    const channel = c.req.query("channel");
    const found = await campaignList(c.var.services.project, Number(c.req.param("id")), {
      heldOut: c.req.query("held_out") === "1",
      ...(channel !== undefined && { channel }),
    });
    return c.body(found.text, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(`${found.name}.csv`, "campaign.csv"),
    });
  });
  app.get("/campaigns/:experiment/:member", async (c) => {
    const { experiment, member } = c.req.param();
    const { searchParams } = new URL(c.req.url);
    return c.html(await campaignPage(experiment, member, searchParams, readerFor(c), c.var.services));
  });
};
