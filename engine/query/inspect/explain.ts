/**
 * How a query is answered: the logical plan, the statement, DuckDB's plan, each measure's formula and the tables
 * behind it.
 */
import { at, first, required } from "../../lookup.ts";
import type { PlanContext } from "../plan/plan-context.ts";
import type { BuiltRollup } from "../rollup/fit.ts";
import { formulaOf } from "./formula-text.ts";
import type { Catalog, MeasureNode } from "../../model/catalog.ts";
import { measureNamed } from "../../model/row-count.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import type { Engine } from "../answer/engine.ts";
import { toIso } from "../../model/time/calendar.ts";
import { fit, type Fit } from "../rollup/choose.ts";
import type { Split } from "../rollup/split.ts";
import { alongOf } from "../windows/along.ts";
import { windowRanges } from "../windows/cell-windows.ts";
import type { Compiled } from "../plan/compiled.ts";
import type { QueryPlan } from "../plan/logical/nodes.ts";
import { leavesIn } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { concealed, concealedSegment, formulaConcealed } from "./concealed.ts";
import { refsIn, segmentsIn } from "../resolve/condition-parts.ts";
import type { ResolvedQuery, OutputMeasure } from "../resolve/resolved-query.ts";
import { appliesTo } from "../scan/row-rules.ts";
import type { Filter } from "../../model/filter.ts";

export interface Explanation {
  readonly sql: readonly string[];
  /** values of `$1 …`, as they are bound */
  readonly parameters: readonly (string | number | boolean | null)[];
  readonly plan: string;
  /** what is read and made of it, before it becomes SQL; null where the statement is left out */
  readonly logical: QueryPlan | null;
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

/**
 * Explains a query. The statement is left out where it names what the caller does not see; of a measure that is shown
 * in spite of what is behind it, only the name is given.
 */
export async function explain(engine: Engine, query: unknown, options: RunOptions = {}): Promise<Explanation> {
  const { resolved, compiled, printed } = await engine.planAnswer(query, options);
  const { catalog } = engine;
  const whole = engine.context("as_is", null, engine.now()).plan.catalog;
  const secret = conceals(resolved, catalog, whole);
  const read = secret ? null : await engine.serving.run(`EXPLAIN ${printed.sql}`, printed.parameters, options);
  return {
    sql: secret ? [] : [printed.sql],
    parameters: secret ? [] : printed.parameters.map((p) => p.value),
    cubes: [...new Set(resolved.leaves.all.map((leaf) => leaf.cube))].filter((cube) => catalog.cubes.has(cube)),
    plan: (read?.columns.at(-1) ?? []).join("\n"),
    logical: secret ? null : compiled.plan,
    measures: resolved.measures.map((measure) => explainMeasure(measure, catalog, whole)),
    rollups: secret ? [] : rollupsOf(engine, resolved, compiled),
    rules: rulesOf(engine, resolved),
  };
}

/** The formula and the tables of a measure, as far as the caller may see them. */
function explainMeasure(measure: OutputMeasure, visible: Catalog, whole: Catalog): Explanation["measures"][number] {
  const { name } = measure;
  const node = measureNamed(visible, name);
  const leaves = leavesIn(measure.tree).flatMap(deepest);
  const hidden =
    leaves.some((leaf) => measureNamed(visible, leaf.member) === undefined) ||
    (node !== undefined && concealed(name, visible, whole));
  const tables = leaves.map(({ fact, cube }) => fact.spec.table ?? `${cube} (sql)`);
  const formula = node ? visibleFormula(node, visible, whole) : (measure.description ?? name);
  return { member: name, formula, tables: hidden ? [] : [...new Set(tables)] };
}

const visibleFormula = (node: MeasureNode, visible: Catalog, whole: Catalog): string =>
  formulaConcealed(node, visible, whole) ? node.member : formulaOf(node);

/** Whether the statement names a measure, or what is inside a segment, that the caller may not see. */
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
  const declared = engine.role === null ? [] : (engine.catalog.project.roles?.[engine.role]?.rows ?? []);
  const facts = new Map(resolved.leaves.all.map((leaf) => [leaf.cube, leaf.fact]));
  return [...facts].flatMap(([cube, fact]) => {
    const rules = declared.filter((_, i) => appliesTo(at(plan.rules, i), fact, plan));
    return rules.length > 0 ? [{ cube, rules }] : [];
  });
}

/** The leaves behind a leaf: itself, or those of the measure that it aggregates. */
const deepest = (leaf: Leaf): readonly Leaf[] => (leaf.inner ? leaf.inner.leaves.all.flatMap(deepest) : [leaf]);

/** For each rollup of the cubes read: used, or the reason why not. */
function rollupsOf(engine: Engine, resolved: ResolvedQuery, compiled: Compiled): Explanation["rollups"] {
  const { plan } = engine.context(resolved.history, resolved.timeZone, resolved.now);
  const leaves = resolved.leaves.all.flatMap(deepest);
  const cubes = new Set(leaves.map((leaf) => leaf.cube));
  const explained = plan.rollups
    .filter((rollup) => cubes.has(rollup.cube))
    .map((rollup) => {
      const found = fitOf(rollup, leaves, resolved, engine.catalog, plan);
      const used = compiled.rollups.includes(rollup.name);
      const unused = "reason" in found ? found.reason : "a smaller one answers";
      return { name: rollup.name, used, reason: used ? usedReason(rollup, found) : unused };
    });
  const unusable = [...engine.unusable]
    .filter(([name]) => cubes.has(name.split(".")[0] ?? name))
    .map(([name, reason]) => ({ name, used: false, reason }));
  return [...explained, ...unusable];
}

/** How a rollup fits the leaves of its cube. Leaves under different windows are asked apart; the worst fit counts. */
function fitOf(
  rollup: BuiltRollup,
  leaves: readonly Leaf[],
  resolved: ResolvedQuery,
  catalog: Catalog,
  plan: PlanContext,
): Fit {
  const cube = required(catalog.cubes, rollup.cube, "cube");
  const need = {
    cube,
    keys: resolved.keys,
    sets: resolved.sets,
    rows: resolved.rows,
    rules: plan.rules.filter((rule) => appliesTo(rule, cube, plan)),
    windows: (leaf: Leaf) => {
      const { role } = first(leaf.frames);
      return windowRanges(leaf, resolved.sets, resolved, alongOf(leaf.fact, role, resolved, plan), plan);
    },
  };
  const parts = new Map<string, Leaf[]>();
  for (const leaf of leaves.filter((l) => l.cube === rollup.cube)) {
    const windows = JSON.stringify(leaf.frames);
    parts.set(windows, [...(parts.get(windows) ?? []), leaf]);
  }
  const fits = [...parts.values()].map((own) => fit(rollup, { ...need, leaves: own }, plan));
  return fits.find((f) => "reason" in f) ?? fits.find((f) => "split" in f && f.split !== null) ?? first(fits);
}

function usedReason(rollup: BuiltRollup, found: Fit): string {
  const rows = `${rollup.rows.toLocaleString("en")} rows in place of the facts`;
  return "split" in found && found.split
    ? `${rows}, ${middle(found.split)}; the days before and after come from the facts`
    : rows;
}

function middle({ months }: Split): string {
  const [from, until] = [months.from, months.until].map((day) =>
    Number.isFinite(day) ? toIso(day).slice(0, 7) : null,
  );
  if (!from) return `for the whole months until ${until ?? "the last"}`;
  return until ? `for the whole months ${from} to ${until}` : `for the whole months from ${from}`;
}
