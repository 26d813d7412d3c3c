/** All routes of the API. */
import { campaignRoutes } from "./campaigns.ts";
import { catalogRoutes } from "./catalog.ts";
import { customerRoutes } from "./customers.ts";
import { docsRoutes } from "./docs.ts";
import type { App } from "./environment.ts";
import { goalRoutes } from "./goals.ts";
import { healthRoutes } from "./health.ts";
import { identityRoutes } from "./identities.ts";
import { listRoutes } from "./lists.ts";
import { loadRoutes } from "./loads.ts";
import { miningRoutes } from "./mining.ts";
import { queryRoutes } from "./query.ts";
import { segmentRoutes } from "./segments.ts";

export const apiRoutes = (app: App): void => {
  for (const routes of [
    catalogRoutes,
    queryRoutes,
    goalRoutes,
    segmentRoutes,
    miningRoutes,
    campaignRoutes,
    customerRoutes,
    loadRoutes,
    identityRoutes,
    listRoutes,
    healthRoutes,
    docsRoutes,
  ])
    routes(app);
};
