/** The fact rows under one cell, one row a fact, with the attributes asked for; a sum's column adds up to the cell. */
import type { DrillthroughRequest } from "../language/drill-request.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso } from "../../model/time/calendar.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import { all, any, binary, column, notNull, type Expr, type Select } from "../../sql/tree.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import { attributeTypeOf } from "../binding/binding.ts";
import type { PlanContext } from "../plan/plan-context.ts";
import { refuseUselessFilters } from "../plan/facts.ts";
import { resolveFilter } from "../resolve/condition.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import { converted } from "../scan/conversion.ts";
import { edgeOf } from "./edge-rows.ts";
import type { Engine } from "../answer/engine.ts";
import { forFact } from "../scan/entity-filter.ts";
import { FactSource } from "../scan/fact-source.ts";
import { leavesIn } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef, RoleRef } from "../binding/member.ts";
import { parseDrillthrough } from "../language/parse-drill-request.ts";
import type { Column, Result, Row, Value } from "../../model/query.ts";
import { resolveQuery } from "../resolve/resolve.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { decoder } from "../answer/result.ts";

/** A column of the answer: how it is shown, and what it reads. */
interface Shown {
  readonly column: Column;
  readonly expr: Expr;
  readonly decode: ((value: Value) => Value) | null;
}

/**
 * Rows of the one fact behind `measures`: the dimensions asked for, the grain, and what each measure aggregates. Below a weighted bridge that is the fact's
 * part by weight, with the weight beside it; of a last or first value, the rows of that date; beside a comparison, the rows of the current side.
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
      "a measure filter decides about whole cells, and says nothing of the rows below one",
      { place: "$.filters", remedy: "leave the filters on measures out" },
    );
  const cell = resolveCell(values, engine, resolved);
  const leaves = leavesBehind(resolved, engine);
  const cube = engine.catalog.cubes.get(leaves[0]!.cube)!;
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
  // the cell of a bridge is the part of the fact that its links have; other bridges are only told of
  const bridges = [
    ...new Set(cell.flatMap(refsIn).flatMap((ref) => (ref.t === "role" && isBridge(cube, ref) ? [ref.role] : []))),
  ];
  for (const role of bridges) source.linked(role);

  const shown: Shown[] = [];
  for (const ref of resolved.keys) {
    const bridge = ref.t === "role" && isBridge(cube, ref);
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
  const printed = printDuckdb({ ...select, orderBy, limit: resolved.limit + 1 });
  const read = await engine.serving.run(printed.sql, printed.parameters, { ...options, exact: query.exact ?? false });
  const columns = [...shown, ...measured];
  const answered: Row[] = Array.from({ length: Math.min(read.rowCount, resolved.limit) }, (_, r) =>
    Object.fromEntries(
      columns.map((c, i) => {
        const value = read.columns[i]![r] as Value;
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

const isBridge = (cube: CubeNode, ref: RoleRef): boolean => "through" in cube.roles.get(ref.role)!;

/** Of a hierarchy of parents a row tells its own member: those above would be a row each. */
const own = (ref: AttributeRef, cube: CubeNode): Expr | null =>
  ref.t === "role" && ref.attribute.source.t === "closure"
    ? column("f", (cube.roles.get(ref.role) as { readonly on: string }).on)
    : null;

function resolveCell(
  values: NonNullable<DrillthroughRequest["cell"]>,
  engine: Engine,
  { now, timeZone, measures }: ResolvedQuery,
): Condition[] {
  const { catalog, binding } = engine;
  return Object.entries(values).map(([member, value]) => {
    const place = `$.cell.${member}`;
    if (catalog.measures.has(member) || measures.some((m) => m.name === member))
      throw new TesseraError(
        "query-invalid",
        phrase`${member} is a measure: a cell is told by the values of its dimensions`,
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

/** The aggregates that the measures come down to: of one fact, in the cell's own period, and all to be seen by the caller. */
function leavesBehind(resolved: ResolvedQuery, engine: Engine): Leaf[] {
  const leaves = new Map<string, Leaf>();
  for (const measure of resolved.measures) {
    for (const leaf of leavesIn(measure.tree)) {
      if (!engine.catalog.measures.has(leaf.member))
        throw new TesseraError(
          "query-invalid",
          phrase`the rows behind ${measure.name} are not to be shown: your role sees the number alone`,
          { place: "$.measures", remedy: "drill through another measure" },
        );
      leaves.set(leaf.column, leaf);
    }
  }
  const all = [...leaves.values()];
  const names = resolved.measures.map((m) => m.name).join(", ");
  const cubes = [...new Set(all.map((leaf) => leaf.cube))];
  if (cubes.length === 0)
    throw new TesseraError(
      "query-invalid",
      phrase`${names} ${resolved.measures.length > 1 ? "are" : "is"} computed from no facts, and so has no rows`,
      { place: "$.measures", remedy: "drill through a measure of a cube" },
    );
  if (cubes.length > 1)
    throw new TesseraError("query-invalid", phrase`${names} come from ${cubes.join(" and ")}`, {
      place: "$.measures",
      remedy: "drill through the measures of one cube",
    });
  if (all.some((leaf) => leaf.frames.length > 0))
    throw new TesseraError("query-invalid", "a time measure has no rows of its own in the cell", {
      place: "$.measures",
      remedy: "drill through the measure that it is computed from",
    });
  const taken = all.find((leaf) => leaf.inner);
  if (taken)
    throw new TesseraError(
      "query-invalid",
      phrase`${taken.member} has no rows of its own: it is taken of another measure`,
      {
        place: "$.measures",
        remedy: phrase`drill through ${engine.catalog.measures.get(taken.member)!.base!}`,
      },
    );
  return all;
}

interface Measured extends Shown {
  /** the row counts for the measure */ readonly passes: Expr | null;
}

/** What a measure aggregates of a row, by its weight where that adds up. */
function measureColumn(
  leaf: Leaf,
  engine: Engine,
  source: FactSource,
  cube: CubeNode,
  weight: Expr | null,
  { now }: ResolvedQuery,
  context: PlanContext,
): Measured {
  const node = engine.catalog.measures.get(leaf.member)!;
  const { measure } = leaf;
  const argument = "of" in measure ? measure.of : undefined;
  const of = argument === undefined ? null : source.argument(argument);
  const adds =
    weight !== null && measure.kind === "aggregate" && (measure.aggregate === "sum" || measure.aggregate === "count");
  const one: Expr = { t: "numeral", text: "1" };
  const plain = leaf.following ? converted(leaf, source, cube, now, context) : (of ?? one);
  const expr = !adds
    ? plain
    : measure.kind === "aggregate" && measure.aggregate === "sum"
      ? binary("*", of!, weight)
      : of
        ? ({ t: "case", whens: [{ when: notNull(of), then: weight }], otherwise: null } as const)
        : weight;
  const type = adds
    ? "number"
    : typeof argument === "string"
      ? attributeTypeOf(engine.binding.factColumn(cube, argument))
      : "number";
  const passes = leaf.where === null || leaf.following ? null : source.condition(leaf.where);
  return {
    column: {
      name: leaf.member,
      kind: type === "number" || type === "integer" ? "measure" : "dimension",
      type,
      title: node.title,
      format: node.format,
      ...(node.format === "currency" &&
        engine.catalog.project.currency && { currency: engine.catalog.project.currency }),
    },
    expr,
    decode: null,
    passes,
  };
}

/** The rows that count for some measure, each measure's value where they count for it. Dates of their own for each key are found among the cell's rows first. */
function rowsWith(
  shown: readonly Shown[],
  measured: readonly (Measured & { readonly edge: ReturnType<typeof edgeOf> })[],
  source: FactSource,
): Select {
  const counted = (passes: Expr | null, value: Expr): Expr =>
    passes ? { t: "case", whens: [{ when: passes, then: value }], otherwise: null } : value;
  const some = (passes: readonly (Expr | null)[]): Expr | null =>
    passes.every((p): p is Expr => p !== null) ? any(passes) : null;
  const name = (i: number): string => `c${i}`;
  const outer = measured.some((m) => m.edge?.t === "each");
  const first = measured.map((m) => all([m.passes, m.edge?.t === "one" ? m.edge.passes : null]));
  if (!outer) {
    const { where, ...parts } = source.parts();
    return {
      t: "select",
      columns: [
        ...shown.map((s, i) => ({ expr: s.expr, as: name(i) })),
        ...measured.map((m, i) => ({ expr: counted(first[i]!, m.expr), as: name(shown.length + i) })),
      ],
      ...parts,
      where: all([where, some(first)]),
    };
  }
  const flags = measured.map((m, i): { readonly columns: Select["columns"]; readonly passes: Expr | null } => {
    const own = first[i] ? [{ expr: first[i]!, as: `p${i}` }] : [];
    const dated =
      m.edge?.t === "each"
        ? [
            { expr: m.edge.day, as: `d${i}` },
            { expr: m.edge.edge, as: `e${i}` },
          ]
        : [];
    return {
      columns: [...own, ...dated],
      passes: all([
        own.length > 0 ? column("x", `p${i}`) : null,
        dated.length > 0 ? binary("=", column("x", `d${i}`), column("x", `e${i}`)) : null,
      ]),
    };
  });
  const inner: Select = {
    t: "select",
    columns: [
      ...[...shown, ...measured].map((s, i) => ({ expr: s.expr, as: name(i) })),
      ...flags.flatMap((f) => f.columns),
    ],
    ...source.parts(),
  };
  return {
    t: "select",
    from: { t: "select", select: inner, as: "x" },
    columns: [
      ...shown.map((_, i) => ({ expr: column("x", name(i)), as: name(i) })),
      ...measured.map((_, i) => ({
        expr: counted(flags[i]!.passes, column("x", name(shown.length + i))),
        as: name(shown.length + i),
      })),
    ],
    where: some(flags.map((f) => f.passes)),
  };
}
