/**
 * The members of a segment, as a SELECT of their keys. Its rule is evaluated member by member: attributes are looked up
 * on the dimension, measures and the existence of facts are taken for each member, a segment in a segment is
 * membership; `and`, `or` and `not` are set algebra over members.
 */
import { isBridge } from "../../model/cube.ts";
import { first, required } from "../../lookup.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { type Catalog, type MeasureNode, type CubeNode, segmentNamed } from "../../model/catalog.ts";
import { roleOver, segmentRule, type MemberRule, type Placed } from "../../model/segment-rule.ts";
import {
  all,
  any,
  call,
  column,
  equals,
  literal,
  notNull,
  type Expr,
  type Join,
  type Select,
  inSelect,
} from "../../sql/tree.ts";
import { resolveFilter } from "../resolve/condition.ts";
import { membersAre } from "../resolve/number-filter.ts";
import type { ConditionContext } from "../resolve/condition-context.ts";
import type { Condition } from "../resolve/nodes.ts";
import { forFact } from "../scan/entity-filter.ts";
import { FactSource } from "../scan/fact-source.ts";
import { havingExpr } from "./having.ts";
import { memberCondition } from "../scan/member-rules.ts";
import { conditionOver } from "../scan/comparison-operators.ts";
import { dimensionSource } from "../scan/dimension-source.ts";
import { keyAttribute, resolveAttribute } from "../binding/member.ts";
import { type ResolveContext } from "../resolve/resolve-context.ts";
import type { PlanContext } from "./plan-context.ts";
import { wholeAnswer } from "./whole-answer.ts";

type MeasureRule = Extract<MemberRule, { t: "measure" }>;
type FactsRule = Extract<MemberRule, { t: "facts" }>;

/**
 * The keys of a segment's members, as one column `k`.
 * @param seen the segments around this one
 * @throws TesseraError `model-invalid` for a segment that contains itself, or whose dimension no cube has
 */
export function compileSegment(
  name: string,
  resolve: ResolveContext,
  context: PlanContext,
  seen: readonly string[] = [],
): Select {
  const { catalog, binding, now } = resolve;
  const segment = segmentNamed(catalog, name);
  const place = `segment ${name}`;
  if (seen.includes(name))
    throw new TesseraError(
      "model-invalid",
      phrase`segment ${name} is made from itself: ${[...seen, name].join(" > ")}`,
      {
        place,
        remedy: "break the circle",
      },
    );
  const dimension = catalog.dimensions.get(segment.over);
  if (!dimension || dimension.spec.kind === "date")
    throw new TesseraError("model-invalid", phrase`dimension "${segment.over}" not found`, {
      place,
      remedy: "`over` names a dimension of the project",
    });
  const role = roleOver(catalog, segment.over);
  if (role === undefined)
    throw new TesseraError("model-invalid", phrase`no cube joins the dimension ${segment.over}`, {
      place,
      remedy: "give a cube a role of it",
    });

  const filterContext: ConditionContext = {
    catalog,
    binding,
    now,
    timeZone: context.timeZone,
  };
  const resolved = ({ filter, place: at }: Placed): Condition => resolveFilter(filterContext, filter, at);
  for (const [i, filter] of segment.filters.entries()) resolveFilter(filterContext, filter, `${place} › filters[${i}]`);
  const rule = segmentRule(catalog, segment);

  const members: PlanContext = {
    ...context,
    history: "as_is",
    segmentKeys: isStored(name)
      ? (inner) => compileSegment(inner, resolve, context, [...seen, name])
      : context.segmentKeys,
  };
  const source = dimensionSource({ ...context, history: "as_is" }, dimension);
  const memberOf = (inner: string): Expr => inSelect(source.key, members.segmentKeys(inner));
  const measured = new Measured(source.key, `${role}.${keyAttribute(dimension)}`, { resolve, plan: members }, rule);
  const condition = (r: MemberRule): Expr => {
    switch (r.t) {
      case "all":
        return all(r.of.map(condition)) ?? literal(true, "boolean");
      case "any":
        return any(r.of.map(condition));
      case "not":
        return { t: "is_true", of: condition(r.of), negated: true };
      case "segment":
        return memberOf(r.segment);
      case "measure":
        return havingExpr(resolved(r.rule), (member) => measured.value(member, r));
      case "facts":
        return inSelect(source.key, withFacts(r, role, resolved, members));
      case "own":
        return memberCondition(resolved(r.rule), dimension, source.key, source.value, memberOf);
    }
  };
  const listed: Expr | null = segment.members
    ? conditionOver(
        membersAre(resolveAttribute(catalog, binding, `${role}.${keyAttribute(dimension)}`, place), segment.members),
        () => source.key,
      )
    : null;
  const where = all([listed, rule.t === "all" && rule.of.length === 0 ? null : condition(rule)]);
  const parts = source.parts();
  return {
    t: "select",
    columns: [{ expr: source.key, as: "k" }],
    from: parts.from,
    joins: [...parts.joins, ...measured.joins()],
    where: all([parts.where, notNull(source.key), where]),
  };
}

/**
 * A rule that a caller sends is named in brackets, as no segment of a project can be. Those it names are stored ones.
 */
const isStored = (name: string): boolean => !name.startsWith("(");

/** The measures that a rule names, taken for each member: those over the same facts are one query. */
class Measured {
  readonly #catalog: Catalog;
  readonly #key: Expr;
  readonly #groups = new Map<string, { readonly as: string; readonly answer: ReturnType<typeof wholeAnswer> }>();

  constructor(key: Expr, member: string, contexts: Parameters<typeof wholeAnswer>[1], rule: MemberRule) {
    this.#catalog = contexts.resolve.catalog;
    this.#key = key;
    const asked = new Map<string, MeasureRule[]>();
    for (const r of measureRules(rule)) asked.set(groupOf(r), [...(asked.get(groupOf(r)) ?? []), r]);
    for (const [group, rules] of asked) {
      const measures = [...new Set(rules.map((r) => r.rule.filter.member))];
      const { facts } = first(rules);
      this.#groups.set(group, {
        as: `measured${this.#groups.size === 0 ? "" : this.#groups.size}`,
        answer: wholeAnswer({ measures, dimensions: [member], filters: facts.map((f) => f.filter) }, contexts),
      });
    }
  }

  /** A member without facts has no row here: a count is 0 there, and a measure its `fill`. */
  value(member: string, rule: MeasureRule): Expr {
    const { as, answer } = required(this.#groups, groupOf(rule), "measures");
    const own = column(as, answer.columnOf(member));
    const { spec } = required(this.#catalog.measures, member, "measure");
    const empty = spec.fill ?? (isCount(spec) ? 0 : null);
    return empty === null ? own : call("coalesce", own, { t: "numeral", text: String(empty) });
  }

  joins(): Join[] {
    return [...this.#groups.values()].map(({ as, answer }) => ({
      kind: "left",
      to: { t: "select", select: answer.select, as },
      on: equals(this.#key, column(as, "k0")),
    }));
  }
}

const groupOf = (rule: MeasureRule): string => JSON.stringify(rule.facts.map((f) => f.filter));
const isCount = (spec: MeasureNode["spec"]): boolean =>
  ((spec.kind === "aggregate" || spec.kind === "nested") && spec.aggregate.includes("count")) ||
  (spec.kind === "conversion" && spec.give === "count");

function measureRules(rule: MemberRule): MeasureRule[] {
  if (rule.t === "measure") return [rule];
  if (rule.t === "all" || rule.t === "any") return rule.of.flatMap(measureRules);
  return rule.t === "not" ? measureRules(rule.of) : [];
}

/** The keys of the members that have facts which pass. */
function withFacts(
  rule: FactsRule,
  name: string,
  resolved: (placed: Placed) => Condition,
  context: PlanContext,
): Select {
  const cube = required(context.catalog.cubes, rule.cube, "cube");
  const conditions = rule.facts.map(resolved);
  const source = new FactSource(context, cube);
  for (const condition of conditions)
    source.filter(
      forFact(
        condition,
        cube,
        conditions.filter((c) => c !== condition),
        context,
      ),
    );
  return {
    t: "select",
    distinct: true,
    columns: [{ expr: memberKeyOf(cube, name, source, context), as: "k" }],
    ...source.parts(),
  };
}

/** The key of a fact's member; of a many-to-many role, those of its links. */
function memberKeyOf(cube: CubeNode, name: string, source: FactSource, { catalog, binding }: PlanContext): Expr {
  const role = required(cube.roles, name, "role");
  if (!isBridge(role)) return column("f", role.on);
  const attribute = keyAttribute(required(catalog.roles, name, "role").dimension);
  return source.attribute(resolveAttribute(catalog, binding, `${name}.${attribute}`, name));
}
