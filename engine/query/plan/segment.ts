/**
 * The members of a segment, as a SELECT of their keys. Its rule is evaluated member by member: attributes are looked up on the dimension, measures and
 * the existence of facts are taken for each member, a segment within a segment is membership; `and`, `or` and `not` are set algebra over members.
 */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Catalog, MeasureNode } from "../../model/catalog.ts";
import { roleOver, segmentRule, type MemberRule, type Placed } from "../../model/segment-rule.ts";
import { all, any, column, equals, literal, notNull, type Expr, type Join, type Select } from "../../sql/tree.ts";
import { membersAre, resolveFilter } from "../resolve/condition.ts";
import type { ConditionContext } from "../resolve/condition-context.ts";
import type { Condition } from "../resolve/nodes.ts";
import { forFact } from "../scan/entity-filter.ts";
import { FactSource } from "../scan/fact-source.ts";
import { havingExpr } from "./having.ts";
import { memberCondition } from "../scan/member-rules.ts";
import { conditionOver } from "../scan/comparison-operators.ts";
import { dimensionSource } from "../scan/dimension-source.ts";
import { keyAttribute, resolveAttribute } from "../binding/member.ts";
import { firstCalendar, type ResolveContext } from "../resolve/resolve.ts";
import type { PlanContext } from "./plan-context.ts";
import { wholeAnswer } from "./whole-answer.ts";

type MeasureRule = Extract<MemberRule, { t: "measure" }>;
type FactsRule = Extract<MemberRule, { t: "facts" }>;

export function compileSegment(
  name: string,
  resolve: ResolveContext,
  context: PlanContext,
  seen: readonly string[] = [],
): Select {
  const { catalog, binding, now } = resolve;
  const segment = catalog.project.segments!.find((s) => s.name === name)!;
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
    throw new TesseraError("model-invalid", phrase`unknown dimension ${segment.over}`, {
      place,
      remedy: "`over` names a dimension of the project",
    });
  const role = roleOver(catalog, segment.over);
  if (role === undefined)
    throw new TesseraError("model-invalid", phrase`no cube has the dimension ${segment.over}`, {
      place,
      remedy: "give a cube a role of it",
    });

  const filterContext: ConditionContext = {
    catalog,
    binding,
    now,
    timeZone: context.timeZone,
    calendarOf: (ref) => (ref.t === "role" && ref.dimension.calendar) || firstCalendar(catalog),
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
  const memberOf = (inner: string): Expr => ({
    t: "is_true",
    of: { t: "in_select", of: source.key, select: members.segmentKeys(inner) },
    negated: false,
  });
  const measured = new Measured(source.key, `${role}.${keyAttribute(dimension)}`, { resolve, subplan: members }, rule);
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
        return {
          t: "is_true",
          of: { t: "in_select", of: source.key, select: withFacts(r, role, resolved, members) },
          negated: false,
        };
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

/** A rule that a caller sends is put among the segments under a name that no project can use; what it is made of are stored ones. */
const isStored = (name: string): boolean => !name.startsWith("(");

/** The measures that a rule names, taken for each member: those over the same facts are one question. */
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
      this.#groups.set(group, {
        as: `measured${this.#groups.size === 0 ? "" : this.#groups.size}`,
        answer: wholeAnswer(
          { measures, dimensions: [member], filters: rules[0]!.facts.map((f) => f.filter) },
          contexts,
        ),
      });
    }
  }

  /** A member without facts has no row here; a count is 0 there all the same, and a measure what its `fill` says. */
  value(member: string, rule: MeasureRule): Expr {
    const { as, answer } = this.#groups.get(groupOf(rule))!;
    const own = column(as, answer.columnOf(member));
    const { spec } = this.#catalog.measures.get(member)!;
    const empty = spec.fill ?? (isCount(spec) ? 0 : null);
    return empty === null ? own : { t: "call", name: "coalesce", args: [own, { t: "numeral", text: String(empty) }] };
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
  const cube = context.catalog.cubes.get(rule.cube)!;
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
  const role = cube.roles.get(name)!;
  const key =
    "on" in role
      ? column("f", role.on)
      : source.attribute(
          resolveAttribute(
            context.catalog,
            context.binding,
            `${name}.${keyAttribute(context.catalog.roles.get(name)!.dimension)}`,
            name,
          ),
        );
  return { t: "select", distinct: true, columns: [{ expr: key, as: "k" }], ...source.parts() };
}
