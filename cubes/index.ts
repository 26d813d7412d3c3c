/** The CRM as declarations: conformed dimensions, cubes, segments, goals, mining models and dashboards. */
import {
  customers,
  marketing,
  overview,
  programmeDashboard,
  salesDashboard,
  serviceDashboard,
} from "./dashboards/index.ts";
import * as goalsByName from "./goals/index.ts";
import * as modelsByName from "./models/index.ts";
import * as segmentsByName from "./segments/index.ts";

export { campaign, channel, customer, date, product, salesperson, topic } from "./dimensions/index.ts";
export { assignments } from "./assignments.cube.ts";
export { closings } from "./closings.cube.ts";
export { lists } from "./lists.cube.ts";
export { loads } from "./loads.cube.ts";
export { opportunities } from "./opportunities.cube.ts";
export { pipeline } from "./pipeline.cube.ts";
export { programme } from "./programme.cube.ts";
export { quality } from "./quality.cube.ts";
export { quotas } from "./quotas.cube.ts";
export { responses } from "./responses.cube.ts";
export { sales } from "./sales.cube.ts";
export { satisfaction } from "./satisfaction.cube.ts";
export { service } from "./service.cube.ts";
export { spend } from "./spend.cube.ts";
export { stages } from "./stages.cube.ts";
export { tasks } from "./tasks.cube.ts";
export { touches } from "./touches.cube.ts";
export { usage } from "./usage.cube.ts";

export const segments = Object.values(segmentsByName);
export const goals = Object.values(goalsByName);
export { campaignVerdicts } from "./models/campaign-verdicts.ts";
export { channelBudget } from "./models/channel-budget.ts";
export const models = Object.values(modelsByName);
/** In the order of the navigation; the first is the start page. */
export const dashboards = [overview, salesDashboard, marketing, serviceDashboard, customers, programmeDashboard];
