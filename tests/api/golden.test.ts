/**
 * What pages and routes answer about the small shop, as lines of text: every word, link and field that a reader sees. A
 * change that is meant is written again with TESSERA_GOLDEN=update, and read in the diff.
 */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { mineInProcess } from "../../etl/mine/mine-in-process.ts";
import { openCampaignShop } from "./support/campaign-shop.ts";
import { sameAsBefore, steady } from "./support/golden.ts";
import { openSmallShop, type SmallShop } from "./support/small-shop.ts";

let shop: SmallShop;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  shop = await openSmallShop();
  await mineInProcess({ spec: shop.project.spec, folder: shop.folder });
  await shop.project.refresh();
  app = createApp({ project: shop.project, clock: () => new Date("2026-01-05T09:00:00Z") });
});
afterAll(() => shop.close());

const SHOWN =
  /\b(href|action|name|value|title|aria-label|aria-current|method|checked|selected|disabled|colspan|rowspan|data-[\w-]+)(="[^"]*")?/g;
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
/** Long addresses as a few letters: which link leads elsewhere shows, and where to can be looked up. */
const short = (attribute: string): string =>
  attribute.length > 60
    ? `${attribute.split("=")[0]}=#${hashOf(steady(attribute, "(folder)")).slice(0, 6)}`
    : attribute;

/** A page as lines: words, and what links and fields hold; of each picture its words and a hash of its geometry. */
export function linesOf(html: string): string[] {
  const body = html.slice(Math.max(0, html.indexOf("<main")));
  const pictures = body.replaceAll(/<svg[\s\S]*?<\/svg>/g, (svg) => {
    const rounded = svg.replaceAll(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10));
    const words = [...svg.matchAll(/>([^<>]+)</g)].map(([, word]) => word).join(" · ");
    return `<img title="${words.replaceAll('"', "'")} #${hashOf(rounded).slice(0, 6)}">`;
  });
  return pictures
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .replaceAll(/<([a-z][\w-]*)([^>]*)>/g, (_, tag: string, attributes: string) => {
      const look = /^t[drh]$/.test(tag) ? [...attributes.matchAll(/class="[^"]*"/g)] : [];
      const kept = [...look, ...attributes.matchAll(SHOWN)].map(([all]) => short(all));
      return kept.length > 0 ? `\n<${tag} ${kept.join(" ")}> ` : "\n";
    })
    .replaceAll(/<\/[^>]*>/g, "\n")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

const explore = (query: string): string => `/explore?${query}`;
const PAGES: Readonly<Record<string, string>> = {
  dashboard: "/dashboards/overview",
  "dashboard-of-a-quarter": "/dashboards/overview?period=2025-Q2&customer.country=Germany",
  "explore-start": "/explore",
  "explore-two-dimensions": explore(
    "measures=sales.revenue,sales.orders&by=customer.country,sales.channel&period=2025",
  ),
  "explore-three-dimensions": explore(
    "measures=sales.orders&by=customer.country,sales.channel,sales.product&where=sales.channel:web&period=2025",
  ),
  "explore-flat": explore(
    "measures=sales.orders&by=customer.country,sales.channel,sales.product&where=sales.channel:web&period=2025&totals=0",
  ),
  "explore-a-tree": explore("measures=sales.revenue,sales.average_order&by=customer.country,customer.city&period=2025"),
  "explore-across": explore("measures=sales.revenue&by=customer.country&across=date.quarter&period=2025"),
  "explore-compared": explore(
    "measures=sales.revenue,sales.buyers&by=date.month&period=2025&compare=previous_year&chart=line",
  ),
  "explore-sorted": explore(
    "measures=sales.revenue&by=customer.name&sort=-sales.revenue&limit=5&totals=0&period=last+12+months&chart=bar",
  ),
  "explore-conditions": explore(
    "measures=sales.revenue,service.cases&by=customer.tier&where=customer.country:not_equals:Germany|France&where=customer.city:contains:a&segment=&explain=1",
  ),
  "explore-a-calculation": explore("calculate=each=revenue+/+orders&measures=each&by=sales.product&period=2025"),
  "explore-a-heatmap": explore("measures=sales.orders&by=sales.product,sales.channel&chart=heatmap&period=2025"),
  "explore-an-area": explore("measures=sales.orders&by=date.month,sales.channel&chart=area&period=2025"),
  "explore-stacked": explore("measures=sales.orders&by=date.quarter,customer.country&chart=stacked_bar"),
  "explore-a-scatter": explore("measures=sales.revenue,sales.orders&by=customer.city&chart=scatter"),
  "explore-nothing": explore("measures=sales.revenue&by=customer.country&period=2030"),
  "explore-an-error": explore("measures=sales.revenu&by=customer.country"),
  "explore-add-measure": explore("measures=sales.revenue&by=customer.country&add-measure=sales.units"),
  rows: "/explore/rows?measures=sales.revenue&by=customer.country&period=2025&cell=customer.country:Poland",
  customers: "/customers",
  "customers-found": "/customers?q=Customer+1",
  customer: "/customers/7",
  segments: "/segments",
  "segment-filtered": "/segments?measures=sales.revenue",
  model: "/segments/models/rfm",
  why: "/why",
  "why-asked":
    "/why?measure=sales.revenue&before=2025-01-01&before-until=2025-03-31&after=2025-04-01&after-until=2025-06-30",
  channels: "/channels",
  campaigns: "/campaigns",
  plan: "/campaigns/plan",
  lists: "/lists",
  programme: "/programme",
  data: "/data",
  "data-job": "/data/jobs/orders",
  identities: "/data/identities",
  "model-page": "/model",
  "model-german": "/model?lang=de",
  "not-found": "/nowhere",
};

describe("a page says what it said before:", () => {
  test.each(Object.entries(PAGES))("%s", async (name, path) => {
    const response = await app.request(path, { headers: { Accept: "text/html" } });
    const lines = linesOf(await response.text());
    // how often the shop was asked is drawn there
    const kept = name === "programme" ? lines.filter((line) => !line.startsWith("<img")) : lines;
    sameAsBefore(name, shop.folder, [`${response.status} ${path}`, ...kept]);
  });
});

type Asked = readonly [method: "GET" | "POST", path: string, body?: unknown];
const query = { measures: ["sales.revenue", "sales.buyers"], dimensions: ["customer.country"], totals: true };
const ROUTES: Readonly<Record<string, Asked>> = {
  catalog: ["GET", "/v1/catalog"],
  query: ["POST", "/v1/query", query],
  "query-of-the-top": [
    "POST",
    "/v1/query",
    { ...query, top: [{ dimension: "customer.country", by: "sales.revenue", n: 1, others: true }] },
  ],
  "query-refused": ["POST", "/v1/query", { measures: ["sales.revenu"] }],
  "query-without-shape": ["POST", "/v1/query", { measures: "sales.revenue", limit: -1 }],
  explained: ["POST", "/v1/explain", query],
  drilled: [
    "POST",
    "/v1/drill",
    { query, direction: "down", dimension: "customer.country", cell: { "customer.country": "Poland" } },
  ],
  rows: ["POST", "/v1/drillthrough", { query, cell: { "customer.country": "Poland" }, limit: 3 }],
  members: ["GET", "/v1/members/customer.city?q=a&limit=3"],
  customers: ["GET", "/v1/customers?q=Customer+1"],
  customer: ["GET", "/v1/customers/7"],
  dashboards: ["GET", "/v1/dashboards"],
  dashboard: ["GET", "/v1/dashboards/overview"],
  goals: ["GET", "/v1/goals"],
  jobs: ["GET", "/v1/jobs"],
  "job-runs": ["GET", "/v1/jobs/orders/runs"],
  loads: ["GET", "/v1/loads"],
  lineage: ["GET", "/v1/lineage/sales.revenue"],
  lists: ["GET", "/v1/lists"],
  models: ["GET", "/v1/models"],
  report: ["GET", "/v1/models/rfm/report"],
  segments: ["GET", "/v1/segments"],
  "segment-size": [
    "POST",
    "/v1/segments/count",
    { over: "customer", filters: [{ member: "customer.tier", operator: "equals", values: ["Gold"] }] },
  ],
  bands: ["POST", "/v1/anomalies", { measure: "sales.revenue", period: "month", last: 3 }],
  drivers: [
    "POST",
    "/v1/drivers",
    { measure: "sales.revenue", before: ["2025-01-01", "2025-03-31"], after: ["2025-04-01", "2025-06-30"] },
  ],
  health: ["GET", "/health"],
  ready: ["GET", "/ready"],
  "api-not-found": ["GET", "/v1/nowhere"],
};

describe("a route answers what it answered before:", () => {
  test.each(Object.entries(ROUTES))("%s", async (name, [method, path, body]) => {
    const response = await app.request(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    const lines = response.headers.get("content-type")?.includes("json")
      ? JSON.stringify(JSON.parse(text), null, 1).split("\n")
      : [text];
    sameAsBefore(`api-${name}`, shop.folder, [`${response.status} ${method} ${path}`, ...lines]);
  });
});

describe("of campaigns and budgets, a page says what it said before:", () => {
  let campaigns: Awaited<ReturnType<typeof openCampaignShop>>;
  let own: ReturnType<typeof createApp>;
  beforeAll(async () => {
    campaigns = await openCampaignShop();
    own = createApp({ project: campaigns.project, clock: () => new Date("2026-01-05T09:00:00Z") });
  });
  afterAll(() => campaigns.close());
  const PLAN = {
    over: "customer",
    audience: [{ member: "customer.kind", operator: "equals", values: ["business"] }],
    value: { effect: 0.1, worth: 20 },
    options: [
      { channel: "Letter", cost: 1 },
      { channel: "Mail", cost: 0.1, times: 0.5 },
    ],
    budget: 100,
    capacity: { Letter: 60 },
    holdOut: 0.2,
    stratifyBy: ["customer.kind"],
    windowDays: 30,
    seed: 3,
  };
  const OWN: Readonly<Record<string, Asked>> = {
    seasons: ["GET", "/campaigns"],
    season: ["GET", "/campaigns/seasons/spring"],
    "season-without-effect": ["GET", "/campaigns/seasons/autumn"],
    "season-without-control": ["GET", "/campaigns/seasons/winter"],
    "season-unknown": ["GET", "/campaigns/seasons/summer"],
    budget: ["GET", "/channels"],
    "budget-of-5000": ["GET", "/channels?budget=5000"],
    "api-seasons": ["POST", "/v1/experiments/evaluate", { name: "seasons" }],
    "api-budget": ["POST", "/v1/allocation", { name: "media", budget: 4000 }],
    "api-audience": ["POST", "/v1/campaigns/audience", PLAN],
    "api-campaign-made": ["POST", "/v1/campaigns", { name: "Winter letters", plan: PLAN }],
    "api-campaign": ["GET", "/v1/campaigns/1"],
    "api-campaign-drawn": ["POST", "/v1/campaigns/1/assign", {}],
    "api-campaign-list": ["GET", "/v1/campaigns/1/list"],
    planned: ["GET", "/campaigns/plans/1"],
    "api-campaign-refused": ["POST", "/v1/campaigns", { name: "x", plan: { ...PLAN, holdOut: 0.95, options: [] } }],
  };
  test.each(Object.entries(OWN))("%s", async (name, [method, path, body]) => {
    const response = await own.request(path, {
      method,
      headers: {
        Accept: path.startsWith("/v1") ? "application/json" : "text/html",
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    let lines = text.split(/\r?\n/);
    if (type.includes("json")) lines = JSON.stringify(JSON.parse(text), null, 1).split("\n");
    else if (type.includes("html")) lines = linesOf(text);
    sameAsBefore(name, "(none)", [`${response.status} ${method} ${path}`, ...lines.slice(0, 400)]);
  });
});
