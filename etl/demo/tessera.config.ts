import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineProject } from "../../engine/index.ts";
import { PACKAGE_ROOT } from "../../engine/package.ts";
import * as crm from "../../cubes/index.ts";
import { callList, mailTool } from "./destinations.ts";
import { jobs } from "./jobs/index.ts";
import { persons } from "./persons.ts";
import { desk, erp, marketing, shop } from "./sources.ts";
import { tables } from "./star/index.ts";

// an installed package is not written to: its demo is in the current folder
const place = PACKAGE_ROOT.pathname.includes("/node_modules/") ? process.cwd() : fileURLToPath(PACKAGE_ROOT);
const home = resolve(place, process.env["TESSERA_HOME"] ?? ".tessera");

export default defineProject({
  name: "northgate",
  title: "Northgate",
  currency: "EUR",
  warehouse: { path: join(home, "demo", "warehouse") },
  now: "latest",
  timeZone: "Europe/Berlin",
  dimensions: [crm.customer, crm.product, crm.date, crm.channel, crm.campaign, crm.salesperson, crm.topic],
  cubes: [
    crm.sales,
    crm.opportunities,
    crm.closings,
    crm.pipeline,
    crm.stages,
    crm.touches,
    crm.responses,
    crm.assignments,
    crm.service,
    crm.satisfaction,
    crm.spend,
    crm.quotas,
    crm.tasks,
    crm.programme,
    crm.loads,
    crm.usage,
    crm.lists,
    crm.quality,
  ],
  sources: { erp, shop, desk, marketing },
  jobs,
  tables,
  destinations: [callList, mailTool],
  persons,
  segments: crm.segments,
  models: crm.models,
  experiments: [crm.campaignVerdicts],
  allocations: [crm.channelBudget],
  dashboards: crm.dashboards,
  goals: crm.goals,
});
