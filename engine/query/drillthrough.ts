/** The fact rows under one cell, with the attributes asked for; a sum's column adds up to the cell. */
import { TesseraError } from "../errors.ts";
import { toIso } from "../model/calendar.ts";
import type { Filter } from "../model/filter.ts";
import { column, type Select } from "../sql/tree.ts";
import { printDuckdb } from "../sql/print-duckdb.ts";
import type { RunOptions } from "../warehouse/serving.ts";
import { attributeTypeOf } from "./binding.ts";
import type { Condition } from "./condition.ts";
import { refsIn } from "./condition-parts.ts";
import type { Engine } from "./engine.ts";
import { refuseUselessFilters } from "./compile.ts";
import { converted } from "./conversion.ts";
import { forFact } from "./entity-filter.ts";
import { FactSource } from "./fact-source.ts";
import { parseQuery } from "./parse.ts";
import type { Column, Query, Result, Row, Value } from "./query.ts";
import { resolveQuery } from "./resolve.ts";
import { decoder } from "./result.ts";

export interface DrillthroughRequest extends Query {
  /** the cell: one value for each dimension of the query that it was taken from; null is (unknown) */
  readonly cell?: { readonly [member: string]: Value };
}

/**
 * Rows of the one fact behind `measures`: the dimensions asked for, the grain, and what each measure aggregates.
 * @throws TesseraError `query-invalid` where several facts or another period are behind the measures
 */
export async function drillthrough(engine: Engine, request: unknown, options: RunOptions = {}): Promise<Result> {
  const started = performance.now();
  const { cell = {}, ...json } = (request ?? {}) as Record<string, unknown> & { cell?: Record<string, Value> };
  if (typeof cell !== "object" || cell === null || Array.isArray(cell)) throw new TesseraError("query-invalid", "`cell` is an object of member and value", { place: "$.cell", remedy: '{ "customer.country": "DE" }' });
  const filters = [...((json["filters"] as Filter[] | undefined) ?? []), ...Object.entries(cell).map(([member, value]): Filter => (value === null ? { member, operator: "is_null" } : { member, operator: "equals", values: [value as Value] }))];
  const parsed = parseQuery({ ...json, filters, limit: (json["limit"] as number | undefined) ?? 100, order: undefined, top: undefined, totals: undefined, compare: undefined });
  const base = engine.context("as_is", null, engine.now());
  const resolved = resolveQuery(parsed, base.resolve);
  const { subplan } = engine.context(resolved.history, resolved.timeZone, resolved.now);
  const leaves = resolved.leaves.all;
  const cubes = [...new Set(leaves.map((leaf) => leaf.cube))];
  if (cubes.length > 1) throw new TesseraError("query-invalid", `${parsed.measures.join(", ")} come from ${cubes.join(" and ")}`, { place: "$.measures", remedy: "drill through the measures of one cube" });
  if (leaves.some((leaf) => leaf.frames.length > 0)) throw new TesseraError("query-invalid", "a time measure has no rows of its own in the cell", { place: "$.measures", remedy: "drill through the measure that it is computed from" });
  const taken = leaves.find((leaf) => leaf.inner);
  if (taken) throw new TesseraError("query-invalid", `${taken.member} has no rows of its own: it is taken of another measure`, { place: "$.measures", remedy: `drill through ${engine.catalog.measures.get(taken.member)!.base!}` });
  const cube = engine.catalog.cubes.get(cubes[0]!)!;

  const source = new FactSource(subplan, cube);
  for (const ref of [...resolved.keys, ...resolved.rows.flatMap(refsIn)]) if (!source.has(ref) && !(ref.t === "fact" && ref.cube !== cube.name)) throw new TesseraError("unrelated-dimension", `cube ${cube.name} has no ${ref.member.split(".")[0]}`, { place: ref.member, remedy: `it has ${[...cube.roles.keys()].join(", ")}` });
  refuseUselessFilters(resolved, [cube]);
  for (const condition of resolved.rows) source.filter(forFact(condition, cube, resolved.rows.filter((other) => other !== condition), subplan));
  const wheres = leaves.map((leaf) => leaf.where);
  if (wheres.length > 0 && wheres.every((w): w is Condition => w !== null)) source.filter(wheres.length === 1 ? wheres[0]! : { t: "or", of: wheres });

  const grain = (cube.spec.grain ?? []).filter((name) => engine.binding.factColumn(cube, name) !== undefined);
  const columns: Column[] = [];
  const exprs: Select["columns"][number][] = [];
  const add = (shown: Column, expr: Select["columns"][number]["expr"]): void => { exprs.push({ expr, as: `c${columns.length}` }); columns.push(shown); };
  for (const ref of resolved.keys) add({ name: ref.member, kind: "dimension", type: ref.type, title: ref.title }, source.attribute(ref));
  for (const name of grain) add({ name: `${cube.name}.${name}`, kind: "dimension", type: attributeTypeOf(engine.binding.factColumn(cube, name)), title: name.replaceAll("_", " ") }, column("f", name));
  for (const leaf of leaves) {
    const node = engine.catalog.measures.get(leaf.member)!;
    const argument = "of" in leaf.measure ? leaf.measure.of : undefined;
    const of = argument === undefined ? null : source.argument(argument);
    const counted = leaf.following ? converted(leaf, source, cube, resolved.now, subplan) : leaf.where ? { t: "case" as const, whens: [{ when: source.condition(leaf.where), then: of ?? ({ t: "numeral", text: "1" } as const) }], otherwise: null } : of ?? ({ t: "numeral", text: "1" } as const);
    const type = typeof argument === "string" ? attributeTypeOf(engine.binding.factColumn(cube, argument)) : "number";
    add({ name: leaf.member, kind: type === "number" || type === "integer" ? "measure" : "dimension", type, title: node.title, format: node.format, ...(node.format === "currency" && engine.catalog.project.currency && { currency: engine.catalog.project.currency }) }, counted);
  }
  const select: Select = { t: "select", columns: exprs, ...source.parts(), orderBy: [...grain.map((_, i) => ({ by: column(null, `c${resolved.keys.length + i}`), direction: "asc" as const })), ...resolved.keys.map((_, i) => ({ by: column(null, `c${i}`), direction: "asc" as const }))], limit: resolved.limit + 1 };
  const printed = printDuckdb(select);
  const read = await engine.serving.run(printed.sql, printed.parameters, { ...options, exact: parsed.exact ?? false });
  const decoders = resolved.keys.map(decoder);
  const shown = Math.min(read.rowCount, resolved.limit);
  const rows: Row[] = Array.from({ length: shown }, (_, r) => Object.fromEntries(columns.map((c, i) => { const value = read.columns[i]![r] as Value; const decode = decoders[i]; return [c.name, decode ? decode(value) : value]; })));
  return { columns, rows, meta: { elapsedMs: Math.round((performance.now() - started) * 10) / 10, warehouseVersion: engine.serving.version, rollup: null, truncated: read.rowCount > resolved.limit, now: toIso(resolved.now), range: null, sql: [printed.sql] } };
}
