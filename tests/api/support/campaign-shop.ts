/** A project with one experiment and one allocation, whose right answers are known from how its rows were made. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject, type OpenProject } from "../../../etl/project/open-project.ts";
import { runLoad } from "../../../etl/index.ts";

const PACKAGE = "tessera";

/** 1,000 people a campaign, every fifth held out: spring lifts buying from 10 % to 30 %, autumn does nothing. */
const assignments = (): string => {
  const lines = ["campaign,customer_id,drawn_on,treated,bought,margin,prior,cost,kind"];
  for (const campaign of ["spring", "autumn"])
    for (let i = 0; i < 1000; i++) {
      const treated = i % 5 !== 0;
      const one = Math.floor(i / 5) % 10;
      const bought = campaign === "spring" && treated ? one < 3 : one < 1;
      lines.push(
        [
          campaign,
          i,
          campaign === "spring" ? "2025-04-01" : "2025-10-01",
          treated,
          bought ? 1 : 0,
          bought ? 40 + (i % 7) : 0,
          (i * 7) % 90,
          treated ? 0.5 : 0,
          i % 3 === 0 ? "business" : "consumer",
        ].join(","),
      );
    }
  // one campaign that held nobody out
  for (let i = 0; i < 20; i++) lines.push(["winter", i, "2025-12-01", true, i % 2, 10, 5, 0.5, "consumer"].join(","));
  return `${lines.join("\n")}\n`;
};

const spend = (): string => {
  const lines = ["month_on,channel,spent,visits"];
  for (let m = 0; m < 24; m++) {
    const month = `${2024 + Math.floor(m / 12)}-${String(1 + (m % 12)).padStart(2, "0")}-01`;
    const mail = 500 + ((m * 37) % 11) * 300,
      search = 2000 + ((m * 53) % 13) * 500;
    lines.push(
      `${month},Mail,${mail},${Math.round(50 + 900 * (1 - Math.exp(-mail / 1500)))}`,
      `${month},Search,${search},${Math.round(80 + 300 * (1 - Math.exp(-search / 2000)))}`,
    );
  }
  return `${lines.join("\n")}\n`;
};

const CONFIG = `
import { calculated, count, defineAllocation, defineCube, defineDateDimension, defineDimension, defineExperiment, defineJob, defineProject, files, sum } from ${JSON.stringify(PACKAGE)};
const drops = files({ name: "drops", path: "./drops" });
const date = defineDateDimension({ name: "date", title: "Date", from: "2024-01-01", until: "2025-12-31" });
const campaign = defineDimension({ name: "campaign", title: "Campaign", table: "campaigns", key: "campaign", label: "name", attributes: { name: { sql: "campaign", title: "Campaign" }, offer: { sql: "offer", title: "Offer" }, ends: { sql: "ends", title: "Ends", type: "date" } } });
const channel = defineDimension({ name: "channel", title: "Channel", table: "channels", key: "channel", label: "name", attributes: { name: { sql: "channel", title: "Channel" } } });
const person = defineDimension({ name: "customer", title: "Customer", table: "people", key: "customer_id", attributes: { kind: { sql: "kind", title: "Kind" } }, hierarchies: { kinds: ["kind"] } });
const job = (name, columns, key) => defineJob({ name, source: drops, extract: { file: name + ".csv" }, columns, into: { table: name, mode: "merge", key } });
const assignments = defineCube({ name: "assignments", title: "Assignments", table: "assignments", grain: ["campaign", "customer_id"], dimensions: { date: { to: date, on: "drawn_on" }, campaign: { to: campaign, on: "campaign" }, customer: { to: person, on: "customer_id" } }, attributes: { treated: { sql: "treated", title: "Treated", type: "boolean" } },
  measures: { buyers: sum("bought", { title: "Buyers", format: "integer" }), margin: sum("margin", { title: "Margin", format: "currency" }), prior: sum("prior", { title: "Before", format: "currency" }), cost: sum("cost", { title: "Cost", format: "currency" }) } });
const media = defineCube({ name: "media", title: "Media", table: "media", grain: ["month_on", "channel"], dimensions: { date: { to: date, on: "month_on" }, channel: { to: channel, on: "channel" } }, measures: { spent: sum("spent", { title: "Spend", format: "currency" }), visits: sum("visits", { title: "Visits", format: "integer" }), each: calculated("spent / visits", { title: "Spend per visit", format: "currency" }) } });
export default defineProject({
  name: "campaigns", title: "Campaign shop", currency: "EUR", warehouse: { path: "./warehouse" }, now: "latest", dimensions: [date, campaign, channel, person], cubes: [assignments, media], sources: { drops },
  jobs: [job("assignments", { campaign: "varchar", customer_id: "bigint", drawn_on: "date", treated: "boolean", bought: "integer", margin: "decimal(12,2)", prior: "decimal(12,2)", cost: "decimal(12,2)", kind: "varchar" }, ["campaign", "customer_id"]), job("media", { month_on: "date", channel: "varchar", spent: "decimal(12,2)", visits: "integer" }, ["month_on", "channel"]), job("campaigns", { campaign: "varchar", offer: "varchar", ends: "date" }, "campaign"), job("channels", { channel: "varchar" }, "channel"), job("people", { customer_id: "bigint", kind: "varchar" }, "customer_id")],
  experiments: [defineExperiment({ name: "seasons", title: "Seasons", cube: "assignments", treated: "assignments.treated", by: "campaign.name", outcomes: ["assignments.buyers", "assignments.margin"], covariate: "assignments.prior", cost: "assignments.cost" }), defineExperiment({ name: "watched", title: "Watched seasons", cube: "assignments", treated: "assignments.treated", by: "campaign.name", windowEnds: "campaign.ends", outcomes: ["assignments.buyers", "assignments.margin"], cost: "assignments.cost" })],
  allocations: [defineAllocation({ name: "media", title: "Media budget", spend: "media.spent", outcome: "media.visits", channel: "channel.name", period: "date.month" })],
});
`;

export const openCampaignShop = async (): Promise<{ readonly project: OpenProject; close(): Promise<void> }> => {
  const folder = mkdtempSync(join(tmpdir(), "tessera-campaigns-"));
  mkdirSync(join(folder, "drops"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "campaigns", private: true, type: "module" }));
  writeFileSync(join(folder, "tessera.config.ts"), CONFIG);
  const people = [
    "customer_id,kind",
    ...Array.from({ length: 1000 }, (_, i) => `${i},${i % 3 === 0 ? "business" : "consumer"}`),
  ].join("\n");
  const texts = {
    assignments: assignments(),
    media: spend(),
    campaigns: "campaign,offer,ends\nspring,ten percent,2025-04-30\nautumn,none,2025-12-01\nwinter,tea,2025-12-31\n",
    channels: "channel\nMail\nSearch\n",
    people: `${people}\n`,
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, "drops", `${name}.csv`), text);
  await runLoad({ folder });
  const project = await openProject(folder);
  return {
    project,
    close: async () => {
      await project.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
