/** All pages, and the assets they are made with. */
import type { App } from "../http/environment.ts";
import { assetRoutes } from "./asset-routes.ts";
import { campaignPageRoutes } from "./campaigns/routes.ts";
import { channelPageRoutes } from "./channels/routes.ts";
import { customerPageRoutes } from "./customers/routes.ts";
import { dashboardRoutes } from "./dashboard/routes.ts";
import { dataRoutes } from "./data/routes.ts";
import { exploreRoutes } from "./explore/routes.ts";
import { listPageRoutes } from "./lists/routes.ts";
import { modelRoutes } from "./model/routes.ts";
import { programmeRoutes } from "./programme/routes.ts";
import { segmentPageRoutes } from "./segments/routes.ts";
import { whyRoutes } from "./why/routes.ts";

export const pageRoutes = (app: App): void => {
  for (const routes of [
    assetRoutes,
    dashboardRoutes,
    exploreRoutes,
    whyRoutes,
    customerPageRoutes,
    segmentPageRoutes,
    campaignPageRoutes,
    channelPageRoutes,
    programmeRoutes,
    listPageRoutes,
    dataRoutes,
    modelRoutes,
  ])
    routes(app);
};
