/** `/campaigns`, the planner, kept plans and each campaign's page. */
import { attachment } from "../../routes/campaigns.ts";
import { campaignList, drawKept, keepCampaign } from "../../http/campaigns.ts";
import { readerFor, type App } from "../../routes/environment.ts";
import { campaignPage } from "./campaign-page.tsx";
import { campaignsPage } from "./campaigns-page.tsx";
import { keptPage } from "./kept-page.tsx";
import { planOf } from "./plan-form.ts";
import { overOf, planPage } from "./plan-page.tsx";

export const campaignPageRoutes = (app: App): void => {
  app.get("/campaigns", async (c) =>
    c.html(await campaignsPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services)),
  );
  app.get("/campaigns/plan", async (c) =>
    c.html(await planPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services)),
  );
  app.post("/campaigns/plans", async (c) => {
    const { services } = c.var;
    const fields = new URLSearchParams(await c.req.text());
    const { id } = keepCampaign(
      services.project,
      fields.get("name") ?? "",
      planOf(fields, overOf(services)),
      "owner",
      services.clock(),
    );
    return c.redirect(`/campaigns/plans/${id}`, 303);
  });
  app.get("/campaigns/plans/:id{\\d{1,9}}", async (c) =>
    c.html(await keptPage(Number(c.req.param("id")), readerFor(c), c.var.services)),
  );
  app.post("/campaigns/plans/:id{\\d{1,9}}/draw", async (c) => {
    const { services } = c.var,
      id = Number(c.req.param("id"));
    await readerFor(c).run((o) => drawKept(services.project, id, "owner", services.clock(), o));
    return c.redirect(`/campaigns/plans/${id}`, 303);
  });
  app.get("/campaigns/plans/:id{\\d{1,9}}/list.csv", async (c) => {
    const channel = c.req.query("channel");
    const found = await campaignList(c.var.services.project, Number(c.req.param("id")), {
      heldOut: c.req.query("held_out") === "1",
      ...(channel !== undefined && { channel }),
    });
    return c.body(found.text, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(found.name),
    });
  });
  app.get("/campaigns/:experiment/:member", async (c) =>
    c.html(
      await campaignPage(
        c.req.param("experiment"),
        c.req.param("member"),
        new URL(c.req.url).searchParams,
        readerFor(c),
        c.var.services,
      ),
    ),
  );
};
