/**
 * A small shop with every technique's data in one file, mined without a load: what a model writes can be compared with a
 * plain computation over the rows that it was given, which a test has in its hands.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitModel, type Report } from "../../../engine/mining/index.ts";
import {
  calculated,
  count,
  defineCube,
  defineDateDimension,
  defineDimension,
  defineModel,
  defineProject,
  sum,
} from "../../../engine/index.ts";
import { resolveModel } from "../../../engine/model/resolve-model.ts";
import { dayOf, toIso } from "../../../engine/model/time/calendar.ts";
import { openEngine } from "../../../engine/query/answer/open-engine.ts";
import type { Engine } from "../../../engine/query/answer/engine.ts";
import { MAIN, makeWorkFolder, openForWriting, publishVersion } from "../../../engine/warehouse/index.ts";
import { openWorkbench } from "../../../engine/warehouse/workbench.ts";
import { gammaOf, randomOf } from "./_data.ts";

const START = dayOf(2024, 1, 1);
/** days of facts */
const DAYS = 600;
const MEMBERS = 1900;
/** members who get mailings */
const MAILED = 1000;
const iso = (day: number): string => toIso(START + day);

export interface Sale {
  readonly line: number;
  readonly order: number;
  readonly day: string;
  readonly customer: number;
  readonly product: number;
  readonly channel: number;
  readonly amount: number;
}
export interface Touch {
  readonly id: number;
  readonly day: string;
  readonly hour: number;
  readonly customer: number;
  readonly channel: number;
  readonly kind: string;
}
export interface Mailing {
  readonly id: number;
  readonly day: string;
  readonly customer: number;
  readonly treated: boolean;
  readonly answered: number;
  readonly prior: number;
}
/** The rows of all facts. */
export interface LabRows {
  readonly sales: readonly Sale[];
  readonly touches: readonly Touch[];
  readonly mailings: readonly Mailing[];
}

/** A row a member: odd members are young and leave more readily; every tenth answers no one. */
export const CUSTOMERS = Array.from({ length: MEMBERS }, (_, i) => ({
  id: i + 1,
  name: `Customer ${i + 1}`,
  region: ["North", "South", "West"][i % 3] ?? "",
  age: i % 2 === 0 ? 20 + (i % 15) : 45 + (i % 30),
}));
export const PRODUCTS = Array.from({ length: 10 }, (_, i) => ({ id: i + 1, title: `Thing ${i + 1}` }));
export const CHANNELS = ["mail", "search", "shop"].map((name, i) => ({ id: i + 1, name }));

/** Facts whose habits change in the last months, so that a model that sees them differs from one that does not. */
export function labRows(seed = 11): LabRows {
  const random = randomOf(seed);
  const gamma = gammaOf(random);
  const sales: Sale[] = [];
  const touches: Touch[] = [];
  const mailings: Mailing[] = [];
  let order = 0;
  for (const { id, age } of CUSTOMERS) {
    const rate = gamma(1) / 30;
    const start = 330 * random();
    // the young leave sooner; rates of buying and of leaving are Gamma, as models of lifetimes assume
    const gone = start - Math.log(1 - random()) / (gamma(0.8) * (age < 40 ? 1 / 120 : 1 / 300));
    const days: number[] = [];
    for (let t = start; t < Math.min(gone, DAYS); t -= Math.log(1 - random()) / rate) days.push(Math.floor(t));
    for (const day of days) {
      order++;
      const late = day > 420;
      const basket = new Set([1 + Math.floor(10 * random())]);
      if (basket.has(1) && random() < (late ? 0.1 : 0.8)) basket.add(2);
      if (basket.has(3) && random() < (late ? 0.9 : 0.3)) basket.add(4);
      if (random() < 0.4) basket.add(1 + Math.floor(10 * random()));
      const channel = 1 + Math.floor((late ? 1 : 3) * random());
      for (const product of basket) {
        const amount = Math.round(100 * (late ? 4 : 1) * (10 + 30 * random())) / 100;
        sales.push({ line: sales.length + 1, order, day: iso(day), customer: id, product, channel, amount });
      }
      if (day > 3 && random() < 0.7)
        touches.push(touch(touches.length + 1, day - 1 - Math.floor(3 * random()), id, channel, random));
    }
    for (let t = id > MAILED ? DAYS : 280 + 30 * random(); t < DAYS; t += 30 + 30 * random()) {
      const sent = Math.floor(t);
      touches.push(touch(touches.length + 1, sent, id, 1 + Math.floor(3 * random()), random));
      const treated = random() < 0.7;
      const prior = days.filter((day) => day < sent).length;
      if (prior === 0) continue;
      const rate = sent > 420 ? 0.6 : 0.15 + 0.05 * Math.min(prior, 6) + (treated && age < 40 ? 0.25 : 0);
      const answered = gone > sent && random() < rate ? 1 : 0;
      mailings.push({ id: mailings.length + 1, day: iso(sent), customer: id, treated, answered, prior });
    }
  }
  return { sales, touches, mailings };
}

function touch(id: number, day: number, customer: number, channel: number, random: () => number): Touch {
  const kind = ["send", "open", "click"][Math.floor(3 * random())] ?? "send";
  return { id, day: iso(day), hour: Math.floor(24 * random()), customer, channel, kind };
}

/** Only the facts up to a day, that day included. */
export const upTo = ({ sales, touches, mailings }: LabRows, day: string): LabRows => ({
  sales: sales.filter((row) => row.day <= day),
  touches: touches.filter((row) => row.day <= day),
  mailings: mailings.filter((row) => row.day <= day),
});

/** The facts of the first members: enough for most techniques, and quicker. */
export const ofMembers = ({ sales, touches, mailings }: LabRows, most: number): LabRows => ({
  sales: sales.filter((row) => row.customer <= most),
  touches: touches.filter((row) => row.customer <= most),
  mailings: mailings.filter((row) => row.customer <= most),
});

const customer = defineDimension({
  name: "customer",
  table: "customers",
  key: "id",
  label: "name",
  attributes: { id: "id", name: "name", region: "region", age: { sql: "age", type: "integer" } },
});
const product = defineDimension({
  name: "product",
  table: "products",
  key: "id",
  label: "title",
  attributes: { id: "id", title: "title" },
});
const channel = defineDimension({
  name: "channel",
  table: "channels",
  key: "id",
  label: "name",
  attributes: { id: "id", name: "name" },
});
const date = defineDateDimension({ name: "date", from: "2024-01-01", until: "2025-12-31" });

/** Every technique once. */
export const LAB_MODELS = [
  defineModel({ name: "rfm", technique: "rfm", over: "customer", events: "sales", value: "sales.revenue" }),
  defineModel({
    name: "lifetime",
    technique: "bg_nbd",
    over: "customer",
    events: "sales",
    value: "sales.revenue",
    horizon: { weeks: 13 },
    discountRate: 0.1,
  }),
  defineModel({
    name: "pareto",
    technique: "pareto_nbd",
    over: "customer",
    events: "sales",
    value: "sales.revenue",
    horizon: { weeks: 13 },
  }),
  defineModel({
    name: "churn",
    technique: "logistic",
    over: "customer",
    events: "sales",
    label: { inactive: { days: 40 } },
    features: ["sales.average_line", "customer.age"],
    action: { cost: 1, worth: 30, works: 0.2 },
  }),
  defineModel({
    name: "boosted",
    technique: "boosting",
    over: "customer",
    events: "sales",
    label: { inactive: { days: 40 } },
    features: ["sales.average_line", "customer.age"],
  }),
  defineModel({
    name: "answers",
    technique: "response",
    over: "customer",
    contacts: "mailings",
    treated: "mailings.treated",
    outcome: "mailings.answers",
    events: "sales",
    features: ["sales.revenue", "customer.age"],
    learner: "logistic",
    action: { cost: 1, worth: 8 },
  }),
  defineModel({
    name: "moved",
    technique: "uplift",
    over: "customer",
    assignments: "mailings",
    treated: "mailings.treated",
    outcome: "mailings.answers",
    features: ["mailings.prior", "customer.age"],
  }),
  defineModel({
    name: "kinds",
    technique: "kmeans",
    over: "customer",
    features: ["sales.lines", "sales.average_line", "customer.age"],
    k: 3,
  }),
  defineModel({ name: "cohorts", technique: "cohort", over: "customer", events: "sales", period: "quarter" }),
  defineModel({
    name: "staying",
    technique: "survival",
    over: "customer",
    events: "sales",
    inactive: { days: 90 },
    by: "customer.region",
    features: ["customer.age"],
  }),
  defineModel({
    name: "ways",
    technique: "journey",
    over: "customer",
    events: "touches",
    stage: "touches.kind",
    time: "touches.at",
    funnel: { steps: ["send", "open", "click"], days: 60 },
  }),
  defineModel({
    name: "offers",
    technique: "next_offer",
    over: "customer",
    events: "sales",
    basket: "sales.order",
    item: "product",
    margin: "sales.revenue",
    cost: 0.4,
    fatigue: { events: "touches", days: 14, most: 2 },
  }),
  defineModel({
    name: "together",
    technique: "basket",
    over: "product",
    events: "sales",
    basket: "sales.order",
    audience: "customer",
    support: 0.005,
  }),
  defineModel({
    name: "credit",
    technique: "attribution",
    over: "channel",
    touches: "touches",
    channel: "channel",
    unit: "customer",
    time: "touches.at",
    conversions: "sales",
    conversion: "sales.order",
    value: "sales.revenue",
    cost: "mailings_cost.spent",
    lookback: 30,
    order: 2,
  }),
  defineModel({
    name: "outlook",
    technique: "forecast",
    over: "date",
    measure: "sales.revenue",
    period: "week",
    horizon: 8,
  }),
  defineModel({
    name: "why",
    technique: "drivers",
    over: "date",
    measure: "sales.average_line",
    before: ["2024-06-01", "2024-08-31"],
    after: ["2024-11-01", "2025-08-31"],
    dimensions: ["customer.region", "product.title"],
  }),
] as const;

const PROJECT = defineProject({
  name: "lab",
  currency: "EUR",
  warehouse: { path: "unused" },
  now: "latest",
  dimensions: [customer, product, channel, date],
  models: LAB_MODELS,
  cubes: [
    defineCube({
      name: "sales",
      table: "sales",
      grain: ["line"],
      dimensions: {
        date: { to: date, on: "day" },
        customer: { to: customer, on: "customer" },
        product: { to: product, on: "product" },
        channel: { to: channel, on: "channel" },
      },
      attributes: { order: "order_id" },
      measures: { revenue: sum("amount"), lines: count(), average_line: calculated("revenue / lines") },
    }),
    defineCube({
      name: "touches",
      table: "touches",
      grain: ["id"],
      dimensions: {
        date: { to: date, on: "day" },
        customer: { to: customer, on: "customer" },
        channel: { to: channel, on: "channel" },
      },
      attributes: { kind: "kind", at: { sql: "moment", type: "timestamp" } },
      measures: { touches: count() },
    }),
    defineCube({
      name: "mailings",
      table: "mailings",
      grain: ["id"],
      dimensions: { date: { to: date, on: "day" }, customer: { to: customer, on: "customer" } },
      attributes: { treated: { sql: "treated", type: "boolean" } },
      measures: { answers: sum("answered"), prior: sum("prior") },
    }),
    defineCube({
      name: "mailings_cost",
      table: "costs",
      grain: ["id"],
      dimensions: { date: { to: date, on: "day" }, channel: { to: channel, on: "channel" } },
      measures: { spent: sum("cost") },
    }),
  ],
});

export interface Mined {
  readonly report: Report;
  /** the labels' rows in the order of their key, the validity left out */
  readonly labels: readonly Readonly<Record<string, unknown>>[];
}

export interface Lab {
  readonly engine: Engine;
  /** mines a model of {@link LAB_MODELS} as of a day */
  mine(name: string, asOf: string): Promise<Mined>;
  /** rows of a statement over the lab's tables */
  rows(sql: string): Promise<Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** A warehouse with these facts, opened for mining. */
export async function openLab({ sales, touches, mailings }: LabRows): Promise<Lab> {
  const { catalog, problems } = resolveModel(PROJECT);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 1));
  const folder = mkdtempSync(join(tmpdir(), "tessera-lab-"));
  const main = join(makeWorkFolder(folder, "r1"), "main.duckdb");
  const writer = await openForWriting({ m: main }, { tempDirectory: join(folder, "t0") });
  const tables: readonly (readonly [name: string, columns: string, rows: readonly (readonly unknown[])[]])[] = [
    [
      "customers",
      "id BIGINT, name VARCHAR, region VARCHAR, age INTEGER",
      CUSTOMERS.map((c) => [c.id, c.name, c.region, c.age]),
    ],
    ["products", "id BIGINT, title VARCHAR", PRODUCTS.map((p) => [p.id, p.title])],
    ["channels", "id BIGINT, name VARCHAR", CHANNELS.map((c) => [c.id, c.name])],
    [
      "sales",
      "line BIGINT, order_id BIGINT, day DATE, customer BIGINT, product BIGINT, channel BIGINT, amount DECIMAL(12,2)",
      sales.map((s) => [s.line, s.order, s.day, s.customer, s.product, s.channel, s.amount]),
    ],
    [
      "touches",
      "id BIGINT, day DATE, moment TIMESTAMP, customer BIGINT, channel BIGINT, kind VARCHAR",
      touches.map((t) => [
        t.id,
        t.day,
        `${t.day} ${String(t.hour).padStart(2, "0")}:30:00`,
        t.customer,
        t.channel,
        t.kind,
      ]),
    ],
    [
      "mailings",
      "id BIGINT, day DATE, customer BIGINT, treated BOOLEAN, answered INTEGER, prior INTEGER",
      mailings.map((m) => [m.id, m.day, m.customer, m.treated, m.answered, m.prior]),
    ],
    [
      "costs",
      "id BIGINT, day DATE, channel BIGINT, cost DECIMAL(12,2)",
      touches.map((t) => [t.id, t.day, t.channel, t.channel / 4]),
    ],
  ];
  for (const [name, columns, rows] of tables) {
    await writer.connection.run(`CREATE TABLE m.${name} (${columns})`);
    for (let i = 0; i < rows.length; i += 2000)
      await writer.connection.run(
        `INSERT INTO m.${name} VALUES ${rows
          .slice(i, i + 2000)
          .map((row) => `(${row.map(literal).join(", ")})`)
          .join(", ")}`,
      );
  }
  await writer.close();
  const manifest = await publishVersion(folder, { base: null, run: "r1", files: { [MAIN]: main } });
  const bench = await openWorkbench(folder, manifest, join(folder, "labels.duckdb"), {
    tempDirectory: join(folder, "t1"),
    threads: 1,
  });
  const engine = await openEngine({ catalog, serving: bench.serving, today: () => dayOf(2026, 1, 1) });
  const rows = async (sql: string): Promise<Readonly<Record<string, unknown>>[]> =>
    (await bench.connection.runAndReadAll(sql)).getRowObjectsJson();
  return {
    engine,
    rows,
    mine: async (name, asOf) => {
      const model = (PROJECT.models ?? []).find((each) => each.name === name);
      if (!model) throw new Error(`no model ${name}`);
      for (const table of [`labels_${name}`, `report_${name}`])
        await bench.connection.run(`DROP TABLE IF EXISTS out.${table}`);
      const { report } = await fitModel(engine, bench, manifest, model, () => {}, asOf);
      const labels = await rows(`SELECT * EXCLUDE (valid_from, valid_until) FROM out.labels_${name} ORDER BY key`);
      return { report, labels };
    },
    close: async () => {
      await bench.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function literal(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return String(value);
}
