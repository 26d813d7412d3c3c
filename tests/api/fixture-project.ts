/** An open project with the demo's model and made-up numbers: the same question gives the same answer. Pages are developed against it. */
import { createHash } from "node:crypto";
import * as declared from "../../cubes/index.ts";
import { TesseraError } from "../../engine/errors.ts";
import { resolveModel, titleOf } from "../../engine/model/catalog.ts";
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { Filter } from "../../engine/model/filter.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Column, Query, Result, Row, Value } from "../../engine/query/query.ts";
import type { OpenProject } from "../../etl/project.ts";

const MEMBERS: { readonly [attribute: string]: readonly Value[] } = {
  country: ["Germany", "France", "Netherlands", "Poland", "Austria", "Sweden", null], region: ["North", "South", "East", "West"], city: ["Berlin", "Hamburg", "Lyon", "Utrecht", "Gdańsk", "Graz", "Malmö", "Kraków", "Köln", "Bad Neuenahr-Ahrweiler"],
  department: ["Living", "Bedroom", "Kitchen", "Outdoor", "Office"], category: ["Chairs", "Tables", "Lamps", "Storage", "Textiles", "Sofas"], brand: ["Alder", "Birke", "Cedro", "Dal"],
  segment: ["Platinum", "Gold", "Silver", "Basic"], rfm_segment: ["Champions", "Loyal", "Promising", "At risk", "Hibernating", "Lost"], cluster: ["Bargain hunters", "Big spenders", "Occasional", "Complainers"],
  name: ["Anna Müller", "Jean Dupont", "Maria Kowalska", "Sven Lindqvist", "Handelsgesellschaft für Inneneinrichtung mbH", "Tom de Vries", "Eva Huber", "Łukasz Nowak"], gender: ["female", "male", "other"], age_band: ["< 25", "25–35", "35–45", "45–55", "55–65", "≥ 65"],
  value_band: ["< 1", "1–200", "200–500", "500–1000", "≥ 2500"], customer_type: ["consumer", "business"], area: ["Delivery", "Quality", "Invoice", "Advice"], stage: ["Lead", "Qualified", "Offer", "Negotiation", "Won"],
};
const hash = (text: string): number => createHash("md5").update(text).digest().readUInt32BE(0) / 2 ** 32;

const iso = (d: Date): string => d.toISOString().slice(0, 10);
const periods = (level: string, from: string, until: string): string[] => {
  const out: string[] = [];
  const d = new Date(`${from}T00:00:00Z`);
  const step: { readonly [level: string]: number } = { year: 12, half: 6, quarter: 3, month: 1, fiscal_year: 12, fiscal_quarter: 3, fiscal_period: 1 };
  while (iso(d) <= until && out.length < 800) {
    out.push(iso(d));
    if (step[level]) d.setUTCMonth(d.getUTCMonth() + step[level]!);
    else d.setUTCDate(d.getUTCDate() + (level === "week" ? 7 : 1));
  }
  return out;
};

const northgate: ProjectSpec = {
  name: "northgate", currency: "EUR", warehouse: { path: "./warehouse" }, now: "latest",
  dimensions: [declared.campaign, declared.channel, declared.customer, declared.date, declared.product, declared.salesperson, declared.topic],
  cubes: [declared.sales, declared.service, declared.satisfaction, declared.spend, declared.touches, declared.responses, declared.assignments, declared.opportunities, declared.stages, declared.pipeline, declared.quotas, declared.tasks, declared.programme, declared.loads, declared.usage],
  segments: declared.segments, goals: declared.goals, models: declared.models,
  dashboards: [...declared.dashboards].sort((a, b) => Number(b.name === "overview") - Number(a.name === "overview")),
  jobs: [{ kind: "job", name: "erp_orders" }],
};

export const fixtureProject = (spec: ProjectSpec = northgate): OpenProject => {
  const { catalog } = resolveModel(spec);
  const view: CatalogView = {
    name: spec.name, title: spec.title ?? spec.name, currency: spec.currency ?? "EUR",
    cubes: [...catalog.cubes.values()].map((c) => ({
      name: c.name, title: c.title, ...(c.spec.description && { description: c.spec.description }), grain: c.spec.grain ?? [], roles: [...c.roles.keys()],
      attributes: [...c.attributes.values()].map((a) => ({ member: `${c.name}.${a.name}`, name: a.name, title: a.title, type: a.type ?? "string" })),
      measures: [...c.measures.values()].map((m) => ({ member: m.member, name: m.name, title: m.title, ...(m.spec.description && { description: m.spec.description }), format: m.format, better: m.spec.better ?? "up", kind: m.spec.kind, formula: m.spec.kind === "calculated" ? m.spec.formula : m.spec.kind })),
    })),
    roles: [...catalog.roles.values()].map((r) => ({
      name: r.name, dimension: r.dimension.name, title: r.title, kind: r.dimension.calendar ? "date" : "dimension", cubes: r.cubes,
      attributes: [...r.dimension.attributes.values()].map((a) => ({ member: `${r.name}.${a.name}`, name: a.name, title: a.title, ...(a.description && { description: a.description }), type: a.type ?? "string", ...(r.dimension.calendar && a.type === "date" && { level: a.name }), ...("label" in r.dimension.spec && r.dimension.spec.label === a.name && { isLabel: true }) })),
      hierarchies: Object.fromEntries([...r.dimension.hierarchies].map(([n, levels]) => [n, levels.map((l) => `${r.name}.${l}`)])),
    })),
    segments: (spec.segments ?? []).map((s) => ({ name: s.name, title: s.title ?? titleOf(s.name), ...(s.description && { description: s.description }), over: s.over })),
    dashboards: (spec.dashboards ?? []).map((d) => ({ name: d.name, title: d.title, ...(d.description && { description: d.description }) })),
    models: (spec.models ?? []).map((m) => ({ name: m.name, title: m.title ?? titleOf(m.name), technique: m.technique, over: m.over })),
  };
  const attributes = new Map([...view.roles, ...view.cubes].flatMap((r) => r.attributes.map((a) => [a.member, a] as const)));
  const measures = new Map(view.cubes.flatMap((c) => c.measures.map((m) => [m.member, m] as const)));
  const membersOf = (member: string, range: readonly [string, string]): readonly Value[] => {
    const a = attributes.get(member);
    if (!a) throw new TesseraError("unknown-member", `unknown member ${member}`, { place: "$.dimensions", remedy: "look into /model" });
    if (a.level) return periods(a.level, range[0], range[1]);
    return MEMBERS[a.name] ?? (a.type === "boolean" ? [true, false] : ["Alpha", "Beta", "Gamma", "Delta"].map((x) => `${a.title} ${x}`));
  };
  const rangeOf = (filters: readonly Filter[] = []): readonly [string, string] => {
    const found = filters.find((f) => "member" in f && f.operator === "in_range");
    const values = found && "member" in found ? found.values ?? [] : [];
    if (values.length === 2) return [String(values[0]), String(values[1])];
    return /^\d{4}$/.test(String(values[0])) ? [`${values[0]}-01-01`, `${values[0]}-12-31`] : ["2025-01-01", "2025-12-31"];
  };
  const query = async (q: Query): Promise<Result> => {
    const range = rangeOf(q.filters);
    const dims = q.dimensions ?? [];
    const columns: Column[] = dims.map((d) => { const a = attributes.get(d); if (!a) throw new TesseraError("unknown-member", `unknown member ${d}`, { place: "$.dimensions" }); return { name: d, kind: "dimension", type: a.type, title: a.title, ...(a.level && { level: a.level }) }; });
    for (const m of q.measures) {
      const known = typeof m === "string" ? measures.get(m) : { member: m.name, title: m.title ?? m.name, format: m.format ?? "number", better: "up" as const };
      if (!known) throw new TesseraError("unknown-member", `unknown measure ${String(m)}`, { place: "$.measures[0]", remedy: "look into /model" });
      const c = { name: known.member, kind: "measure", type: "number", title: known.title, format: known.format, better: known.better, ...(known.format === "currency" && { currency: "EUR" }) } as const;
      columns.push(c);
      if (q.compare) columns.push({ ...c, name: `${c.name}.previous`, title: `${c.title}, before` }, { ...c, name: `${c.name}.change`, title: `${c.title}, change` }, { ...c, name: `${c.name}.change_rate`, title: `${c.title}, change`, format: "percent" });
    }
    const number = (c: Column, key: string, scale: number): number => {
      const h = 0.6 + 0.8 * hash(`${c.name}/${key}`);
      switch (c.format) { case "percent": return h * 0.4; case "integer": return Math.round(h * 9000 * scale) + 1; case "decimal": return h * 4; case "days": case "hours": case "minutes": return h * 20; default: return h * 22e6 * scale; }
    };
    const fill = (row: Record<string, Value>, scale: number): Row => {
      const key = JSON.stringify([row, q.filters]);
      for (const c of columns) {
        if (c.kind === "dimension" || /\.(previous|change|change_rate)$/.test(c.name)) continue;
        const v = number(c, key, scale);
        row[c.name] = v;
        if (q.compare) { const p = number(c, `${key}p`, scale * 0.95); row[`${c.name}.previous`] = p; row[`${c.name}.change`] = v - p; row[`${c.name}.change_rate`] = v / p - 1; }
      }
      return row;
    };
    const keep = (member: string): readonly Value[] => {
      let values = membersOf(member, range);
      for (const f of q.filters ?? []) if ("member" in f && f.member === member && f.operator === "equals") values = values.filter((v) => f.values?.includes(v));
      return values;
    };
    let keys: Record<string, Value>[] = [{}];
    for (const d of dims) keys = keys.flatMap((k) => keep(d).map((v) => ({ ...k, [d]: v })));
    const scale = 1 / Math.max(1, keys.length);
    let rows = keys.map((k) => fill({ ...k }, scale));
    for (const o of [...(q.order ?? [])].reverse()) rows = [...rows].sort((a, b) => { const x = a[o.member] ?? null, y = b[o.member] ?? null; const n = x === null ? 1 : y === null ? -1 : x < y ? -1 : x > y ? 1 : 0; return o.direction === "desc" ? -n : n; });
    const levels = q.totals === true ? dims.map((_, i) => dims.slice(0, i)) : q.totals ? q.totals : [];
    const totals = levels.flatMap((level) => { let ks: Record<string, Value>[] = [{}]; for (const d of level) ks = ks.flatMap((k) => keep(d).map((v) => ({ ...k, [d]: v }))); return ks.map((k) => ({ level, row: fill({ ...k }, 1 / ks.length) })); });
    const limit = q.limit ?? 10_000;
    return { columns, rows: rows.slice(0, limit), ...(levels.length > 0 && { totals }), meta: { elapsedMs: 2.5, warehouseVersion: 12, rollup: null, truncated: rows.length > limit, now: "2025-12-31", range } };
  };
  return {
    spec, folder: "/fixture",
    catalog: () => view,
    manifest: () => ({ version: 12, parent: 11, publishedAt: "2026-11-22T15:20:00Z", run: "run-12", files: [], watermarks: {}, labels: {}, writer: { tessera: "0.1.0", duckdb: "1.5.6" } }),
    query,
    arrow: async () => new Uint8Array([255, 255, 255, 255]),
    explain: async (q) => ({ sql: ["select c.country, sum(f.net_amount) as revenue\nfrom fact_sales f left join dim_customer c on c.customer_id = f.customer_id\ngroup by all"], plan: "HASH_GROUP_BY\n  HASH_JOIN", measures: q.measures.map((m) => ({ member: String(m), formula: "sum(net_amount)", tables: ["fact_sales"] })), rollups: [{ name: "sales.daily", used: false, reason: "it lacks customer.city" }] }),
    drillthrough: async () => { const columns: Column[] = [{ name: "sales.order", kind: "dimension", type: "string", title: "Order number" }, { name: "customer.name", kind: "dimension", type: "string", title: "Name" }, { name: "sales.revenue", kind: "measure", type: "number", title: "Revenue", format: "currency", currency: "EUR" }]; return { columns, rows: [...Array(40)].map((_, i) => ({ "sales.order": `A-${1000 + i}`, "customer.name": MEMBERS["name"]![i % 8]!, "sales.revenue": hash(String(i)) * 900 })), meta: { elapsedMs: 3, warehouseVersion: 12, rollup: null, truncated: false } }; },
    members: async (member, { search = "", limit = 50 } = {}) => { const all = membersOf(member, ["2023-01-01", "2025-12-31"]).filter((v) => String(v).toLowerCase().includes(search.toLowerCase())); return { values: all.slice(0, limit), truncated: all.length > limit }; },
    sql: async () => ({ columns: [], rows: [] }),
    close: async () => undefined,
  };
};
