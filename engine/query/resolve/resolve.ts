/** From a query's names to everything that the planner needs. */
import { nameOf, modelMeasure, calculation, treeOf } from "./output-measure.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { required } from "../../lookup.ts";
import type { Query } from "../../model/query.ts";
import { parseDay, type Day } from "../../model/time/calendar.ts";
import { calculationType } from "../binding/calculation-type.ts";
import { isMeasure, keyAttribute, resolveAttribute, resolveMeasure, type AttributeRef } from "../binding/member.ts";
import { comparedBase } from "../language/about-measures.ts";
import { LIMITS } from "../language/parse-query.ts";
import { withoutDays } from "./asked-days.ts";
import type { ConditionContext } from "./condition-context.ts";
import { conjuncts, mentions } from "./condition-parts.ts";
import { resolveFilter } from "./condition.ts";
import { groupingSets } from "./grouping-sets.ts";
import { Leaves, type LeafResolver } from "./leaf.ts";
import type { Condition, Frame, MeasureTree } from "./nodes.ts";
import { resolveCompare } from "./resolve-comparison.ts";
import type { ResolveContext } from "./resolve-context.ts";
import type { ResolvedQuery } from "./resolved-query.ts";
import { resolveTops } from "./top.ts";

/**
 * Resolves a query.
 * @throws TesseraError `query-invalid`, `unknown-member`, `filter-invalid`, `formula-invalid`, `unrelated-dimension`
 */
export function resolveQuery(query: Query, context: ResolveContext): ResolvedQuery {
  const { catalog, binding } = context;
  const timeZone = query.timeZone === undefined ? null : zone(query.timeZone);
  const now = query.now === undefined ? context.now : day(query.now, "$.now");
  const keys = resolveKeys(query, context);
  // a role alone means its label or its days, wherever it is named
  const positionOf = (member: string): number => {
    const at = keys.findIndex((k) => k.member === member);
    return at >= 0 ? at : (query.dimensions ?? []).indexOf(member);
  };
  checkPivot(query, keys, positionOf);

  const filterContext = { catalog, binding, now, timeZone, ...calculationsOf(query, context) };
  const { rows: filters, having } = resolveFilters(query, filterContext);
  const leafResolver = leafResolverOf(context, filterContext);
  const whole = context.whole ?? catalog;
  const leaves = new Leaves(whole, leafResolver);
  const compare = query.compare ? resolveCompare(query.compare, filters, catalog, now) : null;
  // the filters that were the range become the part of it that is over
  const rows: readonly Condition[] = compare
    ? [
        ...withoutDays(filters, compare.role),
        {
          t: "days",
          ref: resolveAttribute(whole, binding, `${compare.role}.day`, "$.compare"),
          ranges: [compare.current],
          negated: false,
        },
      ]
    : filters;

  const previous: readonly Frame[] | null = compare && [{ role: compare.role, change: { type: "compare" } }];
  const measures = query.measures.map((measure, i) => {
    const place = `$.measures[${i}]`;
    if (typeof measure === "string") return modelMeasure(measure, place, context, leaves, previous);
    if (isMeasure(catalog, measure.name) || keys.some((k) => k.member === measure.name))
      throw new TesseraError("query-invalid", phrase`"${measure.name}" is already a member of the model`, {
        place: `${place}.name`,
        remedy: "choose another name",
      });
    const type = required(filterContext.calculations, measure.name, "calculation");
    return { ...calculation(measure, place, context, leaves, previous), type };
  });
  const names = new Set<string>();
  for (const { name } of measures) {
    if (names.has(name))
      throw new TesseraError("query-invalid", phrase`"${name}" is asked for twice`, {
        place: "$.measures",
        remedy: "name each measure once",
      });
    names.add(name);
  }

  const hidden = new Map<string, MeasureTree>();
  const need = (member: string, place: string): void => {
    if (!names.has(member) && !hidden.has(member))
      hidden.set(member, leaves.tree(resolveMeasure(catalog, member, place)));
  };
  for (const condition of having) for (const member of measuresOf(condition)) need(member, "$.filters");
  const order = resolveOrder(query, keys, names, positionOf, (member, place) => {
    if (!isMeasure(catalog, member)) return false;
    need(member, place);
    return true;
  });

  const asked = new Map(query.measures.map((measure) => [nameOf(measure), measure] as const));
  const tops = resolveTops(query, keys, asked, catalog, positionOf, (measure) => {
    const own = new Leaves(whole, leafResolver);
    return { leaves: own, tree: treeOf(measure, "$.top", context, own) };
  });

  return {
    keys,
    measures,
    leaves,
    rows,
    having,
    hidden,
    compare,
    order,
    timeZone,
    now,
    tops,
    sets: groupingSets(query, keys, positionOf),
    limit: Math.min(query.limit ?? LIMITS.defaultRows, context.maxRows ?? LIMITS.rows),
    history:
      typeof query.history === "object"
        ? { asOf: day(query.history.as_of, "$.history.as_of") }
        : (query.history ?? "as_is"),
    fillDates: query.fillDates ?? false,
  };
}

function resolveKeys(query: Query, { catalog, binding }: ResolveContext): readonly AttributeRef[] {
  const keys = (query.dimensions ?? []).map((member, i) =>
    resolveAttribute(catalog, binding, member, `$.dimensions[${i}]`),
  );
  const twice = keys.find((key, i) => keys.findIndex((k) => k.member === key.member) < i);
  if (twice)
    throw new TesseraError("query-invalid", phrase`"${twice.member}" is asked for twice`, {
      place: "$.dimensions",
      remedy: "name each dimension once",
    });
  return keys;
}

function checkPivot(query: Query, keys: readonly AttributeRef[], positionOf: (member: string) => number): void {
  for (const [i, member] of (query.pivot?.columns ?? []).entries())
    if (positionOf(member) < 0)
      throw new TesseraError("query-invalid", phrase`pivot names "${member}", which is not a dimension of the query`, {
        place: `$.pivot.columns[${i}]`,
        remedy: phrase`use ${keys.map((k) => k.member).join(", ") || "a dimension"}`,
      });
}

/** The types of the query's own calculations, and which measures it compares. */
function calculationsOf(
  query: Query,
  { binding }: ResolveContext,
): Required<Pick<ConditionContext, "calculations">> & Pick<ConditionContext, "compared"> {
  return {
    calculations: new Map(
      query.measures.flatMap((measure, i) =>
        typeof measure === "string"
          ? []
          : [[measure.name, calculationType(measure.formula, binding, `$.measures[${i}].formula`)] as const],
      ),
    ),
    ...(query.compare && { compared: new Set(query.measures.map(nameOf)) }),
  };
}

/** The query's filters, those on facts apart from those on measures. */
function resolveFilters(
  query: Query,
  context: ConditionContext,
): { readonly rows: readonly Condition[]; readonly having: readonly Condition[] } {
  const rows: Condition[] = [];
  const having: Condition[] = [];
  for (const [i, filter] of (query.filters ?? []).entries()) {
    const place = `$.filters[${i}]`;
    for (const condition of conjuncts(resolveFilter(context, filter, place))) {
      const found = mentions(condition);
      if (found.measures && found.attributes)
        throw new TesseraError("filter-invalid", "an `or` cannot mix measures and dimensions", {
          place,
          remedy: "filter the measure at another grain with a segment",
        });
      (found.measures ? having : rows).push(condition);
    }
  }
  return { rows, having };
}

/** How leaves resolve the model's own filters: against the whole model, whatever the caller sees of it. */
function leafResolverOf(context: ResolveContext, filterContext: ConditionContext): LeafResolver {
  const whole = context.whole ?? context.catalog;
  const wholeContext = { ...filterContext, catalog: whole, binding: context.wholeBinding ?? context.binding };
  return {
    where: (filters, place) =>
      filters.length === 0
        ? null
        : { t: "and", of: filters.map((filter, i) => resolveFilter(wholeContext, filter, `${place} › where[${i}]`)) },
    per: (member, place) => {
      const role = whole.roles.get(member);
      const full = role ? `${member}.${keyAttribute(role.dimension)}` : member;
      return resolveAttribute(whole, context.binding, full, place);
    },
  };
}

/** @param need takes a measure that is not among those asked for; false for a name that is not a measure */
function resolveOrder(
  query: Query,
  keys: readonly AttributeRef[],
  names: ReadonlySet<string>,
  positionOf: (member: string) => number,
  need: (member: string, place: string) => boolean,
): ResolvedQuery["order"] {
  return (query.order ?? []).map(({ member, direction }, i) => {
    const place = `$.order[${i}].member`;
    const key = positionOf(member);
    if (key >= 0) return { by: { key }, direction: direction ?? "asc" };
    const base = query.compare && comparedBase(member);
    if (names.has(member) || (base !== undefined && names.has(base)) || need(member, place))
      return { by: { measure: member }, direction: direction ?? "desc" };
    const known = [...keys.map((k) => k.member), ...names];
    throw new TesseraError("query-invalid", phrase`cannot order by "${member}"${didYouMean(member, known)}`, {
      place,
      remedy: phrase`order by one of ${known.join(", ")}`,
    });
  });
}

function measuresOf(condition: Condition): string[] {
  if (condition.t === "measure") return [condition.measure.member];
  if (condition.t === "and" || condition.t === "or") return condition.of.flatMap(measuresOf);
  return condition.t === "not" ? measuresOf(condition.of) : [];
}

function day(text: string, place: string): Day {
  const found = parseDay(text.slice(0, 10));
  if (found === null)
    throw new TesseraError("query-invalid", phrase`${JSON.stringify(text)} is not a date`, {
      place,
      remedy: 'write "2025-07-31"',
    });
  return found;
}

function zone(name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new TesseraError("query-invalid", phrase`time zone ${JSON.stringify(name)} not found`, {
      place: "$.timeZone",
      remedy: 'use an IANA name such as "Europe/Berlin"',
    });
  }
}
