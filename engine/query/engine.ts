/** The engine of one data version: answers queries over a served warehouse. */
import { TesseraError } from "../errors.ts";
import { parseDay, toIso, type Day } from "../model/calendar.ts";
import type { Catalog, CubeNode } from "../model/catalog.ts";
import { column as col, type Select } from "../sql/tree.ts";
import { printDuckdb, type Printed } from "../sql/print-duckdb.ts";
import type { RunOptions, Serving } from "../warehouse/serving.ts";
import { rollupDefinitions, type RollupDefinition } from "../rollup/definition.ts";
import type { BuiltRollup } from "../rollup/match.ts";
import { makeBinding, ownerOfSql, type Binding } from "./binding.ts";
import { compileQuery, type Compiled } from "./compile.ts";
import type { DayRange } from "./date-range.ts";
import { parseQuery } from "./parse.ts";
import type { Query, Result, Row, Value } from "./query.ts";
import { rangeOfRole, resolveQuery, type ResolveContext, type ResolvedQuery } from "./resolve.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { assemble, resultColumns } from "./result.ts";
import { readNamedMembers } from "./named-members.ts";
import { compileSegment } from "./segment.ts";
import type { SubplanContext } from "./cell-windows.ts";

export interface EngineOptions {
  readonly catalog: Catalog;
  readonly serving: Serving;
  /** the clock's day, for a project whose `now` is "clock"; also the latest that "latest" can be */
  readonly today: () => Day;
  readonly maxRows?: number;
}

export interface Prepared {
  readonly resolved: ResolvedQuery;
  readonly compiled: Compiled;
  readonly printed: Printed;
}

export interface Engine {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly serving: Serving;
  /** the day that relative dates count from, unless a query names its own */
  now(): Day;
  /** Parses, resolves, compiles and prints, without running. @throws TesseraError for anything wrong with the query */
  prepare(query: unknown): Prepared;
  query(query: unknown, options?: RunOptions): Promise<Result>;
  context(history: ResolvedQuery["history"], timeZone: string | null, now: Day): { readonly resolve: ResolveContext; readonly subplan: SubplanContext };
  spanOf(cube: string, role: string): DayRange | null;
  /** declared rollups that cannot be used in this version, with the reason */
  readonly unusable: ReadonlyMap<string, string>;
}

const PLANS_KEPT = 500;
/** Where a version says which rollups it holds. */
export const ROLLUPS_TABLE = "tessera_rollups";

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { catalog, serving } = options;
  const bare = makeBinding(catalog, await describeAll(catalog, serving), await describeFragments(catalog, serving));
  const binding: Binding = Object.freeze({ ...bare, named: await readNamedMembers(catalog, { catalog, binding: bare, history: "as_is", timeZone: null, segmentKeys: () => { throw new Error("labels need no segment"); } }, serving) });
  const spans = await readSpans(catalog, binding, serving);
  const spanOf = (cube: string, role: string): DayRange | null => spans.get(`${cube}.${role}`) ?? null;
  const latest = latestDay(catalog, spans, options.today());
  const now = (): Day => {
    const setting = catalog.project.now ?? "clock";
    return setting === "latest" ? latest : setting === "clock" ? options.today() : parseDay(setting) ?? options.today();
  };

  const { definitions } = rollupDefinitions(catalog, binding);
  const rollups = await readRollups(serving, definitions);
  const context: Engine["context"] = (history, timeZone, at) => {
    const resolve: ResolveContext = { catalog, binding, now: at, ...(options.maxRows !== undefined && { maxRows: options.maxRows }) };
    const subplan: SubplanContext = { catalog, binding, history, timeZone, spanOf, rollups: rollups.built, segmentKeys: (name) => compileSegment(name, resolve, subplan) };
    return { resolve, subplan };
  };

  const parsed = new Map<string, Query>();
  /** A question asked before is known to have the right shape. */
  const parse = (json: unknown): Query => {
    let text: string;
    try { text = JSON.stringify(json) ?? ""; } catch { return parseQuery(json); }        // too deep even to print: refused there
    const known = parsed.get(text);
    if (known) return known;
    const query = parseQuery(json);
    parsed.set(text, query);
    if (parsed.size > PLANS_KEPT) parsed.delete(parsed.keys().next().value!);
    return query;
  };
  const plans = new Map<string, Prepared>();
  const compile = (resolved: ResolvedQuery): Prepared => {
    const compiled = compileQuery(resolved, context(resolved.history, resolved.timeZone, resolved.now).subplan);
    return { resolved, compiled, printed: printDuckdb(compiled.select) };
  };
  const prepare = (query: unknown): Prepared => {
    const today = now();
    const key = `${today}|${JSON.stringify(query)}`;
    const known = plans.get(key);
    if (known) return known;
    const made = compile(resolveQuery(parse(query), context("as_is", null, today).resolve));
    plans.set(key, made);
    if (plans.size > PLANS_KEPT) plans.delete(plans.keys().next().value!);
    return made;
  };

  const run = async (prepared: Prepared, query: Query, runOptions: RunOptions): Promise<Omit<Result, "meta"> & { truncated: boolean }> => {
    const read = await serving.run(prepared.printed.sql, prepared.printed.parameters, { folded: prepared.printed.folded, ...runOptions, exact: query.exact ?? false });
    const { rows, totals, truncated } = assemble(prepared.resolved, prepared.compiled, read);
    return { columns: resultColumns(prepared.resolved, prepared.compiled, catalog.project.currency), rows, ...(totals && { totals }), truncated };
  };

  const engine: Engine = {
    catalog, binding, serving, now, prepare, context, spanOf, unusable: rollups.unusable,
    async query(json, runOptions = {}) {
      const started = performance.now();
      const query = parse(json);
      const { kept, others } = query.top && query.top.length > 0 ? await rankTops(query, engine, runOptions) : { kept: null, others: undefined };
      const { top: _, cursor, ...rest } = query;
      const offset = cursor === undefined ? 0 : readCursor(cursor, query, serving.version);
      const plain = prepare(rest);
      const prepared = kept === null && offset === 0 ? plain : compile({ ...plain.resolved, ...(kept && { keep: kept }), ...(offset > 0 && { offset }) });
      const answer = await run(prepared, query, runOptions);
      const range = dateRange(prepared.resolved);
      return {
        columns: answer.columns, rows: answer.rows, ...(answer.totals && { totals: answer.totals }), ...(others && { others }),
        meta: { elapsedMs: Math.round((performance.now() - started) * 10) / 10, warehouseVersion: serving.version, rollup: prepared.compiled.rollups.length > 0 ? prepared.compiled.rollups.join(", ") : null, truncated: answer.truncated, ...(answer.truncated && { next: writeCursor(query, offset + answer.rows.length, serving.version) }), now: toIso(prepared.resolved.now), range },
      };
    },
  };
  return engine;
}

function dateRange(resolved: ResolvedQuery): readonly [string, string] | null {
  const roles = new Set(resolved.rows.flatMap((c) => (c.t === "days" && c.ref.t === "role" ? [c.ref.role] : [])));
  for (const role of roles) {
    const range = rangeOfRole(resolved.rows, role);
    if (range && Number.isFinite(range.from) && Number.isFinite(range.until)) return [toIso(range.from), toIso(range.until)];
  }
  return null;
}

/** Ranks members once over all filtered facts; what is left out comes back as others, counted from the facts. */
async function rankTops(query: Query, engine: Engine, options: RunOptions): Promise<{ kept: NonNullable<ResolvedQuery["keep"]>; others: Result["others"] }> {
  const { top = [], totals: _t, limit: _l, order: _o, compare: _c, fillDates: _f, top: __, cursor: _u, pivot: _p, ...base } = query;
  const dimensions = query.dimensions ?? [];
  const rowFilters = (query.filters ?? []).filter((f) => !aboutMeasures(f, engine.catalog, query));
  const kept: { keys: number[]; members: Value[][] }[] = [];
  const others: { level: readonly string[]; row: Row }[] = [];
  for (const [i, t] of top.entries()) {
    const within = t.within ?? [];
    const names = [...within, t.dimension];
    const keys = names.map((name) => dimensions.indexOf(name));
    if (keys.includes(-1)) throw new TesseraError("query-invalid", `top ranks ${names.join(", ")}, which must be among the dimensions`, { place: `$.top[${i}]`, remedy: `add it to dimensions: ${dimensions.join(", ") || "none yet"}` });
    const ranked = await engine.query({ ...base, measures: [t.by], filters: rowFilters, dimensions: names, order: [{ member: t.by, direction: "desc" }], limit: 1_000_000 }, options);
    const taken = new Map<string, number>();
    const members: Value[][] = [];
    for (const row of ranked.rows) {
      const group = JSON.stringify(within.map((name) => row[name]));
      const n = taken.get(group) ?? 0;
      if (n >= t.n || row[t.by] === null) continue;
      taken.set(group, n + 1);
      members.push(names.map((name) => row[name]!));
    }
    kept.push({ keys, members });
    if (t.others) {
      if (within.length > 0 || top.length > 1) throw new TesseraError("query-invalid", "others can be asked for with one top, without `within`", { place: `$.top[${i}].others`, remedy: "leave others out, or rank one dimension" });
      const level = dimensions.filter((d) => d !== t.dimension);
      const rest = await engine.query({ ...base, dimensions: level, filters: [...rowFilters, { member: t.dimension, operator: "not_in", values: members.map((m) => m[0]!) }], ...(query.compare && { compare: query.compare }), limit: 1_000_000 }, options);
      others.push(...rest.rows.map((row) => ({ level, row })));
    }
  }
  return { kept, others: top.some((t) => t.others) ? others : undefined };
}

function aboutMeasures(filter: NonNullable<Query["filters"]>[number], catalog: Catalog, query: Query): boolean {
  if ("and" in filter) return filter.and.some((f) => aboutMeasures(f, catalog, query));
  if ("or" in filter) return filter.or.some((f) => aboutMeasures(f, catalog, query));
  if ("not" in filter) return aboutMeasures(filter.not, catalog, query);
  if ("segment" in filter) return false;
  return catalog.measures.has(filter.member) || query.measures.some((m) => typeof m !== "string" && m.name === filter.member);
}

/** The tables' columns, and those of every `sql` that a cube or dimension reads. */
async function describeAll(catalog: Catalog, serving: Serving): Promise<Map<string, ReadonlyMap<string, string>>> {
  const columns = new Map(serving.columns);
  const described = async (owner: string, sql: string): Promise<void> => {
    try {
      const read = await serving.run(`SELECT * FROM (${sql}) LIMIT 0`);
      columns.set(owner.toLowerCase(), new Map(read.names.map((name, i) => [name.toLowerCase(), read.types[i]!])));
    } catch { /* reported by `check`, and by the query that needs it */ }
  };
  for (const cube of catalog.cubes.values()) if (cube.spec.sql !== undefined) await described(ownerOfSql("cube", cube.name), cube.spec.sql);
  for (const dimension of catalog.dimensions.values()) if (dimension.spec.kind === "dimension" && dimension.spec.sql !== undefined) await described(ownerOfSql("dimension", dimension.name), dimension.spec.sql);
  return columns;
}

async function describeFragments(catalog: Catalog, serving: Serving): Promise<Map<string, string>> {
  const types = new Map<string, string>();
  const describe = async (owner: string, spec: { readonly table?: string; readonly sql?: string }, fragments: readonly { name: string; sql: string }[]): Promise<void> => {
    if (fragments.length === 0) return;
    const from = spec.table !== undefined ? printDuckdb({ t: "select", columns: [{ expr: { t: "star" }, as: "*" }], from: { t: "table", name: spec.table, as: spec.table } } satisfies Select).sql : spec.sql!;
    for (const fragment of fragments) {
      try {
        const read = await serving.run(`SELECT (${fragment.sql}) AS x FROM (${from}) LIMIT 0`);
        types.set(`${owner}.${fragment.name}`, read.types[0]!);
      } catch { /* reported by `check`, and by the query that needs it */ }
    }
  };
  const fragmentsOf = (attributes: CubeNode["attributes"]): { name: string; sql: string }[] => [...attributes.values()].flatMap((a) => (a.type === undefined && !a.bins && a.source.t === "fragment" ? [{ name: a.name, sql: a.source.sql }] : []));
  for (const cube of catalog.cubes.values()) await describe(ownerOfSql("cube", cube.name), cube.spec, fragmentsOf(cube.attributes));
  for (const dimension of catalog.dimensions.values()) if (dimension.spec.kind === "dimension") await describe(ownerOfSql("dimension", dimension.name), dimension.spec, fragmentsOf(dimension.attributes));
  return types;
}

/** The rollups of the version; one that was built from another definition would give old numbers, and is left alone. */
async function readRollups(serving: Serving, definitions: readonly RollupDefinition[]): Promise<{ built: BuiltRollup[]; unusable: Map<string, string> }> {
  const built: BuiltRollup[] = [];
  const unusable = new Map<string, string>();
  const found = serving.columns.has(ROLLUPS_TABLE) ? await serving.run(`SELECT name, hash, rows FROM ${ROLLUPS_TABLE}`) : null;
  for (const definition of definitions) {
    const at = found ? found.columns[0]!.indexOf(definition.name) : -1;
    if (at < 0) unusable.set(definition.name, "it is not built in this version; the next load builds it");
    else if (found!.columns[1]![at] !== definition.hash) unusable.set(definition.name, "it was built from another definition; the next load builds it anew");
    else built.push({ ...definition, rows: Number(found!.columns[2]![at]) });
  }
  return { built, unusable };
}

/** First and last day of every cube's facts, for each of its date roles. */
async function readSpans(catalog: Catalog, binding: Binding, serving: Serving): Promise<Map<string, DayRange>> {
  const spans = new Map<string, DayRange>();
  for (const cube of catalog.cubes.values()) {
    const roles = [...cube.roles].filter(([, role]) => role.to.kind === "date" && "on" in role && binding.factColumn(cube, role.on) !== undefined);
    if (roles.length === 0) continue;
    const columns = roles.flatMap(([name, role], i) => {
      const day = binding.factColumn(cube, (role as { on: string }).on) === "TIMESTAMP WITH TIME ZONE"
        ? ({ t: "cast", type: "date", of: { t: "local", zone: catalog.roles.get(name)!.dimension.calendar!.timeZone, of: col("f", (role as { on: string }).on) } } as const)
        : ({ t: "cast", type: "date", of: col("f", (role as { on: string }).on) } as const);
      return (["min", "max"] as const).map((which) => ({ as: `${which}${i}`, expr: { t: "aggregate" as const, name: which, of: day, filter: null } }));
    });
    const from = cube.spec.table !== undefined ? ({ t: "table", name: cube.spec.table, as: "f" } as const) : ({ t: "fragment", sql: cube.spec.sql!, as: "f" } as const);
    const read = await serving.run(printDuckdb({ t: "select", columns, from }).sql);
    for (const [i, [name]] of roles.entries()) {
      const from = parseDay(String(read.columns[2 * i]![0]));
      const until = parseDay(String(read.columns[2 * i + 1]![0]));
      if (from !== null && until !== null) spans.set(`${cube.name}.${name}`, { from, until });
    }
  }
  return spans;
}

/** The day of the newest fact, leaving out Tessera's own records and what lies in the future. */
function latestDay(catalog: Catalog, spans: ReadonlyMap<string, DayRange>, today: Day): Day {
  const days = [...catalog.cubes.values()].flatMap((cube) => {
    if (cube.dateRole === null || cube.spec.table?.startsWith("tessera_")) return [];
    const span = spans.get(`${cube.name}.${cube.dateRole}`);
    return span && span.until <= today ? [span.until] : [];
  });
  return days.length > 0 ? Math.max(...days) : today;
}
