/** Reads the audience of a campaign in one statement: keys, worth, effect, eligibility, floors and strata. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { toIso } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Filter } from "../../model/filter.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { resolveAttribute } from "../../query/binding/member.ts";
import type { Value } from "../../model/query.ts";
import { dimensionSource } from "../../query/scan/dimension-source.ts";
import { compileSegment } from "../../query/plan/segment.ts";
import { all, cast, type Expr, type Select } from "../../sql/tree.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import type { RunOptions } from "../../warehouse/serving.ts";
import type { CampaignPlan } from "./campaign-plan.ts";
import { at as item } from "../../lookup.ts";

/** Members who may be contacted, one element each. */
export interface Audience {
  readonly keys: readonly Value[];
  /** probability that a contact has an effect; NaN where unknown */
  readonly effect: Float64Array;
  /** what an effect is worth; NaN where unknown */
  readonly worth: Float64Array;
  /** by option: 1 where the member may be contacted this way */
  readonly eligible: readonly Uint8Array[];
  /** the value of the floors' attribute; null without floors */
  readonly floor: readonly (string | null)[] | null;
  /** the strata's values as one text */
  readonly stratum: readonly string[];
}

/** The condition that everyone meets. */
const TRUE: Expr = { t: "literal", value: true, type: "boolean" };
/** A segment name that no project can use. */
const NAME = "(plan)";

/** @throws TesseraError `mining-invalid` for unknown names */
export async function readAudience(engine: Engine, plan: CampaignPlan, options: RunOptions = {}): Promise<Audience> {
  const { catalog, binding } = engine;
  const dimension = catalog.dimensions.get(plan.over);
  const role =
    [...catalog.roles.values()].find((r) => r.name === plan.over && r.dimension === dimension) ??
    [...catalog.roles.values()].find((r) => r.dimension === dimension);
  if (!dimension || !role || dimension.spec.kind === "date")
    throw new TesseraError("mining-invalid", phrase`dimension "${plan.over}" not found`, {
      place: "$.over",
      remedy: phrase`choose among ${[...catalog.dimensions.keys()].join(", ")}`,
    });
  const { resolve, plan: context } = engine.context("as_is", null, engine.now());
  const keysOf = (filters: readonly Filter[]): Select => {
    const segments = [
      ...(catalog.project.segments ?? []),
      { kind: "segment" as const, name: NAME, over: plan.over, filters },
    ];
    const known: Catalog = { ...catalog, project: { ...catalog.project, segments } };
    return compileSegment(NAME, { ...resolve, catalog: known }, { ...context, catalog: known });
  };
  const source = dimensionSource(context, dimension);
  const attribute = (member: string, place: string): Expr => {
    const ref = resolveAttribute(catalog, binding, member, place);
    if (ref.t !== "role" || ref.dimension !== dimension)
      throw new TesseraError("mining-invalid", phrase`attribute "${member}" not found in dimension ${plan.over}`, {
        place,
        remedy: phrase`name an attribute of ${plan.over}`,
      });
    return source.value(ref);
  };
  const number = (of: string | number, place: string): Expr =>
    cast(typeof of === "number" ? { t: "parameter", value: of, type: "double" } : attribute(of, place), "double");
  const text = (member: string, place: string): Expr => cast(attribute(member, place), "text");
  const within = (filters: readonly Filter[]): Expr => ({ t: "in_select", of: source.key, select: keysOf(filters) });
  const strata = plan.stratifyBy ?? [];
  const columns: Select["columns"] = [
    { expr: source.key, as: "k" },
    { expr: number(plan.value.effect, "$.value.effect"), as: "effect" },
    { expr: number(plan.value.worth, "$.value.worth"), as: "worth" },
    ...plan.options.map((o, j) => ({
      expr: o.eligible && o.eligible.length > 0 ? within(o.eligible) : TRUE,
      as: `e${j}`,
    })),
    ...(plan.floors ? [{ expr: text(plan.floors.by, "$.floors.by"), as: "floor" }] : []),
    ...strata.map((member, s) => ({ expr: text(member, `$.stratifyBy[${s}]`), as: `s${s}` })),
  ];
  const not = (filters: readonly Filter[]): Expr => ({ t: "is_true", of: within(filters), negated: true });
  const tired: readonly Filter[] | null = plan.contacts
    ? [
        { member: plan.contacts.measure, operator: "gte", values: [plan.contacts.most] },
        {
          member: dateOf(engine, plan.contacts.measure),
          operator: "in_range",
          values: [toIso(engine.now() - plan.contacts.days + 1), toIso(engine.now())],
        },
      ]
    : null;
  const parts = source.parts();
  const printed = printDuckdb({
    t: "select",
    columns,
    ...parts,
    where: all([
      parts.where,
      within(plan.audience),
      ...(plan.exclude ?? []).map((filter) => not([filter])),
      tired && not(tired),
    ]),
    orderBy: [{ by: source.key, direction: "asc" }],
  });
  const read = await engine.serving.run(printed.sql, printed.parameters, options);
  const at = (name: string): ArrayLike<unknown> => item(read.columns, read.names.indexOf(name));
  const numbers = (name: string): Float64Array =>
    Float64Array.from({ length: read.rowCount }, (_, i) => {
      const v = at(name)[i];
      return v === null || v === undefined ? Number.NaN : Number(v);
    });
  const rows = Array.from({ length: read.rowCount }, (_, i) => i);
  const strataColumns = strata.map((_, s) => at(`s${s}`));
  return {
    keys: rows.map((i) => at("k")[i] as Value),
    effect: numbers("effect"),
    worth: numbers("worth"),
    eligible: plan.options.map((_, j) =>
      Uint8Array.from({ length: read.rowCount }, (__, i) => (at(`e${j}`)[i] === true ? 1 : 0)),
    ),
    floor: plan.floors ? rows.map((i) => (at("floor")[i] === null ? null : String(at("floor")[i]))) : null,
    stratum: rows.map((i) => strataColumns.map((c) => (c[i] === null ? "(unknown)" : String(c[i]))).join(" · ")),
  };
}

function dateOf(engine: Engine, measure: string): string {
  const node = engine.catalog.measures.get(measure);
  const cube = node && engine.catalog.cubes.get(node.cube);
  if (!cube || cube.dateRole === null)
    throw new TesseraError("mining-invalid", phrase`measure "${measure}" not found in a cube with a date`, {
      place: "$.contacts.measure",
      remedy: "name a measure that counts contacts, for example touches.sends",
    });
  return cube.dateRole;
}
