/** All routes of the API. */
import type { App } from "../http/environment.ts";
import { campaignRoutes } from "./campaigns.ts";
import { catalogRoutes } from "./catalog.ts";
import { customerRoutes } from "./customers.ts";
import { docsRoutes } from "./docs.ts";
import { goalRoutes } from "./goals.ts";
import { healthRoutes } from "./health.ts";
import { identityRoutes } from "./identities.ts";
import { jobRoutes } from "./jobs.ts";
import { listRoutes } from "./lists.ts";
import { loadRoutes } from "./loads.ts";
import { miningRoutes } from "./mining.ts";
import { queryRoutes } from "./query.ts";
import { runRoutes } from "./runs.ts";
import { segmentRoutes } from "./segments.ts";

const ROUTES = [
  catalogRoutes,
  queryRoutes,
  goalRoutes,
  segmentRoutes,
  miningRoutes,
  campaignRoutes,
  customerRoutes,
  jobRoutes,
  runRoutes,
  loadRoutes,
  identityRoutes,
  listRoutes,
  healthRoutes,
  docsRoutes,
];

/** Adds every route of the API to an application. */
export const apiRoutes = (app: App): void => {
  for (const routes of ROUTES) routes(app);
};
