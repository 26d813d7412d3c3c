/** How a query is answered: the statement, DuckDB's plan, each measure's formula and the tables behind it. */
import { measuresIn } from "../../model/formula.ts";
import type { Catalog, MeasureNode } from "../../model/catalog.ts";
import type { Events } from "../../model/measure.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import type { Engine } from "../answer/engine.ts";
import { toIso } from "../../model/time/calendar.ts";
import { fit } from "../rollup/choose.ts";
import type { Split } from "../rollup/split.ts";
import { windowRanges } from "../windows/cell-windows.ts";
import type { Compiled } from "../plan/compiled.ts";
import { leavesIn } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { concealed, concealedSegment, formulaConcealed } from "./concealed.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { appliesTo } from "../scan/row-rules.ts";
import type { Filter } from "../../model/filter.ts";

export interface Explanation {
  readonly sql: readonly string[];
  /** values of `$1 …`, as they are bound */
  readonly parameters: readonly (string | number | boolean | null)[];
  readonly plan: string;
  /** whose facts are read */
  readonly cubes: readonly string[];
  readonly measures: readonly {
    readonly member: string;
    readonly formula: string;
    readonly tables: readonly string[];
  }[];
  readonly rollups: readonly { readonly name: string; readonly used: boolean; readonly reason: string }[];
  /** row rules of the caller's role, by the cube that they restrict here */
  readonly rules: readonly { readonly cube: string; readonly rules: readonly Filter[] }[];
}

/** The statement is not told where it names what the caller does not see, and of a measure that is shown in spite of what is behind it only the name. */
export async function explain(engine: Engine, query: unknown, options: RunOptions = {}): Promise<Explanation> {
  const { top: _, ...rest } = (query ?? {}) as Record<string, unknown>;
  const { resolved, compiled, printed } = engine.prepare(query !== null && typeof query === "object" ? rest : query);
  const { catalog } = engine;
  const whole = engine.context("as_is", null, engine.now()).plan.catalog;
  const secret = conceals(resolved, catalog, whole);
  const read = secret ? null : await engine.serving.run(`EXPLAIN ${printed.sql}`, printed.parameters, options);
  return {
    sql: secret ? [] : [printed.sql],
    parameters: secret ? [] : printed.parameters.map((p) => p.value),
    cubes: [...new Set(resolved.leaves.all.map((leaf) => leaf.cube))].filter((cube) => catalog.cubes.has(cube)),
    plan: read === null ? "" : read.columns[read.columns.length - 1]!.join("\n"),
    measures: resolved.measures.map((m) => {
      const node = catalog.measures.get(m.name);
      const leaves = leavesIn(m.tree).flatMap(deepest);
      const hidden =
        leaves.some((leaf) => !catalog.measures.has(leaf.member)) ||
        (node !== undefined && concealed(m.name, catalog, whole));
      const tables = hidden
        ? []
        : [...new Set(leaves.map((leaf) => whole.cubes.get(leaf.cube)!.spec.table ?? `${leaf.cube} (sql)`))];
      return {
        member: m.name,
        formula: node ? (formulaConcealed(node, catalog, whole) ? m.name : formulaOf(node)) : (m.description ?? m.name),
        tables,
      };
    }),
    rollups: secret ? [] : rollupsOf(engine, resolved, compiled),
    rules: rulesOf(engine, resolved),
  };
}

/** Whether the statement names a measure or segment's inside that is not for the caller. */
function conceals(resolved: ResolvedQuery, visible: Catalog, whole: Catalog): boolean {
  if (visible === whole) return false;
  const asked = [
    ...resolved.measures.map((m) => m.name),
    ...resolved.hidden.keys(),
    ...resolved.leaves.all.flatMap(deepest).map((leaf) => leaf.member),
  ];
  const segments = [
    ...resolved.rows.flatMap(segmentsIn),
    ...[...resolved.keys, ...resolved.rows.flatMap(refsIn)].flatMap((ref) =>
      ref.t === "segment" ? [ref.segment] : [],
    ),
  ];
  return (
    asked.some((member) => concealed(member, visible, whole)) ||
    segments.some((name) => concealedSegment(name, visible, whole))
  );
}

function rulesOf(engine: Engine, resolved: ResolvedQuery): Explanation["rules"] {
  const { plan } = engine.context(resolved.history, resolved.timeZone, resolved.now);
  const declared = engine.role === null ? [] : (engine.catalog.project.roles![engine.role]!.rows ?? []);
  const cubes = [...new Set(resolved.leaves.all.map((leaf) => leaf.cube))];
  return cubes.flatMap((cube) => {
    const rules = declared.filter((_, i) => appliesTo(plan.rules[i]!, plan.catalog.cubes.get(cube)!, plan));
    return rules.length > 0 ? [{ cube, rules }] : [];
  });
}

/** The leaves that a measure of a measure comes down to. */
const deepest = (leaf: Leaf): readonly Leaf[] => (leaf.inner ? leaf.inner.leaves.all.flatMap(deepest) : [leaf]);

/** For each rollup of the cubes read: used, or the reason why not. */
function rollupsOf(engine: Engine, resolved: ResolvedQuery, compiled: Compiled): Explanation["rollups"] {
  const { plan } = engine.context(resolved.history, resolved.timeZone, resolved.now);
  const cubes = new Set(resolved.leaves.all.flatMap(deepest).map((leaf) => leaf.cube));
  return [
    ...plan.rollups
      .filter((r) => cubes.has(r.cube))
      .map((rollup) => {
        const cube = engine.catalog.cubes.get(rollup.cube)!;
        const need = {
          cube,
          keys: resolved.keys,
          sets: resolved.sets,
          rows: resolved.rows,
          rules: plan.rules.filter((rule) => appliesTo(rule, cube, plan)),
          windows: (leaf: Leaf) => windowRanges(leaf, resolved.sets, resolved, plan),
        };
        // what is read under other windows is a question of its own
        const parts = new Map<string, Leaf[]>();
        for (const leaf of resolved.leaves.all.flatMap(deepest).filter((l) => l.cube === rollup.cube)) {
          const windows = JSON.stringify(leaf.frames);
          parts.set(windows, [...(parts.get(windows) ?? []), leaf]);
        }
        const fits = [...parts.values()].map((leaves) => fit(rollup, { ...need, leaves }, plan));
        const found = fits.find((f) => "reason" in f) ?? fits.find((f) => "split" in f && f.split !== null) ?? fits[0]!;
        if (compiled.rollups.includes(rollup.name))
          return {
            name: rollup.name,
            used: true,
            reason: `${rollup.rows.toLocaleString("en")} rows in place of the facts${"split" in found && found.split ? `, ${middle(found.split)}; the days before and after come from the facts` : ""}`,
          };
        return { name: rollup.name, used: false, reason: "reason" in found ? found.reason : "a smaller one answers" };
      }),
    ...[...engine.unusable]
      .filter(([name]) => cubes.has(name.split(".")[0]!))
      .map(([name, reason]) => ({ name, used: false, reason })),
  ];
}

function middle({ months: { from, until } }: Split): string {
  const [first, last] = [from, until].map((day) => (Number.isFinite(day) ? toIso(day).slice(0, 7) : null));
  return first && last
    ? `for the whole months ${first} to ${last}`
    : first
      ? `for the whole months from ${first}`
      : `for the whole months until ${last ?? "the last"}`;
}

const span = (s: object): string =>
  Object.entries(s)
    .map(([unit, n]) => `${n as number} ${unit}`)
    .join(" ");
const eventsOf = (events: Events): string =>
  typeof events === "string"
    ? events
    : `rows${events.cube ? ` of ${events.cube}` : ""}${events.where ? " where …" : ""}`;

/** A measure in words: `sum(net_amount)`, `margin / revenue`, `revenue over the last 28 days`. */
export function formulaOf({ spec, base }: Pick<MeasureNode, "spec" | "base">): string {
  const of =
    "of" in spec && (spec.kind === "aggregate" || spec.kind === "semi_additive")
      ? spec.of === undefined
        ? "*"
        : typeof spec.of === "string"
          ? spec.of
          : spec.of.sql
      : "";
  switch (spec.kind) {
    case "aggregate":
      return `${spec.aggregate}(${of}${spec.quantile === undefined ? "" : `, ${spec.quantile}`})${spec.where ? " where …" : ""}`;
    case "nested":
      return `${spec.aggregate} of ${base} for each ${spec.per.join(", ")}${spec.quantile === undefined ? "" : ` at ${spec.quantile}`}${spec.where ? " where …" : ""}`;
    case "conversion":
      return `${spec.give === "share" ? "share" : "number"} of ${eventsOf(spec.from)} followed by ${eventsOf(spec.to)} of the same ${spec.over} within ${span(spec.within)}${spec.complete ? ", of those whose time is over" : ""}`;
    case "semi_additive":
      return spec.take === "average"
        ? `average of ${of} over the days of ${spec.over}`
        : `${spec.take} value of ${of} over ${spec.over}${spec.per ? ` for each ${spec.per.join(", ")}` : ""}`;
    case "calculated":
      return spec.formula;
    case "share":
      return `share of ${base} in ${typeof spec.of === "string" ? `the ${spec.of}` : spec.of.join(", ")}`;
    case "rank":
      return `rank of ${base}, ${spec.direction === "desc" ? "largest" : "smallest"} first`;
    case "time": {
      switch (spec.change.type) {
        case "running":
          return `${base}, running total`;
        case "rolling":
          return `${base} over the last ${span(spec.change.span)}`;
        case "to_date":
          return `${base}, ${spec.change.level.replaceAll("_", " ")} to date`;
        case "shift":
          return `${base}, moved by ${span(spec.change.span)}`;
      }
    }
  }
}

/** Every base aggregate that a measure comes down to, through all formulas. */
export function baseMeasures(catalog: Catalog, member: string, seen: Set<string> = new Set()): string[] {
  if (seen.has(member)) return [];
  seen.add(member);
  const node = catalog.measures.get(member);
  if (!node) return [];
  const next = node.formula ? measuresIn(node.formula) : node.base ? [node.base] : [];
  return next.length === 0 ? [member] : next.flatMap((ref) => baseMeasures(catalog, ref, seen));
}
