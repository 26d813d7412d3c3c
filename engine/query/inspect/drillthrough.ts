/** The fact rows behind one cell, one row a fact, with the attributes asked for; a sum's column adds up to the cell. */
import { directRole, isBridge } from "../../model/cube.ts";
import { at, first, required } from "../../lookup.ts";
import { leavesBehind, measureColumn } from "./drillthrough-measures.ts";
import { type Shown, rowsWith } from "./drillthrough-rows.ts";
import type { DrillthroughRequest } from "../language/drill-request.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso } from "../../model/time/calendar.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import { column, type Expr } from "../../sql/tree.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { attributeTypeOf } from "../binding/binding.ts";
import { refuseUselessFilters } from "../plan/logical/facts.ts";
import { resolveFilter } from "../resolve/condition.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import { edgeOf } from "./edge-rows.ts";
import type { Engine } from "../answer/engine.ts";
import { forFact } from "../scan/entity-filter.ts";
import { FactSource } from "../scan/fact-source.ts";
import { isMeasure, type AttributeRef, type RoleRef } from "../binding/member.ts";
import { parseDrillthrough } from "../language/parse-drill-request.ts";
import type { Result, Row } from "../../model/query.ts";
import { resolveQuery } from "../resolve/resolve.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { decoder } from "../answer/result.ts";

/**
 * Rows of the one fact behind `measures`: the dimensions asked for, the grain, and what each measure aggregates. Behind
 * a weighted bridge that is the fact's part by weight, with the weight next to it; of a first or last value, the rows
 * of that date; with a comparison, the rows of the current side.
 * @throws TesseraError `query-invalid` where several facts or another period are behind the measures
 */
export async function drillthrough(engine: Engine, request: unknown, options: RunOptions = {}): Promise<Result> {
  const started = performance.now();
  const { cell: values = {}, ...query } = parseDrillthrough(request);
  const resolved = resolveQuery(
    { ...query, limit: query.limit ?? 100 },
    engine.context("as_is", null, engine.now()).resolve,
  );
  if (resolved.having.length > 0)
    throw new TesseraError(
      "query-invalid",
      "a measure filter decides about whole cells, not about the rows behind one",
      { place: "$.filters", remedy: "leave the filters on measures out" },
    );
  const cell = resolveCell(values, engine, resolved);
  const leaves = leavesBehind(resolved, engine);
  const cube = required(engine.catalog.cubes, first(leaves).cube, "cube");
  const { plan } = engine.context(resolved.history, resolved.timeZone, resolved.now);

  const source = new FactSource(plan, cube);
  for (const ref of [...resolved.keys, ...[...resolved.rows, ...cell].flatMap(refsIn)])
    if (!source.has(ref) && !(ref.t === "fact" && ref.cube !== cube.name))
      throw new TesseraError("unrelated-dimension", phrase`cube ${cube.name} has no ${ref.member.split(".")[0]}`, {
        place: ref.member,
        remedy: phrase`it has ${[...cube.roles.keys()].join(", ")}`,
      });
  refuseUselessFilters({ rows: [...resolved.rows, ...cell] }, [cube]);
  const rows = resolved.rows.map((condition) =>
    forFact(
      condition,
      cube,
      resolved.rows.filter((other) => other !== condition),
      plan,
    ),
  );
  for (const condition of [...rows, ...cell]) source.filter(condition);
  // the cell of a bridge is the part of the fact that its links have; other bridges are only listed
  const bridges = [
    ...new Set(cell.flatMap(refsIn).flatMap((ref) => (ref.t === "role" && isLinked(cube, ref) ? [ref.role] : []))),
  ];
  for (const role of bridges) source.linked(role);

  const shown: Shown[] = [];
  for (const ref of resolved.keys) {
    const bridge = ref.t === "role" && isLinked(cube, ref);
    shown.push({
      column: { name: ref.member, kind: "dimension", type: bridge ? "string" : ref.type, title: ref.title },
      expr: bridge ? source.listed(ref) : (own(ref, cube) ?? source.attribute(ref)),
      decode: bridge ? null : decoder(ref),
    });
  }
  const grain = (cube.spec.grain ?? []).filter((name) => engine.binding.factColumn(cube, name) !== undefined);
  for (const name of grain)
    shown.push({
      column: {
        name: `${cube.name}.${name}`,
        kind: "dimension",
        type: attributeTypeOf(engine.binding.factColumn(cube, name)),
        title: name.replaceAll("_", " "),
      },
      expr: column("f", name),
      decode: null,
    });
  for (const role of bridges) {
    const weight = source.weight([role]);
    if (weight)
      shown.push({
        column: { name: `${role}.weight`, kind: "dimension", type: "number", title: "weight" },
        expr: weight,
        decode: null,
      });
  }
  const measured = leaves.map((leaf) => ({
    ...measureColumn(leaf, engine, source, cube, source.weight(bridges), resolved, plan),
    edge: edgeOf(leaf, cube, rows, cell, source, plan),
  }));

  const select = rowsWith(shown, measured, source);
  const orderBy = [...grain.map((_, i) => resolved.keys.length + i), ...resolved.keys.map((_, i) => i)].map((i) => ({
    by: column(null, `c${i}`),
    direction: "asc" as const,
  }));
  const printed = engine.serving.print({ ...select, orderBy, limit: resolved.limit + 1 });
  const read = await engine.serving.run(printed.sql, printed.parameters, { ...options, exact: query.exact ?? false });
  const columns = [...shown, ...measured];
  const answered: Row[] = Array.from({ length: Math.min(read.rowCount, resolved.limit) }, (_, r) =>
    Object.fromEntries(
      columns.map((c, i) => {
        const value = at(read.columns, i)[r] ?? null;
        return [c.column.name, c.decode ? c.decode(value) : value];
      }),
    ),
  );
  return {
    columns: columns.map((c) => c.column),
    rows: answered,
    meta: {
      elapsedMs: Math.round((performance.now() - started) * 10) / 10,
      warehouseVersion: engine.serving.version,
      rollup: null,
      truncated: read.rowCount > resolved.limit,
      now: toIso(resolved.now),
      range: null,
      sql: [printed.sql],
    },
  };
}

const isLinked = (cube: CubeNode, ref: RoleRef): boolean => isBridge(required(cube.roles, ref.role, "role"));

/** In a parent-child hierarchy a row shows its own member: the members above would be a row each. */
const own = (ref: AttributeRef, cube: CubeNode): Expr | null =>
  ref.t === "role" && ref.attribute.source.t === "closure"
    ? column("f", directRole(required(cube.roles, ref.role, "role")).on)
    : null;

function resolveCell(
  values: NonNullable<DrillthroughRequest["cell"]>,
  engine: Engine,
  { now, timeZone, measures }: ResolvedQuery,
): Condition[] {
  const { catalog, binding } = engine;
  return Object.entries(values).map(([member, value]) => {
    const place = `$.cell.${member}`;
    if (isMeasure(catalog, member) || measures.some((m) => m.name === member))
      throw new TesseraError(
        "query-invalid",
        phrase`"${member}" is a measure; a cell is given by the values of its dimensions`,
        { place, remedy: '"cell": { "customer.country": "DE" }' },
      );
    const filter: Filter =
      value === null ? { member, operator: "is_null" } : { member, operator: "equals", values: [value] };
    return resolveFilter(
      {
        catalog,
        binding,
        now,
        timeZone,
      },
      filter,
      place,
    );
  });
}
