/** `/campaigns` and each campaign's page. */
import { readerFor, type App } from "../../routes/environment.ts";
import { campaignPage } from "./campaign-page.tsx";
import { campaignsPage } from "./campaigns-page.tsx";

export const campaignPageRoutes = (app: App): void => {
  app.get("/campaigns", async (c) => c.html(await campaignsPage(new URL(c.req.url).searchParams, readerFor(c), c.var.services)));
  app.get("/campaigns/:experiment/:member", async (c) => c.html(await campaignPage(c.req.param("experiment"), c.req.param("member"), new URL(c.req.url).searchParams, readerFor(c), c.var.services)));
};
