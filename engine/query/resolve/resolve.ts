/** From a Query's names to everything the compiler needs. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { parseDay, type Calendar, type Day } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import { parseFormula, measuresIn } from "../../model/formula.ts";
import type { Filter } from "../../model/filter.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { Format, Span } from "../../model/measure.ts";
import type { Binding } from "../binding/binding.ts";
import { mentions, resolveFilter } from "./condition.ts";
import type { Condition } from "./nodes.ts";
import { conjuncts } from "./condition-parts.ts";
import { known, rangeOf, type DayRange } from "../time/date-range.ts";
import { hull, isBounded } from "../time/day-set.ts";
import { daysOfRole, withoutDays } from "./asked-days.ts";
import type { History } from "./history-mode.ts";
import { calculationType } from "../binding/calculation-type.ts";
import { Leaves, type LeafResolver } from "./leaf.ts";
import type { Frame, Leaf, MeasureTree } from "./nodes.ts";
import { isMeasure, keyAttribute, resolveAttribute, resolveMeasure, type AttributeRef } from "../binding/member.ts";
import { LIMITS } from "../language/parse-query.ts";
import type { Query, Value } from "../../model/query.ts";
import { resolveTops, type ResolvedTop } from "./top.ts";
import { comparedRange, type ComparisonTarget } from "../time/comparison.ts";

export interface OutputMeasure {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly format: Format;
  readonly better: "up" | "down";
  readonly type: AttributeType;
  readonly tree: MeasureTree;
  /** the comparison's value */
  readonly previous: MeasureTree | null;
}

export interface ResolvedQuery {
  readonly keys: readonly AttributeRef[];
  readonly measures: readonly OutputMeasure[];
  readonly leaves: { readonly all: readonly Leaf[] };
  /** dimension filters, ANDed */
  readonly rows: readonly Condition[];
  /** measure filters, ANDed */
  readonly having: readonly Condition[];
  /** measures that only filters or the order need */
  readonly hidden: ReadonlyMap<string, MeasureTree>;
  readonly compare: {
    readonly role: string;
    readonly current: DayRange;
    readonly previous: DayRange;
    readonly years: number | null;
  } | null;
  /** output grouping sets: positions of keys; the first is the details */
  readonly sets: readonly (readonly number[])[];
  readonly order: readonly {
    readonly by: { readonly key: number } | { readonly measure: string };
    readonly direction: "asc" | "desc";
  }[];
  readonly limit: number;
  /** rows of earlier pages */
  readonly offset?: number;
  readonly history: History;
  readonly timeZone: string | null;
  readonly now: Day;
  readonly fillDates: boolean;
  /** what is ranked before the query is asked */
  readonly tops?: readonly ResolvedTop[];
  /** the rows of most of a measure are the answer, and the others are left out */
  readonly best?: { readonly measure: number; readonly n: number };
  /** members that `top` keeps, as values of key positions; only details are cut */
  readonly keep?: readonly { readonly keys: readonly number[]; readonly members: readonly (readonly Value[])[] }[];
}

/** `whole`: the model behind what the caller sees of it, for what its measures are computed from; `wholeBinding`: all members by label, for the same */
export interface ResolveContext {
  readonly catalog: Catalog;
  readonly whole?: Catalog;
  readonly binding: Binding;
  readonly wholeBinding?: Binding;
  readonly now: Day;
  readonly maxRows?: number;
}

/** @throws TesseraError `query-invalid`, `unknown-member`, `filter-invalid`, `formula-invalid`, `unrelated-dimension` */
export function resolveQuery(query: Query, context: ResolveContext): ResolvedQuery {
  const { catalog, binding } = context;
  const timeZone = query.timeZone === undefined ? null : zone(query.timeZone);
  const now = query.now === undefined ? context.now : day(query.now, "$.now");
  const calculations = new Map(
    query.measures.flatMap((m, i) =>
      typeof m === "string" ? [] : [[m.name, { calculation: m, place: `$.measures[${i}]` }] as const],
    ),
  );
  const calendarOf = (ref: AttributeRef): Calendar =>
    (ref.t === "role" && ref.dimension.calendar) || firstCalendar(catalog);

  const keys = (query.dimensions ?? []).map((member, i) =>
    resolveAttribute(catalog, binding, member, `$.dimensions[${i}]`),
  );
  const twice = keys.find((key, i) => keys.findIndex((k) => k.member === key.member) < i);
  if (twice)
    throw new TesseraError("query-invalid", phrase`${twice.member} is asked for twice`, {
      place: "$.dimensions",
      remedy: "name each dimension once",
    });

  // a role alone stands for its label or its days, wherever it is named
  const positionOf = (member: string): number => {
    const at = keys.findIndex((k) => k.member === member);
    return at >= 0 ? at : (query.dimensions ?? []).indexOf(member);
  };
  for (const [i, member] of (query.pivot?.columns ?? []).entries())
    if (positionOf(member) < 0)
      throw new TesseraError(
        "query-invalid",
        phrase`${member} cannot stand across, as it is no dimension of the query`,
        {
          place: `$.pivot.columns[${i}]`,
          remedy: phrase`use ${keys.map((k) => k.member).join(", ") || "a dimension"}`,
        },
      );
  const filterContext = {
    catalog,
    binding,
    now,
    calendarOf,
    timeZone,
    calculations: new Map(
      [...calculations].map(([name, { calculation, place }]) => [
        name,
        calculationType(calculation.formula, binding, `${place}.formula`),
      ]),
    ),
    ...(query.compare && { compared: new Set(query.measures.map((m) => (typeof m === "string" ? m : m.name))) }),
  };
  const conditions = (query.filters ?? []).flatMap((filter, i) =>
    conjuncts(resolveFilter(filterContext, filter as Filter, `$.filters[${i}]`)).map((condition) => ({
      condition,
      place: `$.filters[${i}]`,
    })),
  );
  const rows: Condition[] = [];
  const having: Condition[] = [];
  for (const { condition, place } of conditions) {
    const found = mentions(condition);
    if (found.measures && found.attributes)
      throw new TesseraError("filter-invalid", "an `or` cannot mix measures and dimensions", {
        place,
        remedy: "filter the measure at another grain with a segment",
      });
    (found.measures ? having : rows).push(condition);
  }

  const whole = context.whole ?? catalog;
  const wholeContext = { ...filterContext, catalog: whole, binding: context.wholeBinding ?? binding };
  const leafResolver: LeafResolver = {
    where: (filters, place) =>
      filters.length === 0
        ? null
        : { t: "and", of: filters.map((filter, i) => resolveFilter(wholeContext, filter, `${place} › where[${i}]`)) },
    per: (member, place) => {
      const role = whole.roles.get(member);
      return resolveAttribute(whole, binding, role ? `${member}.${keyAttribute(role.dimension)}` : member, place);
    },
  };
  const leaves = new Leaves(whole, leafResolver);
  const compare = query.compare ? resolveCompare(query.compare, rows, catalog, now) : null;
  const previousFrames: readonly Frame[] = compare ? [{ role: compare.role, change: { type: "compare" } }] : [];
  // the filters that were the range become the part of it that is over
  if (compare)
    rows.splice(0, rows.length, ...withoutDays(rows, compare.role), {
      t: "days",
      ref: resolveAttribute(whole, binding, `${compare.role}.day`, "$.compare"),
      ranges: [compare.current],
      negated: false,
    });

  const output = (member: Query["measures"][number], i: number): OutputMeasure => {
    if (typeof member === "string") {
      const node = resolveMeasure(catalog, member, `$.measures[${i}]`);
      return {
        name: member,
        title: node.title,
        description: node.spec.description,
        format: node.format,
        better: node.spec.better ?? "up",
        type: binding.measureType(member),
        tree: leaves.tree(node),
        previous: compare ? leaves.tree(node, previousFrames) : null,
      };
    }
    if (isMeasure(catalog, member.name) || keys.some((k) => k.member === member.name))
      throw new TesseraError("query-invalid", phrase`${member.name} is a member of the model already`, {
        place: `$.measures[${i}].name`,
        remedy: "choose another name",
      });
    const formula = parseFormula(member.formula);
    for (const ref of measuresIn(formula)) resolveMeasure(catalog, ref, `$.measures[${i}].formula`);
    const tree = (frames: readonly Frame[]): MeasureTree => ({
      t: "formula",
      formula,
      parts: leaves.parts(formula, frames),
      fill: undefined,
    });
    return {
      name: member.name,
      title: member.title ?? member.name,
      description: member.formula,
      format: member.format ?? "number",
      better: "up",
      type: filterContext.calculations.get(member.name)!,
      tree: tree([]),
      previous: compare ? tree(previousFrames) : null,
    };
  };
  const measures = query.measures.map(output);
  const names = new Set<string>();
  for (const m of measures) {
    if (names.has(m.name))
      throw new TesseraError("query-invalid", phrase`${m.name} is asked for twice`, {
        place: "$.measures",
        remedy: "name each measure once",
      });
    names.add(m.name);
  }

  const hidden = new Map<string, MeasureTree>();
  const need = (member: string, place: string): void => {
    if (!names.has(member) && !hidden.has(member))
      hidden.set(member, leaves.tree(resolveMeasure(catalog, member, place)));
  };
  for (const condition of having) for (const member of measuresOf(condition)) need(member, "$.filters");

  const order = (query.order ?? []).map((o, i) => {
    const place = `$.order[${i}].member`;
    const key = positionOf(o.member);
    if (key >= 0) return { by: { key }, direction: o.direction ?? ("asc" as const) };
    const compared = /^(.*)\.(previous|change|change_rate)$/.exec(o.member);
    if (names.has(o.member) || (compare && compared && names.has(compared[1]!)))
      return { by: { measure: o.member }, direction: o.direction ?? ("desc" as const) };
    if (isMeasure(catalog, o.member)) {
      need(o.member, place);
      return { by: { measure: o.member }, direction: o.direction ?? ("desc" as const) };
    }
    const known = [...keys.map((k) => k.member), ...names];
    throw new TesseraError(
      "query-invalid",
      phrase`the result cannot be ordered by ${o.member}${didYouMean(o.member, known)}`,
      { place, remedy: phrase`order by one of ${known.join(", ")}` },
    );
  });

  const named = new Map(query.measures.map((m) => [typeof m === "string" ? m : m.name, m] as const));
  const tops = resolveTops(query, keys, named, catalog, positionOf, (measure) => {
    const own = new Leaves(whole, leafResolver);
    if (typeof measure === "string") return { leaves: own, tree: own.tree(resolveMeasure(catalog, measure, "$.top")) };
    const formula = parseFormula(measure.formula);
    return { leaves: own, tree: { t: "formula", formula, parts: own.parts(formula), fill: undefined } };
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

function groupingSets(query: Query, keys: readonly AttributeRef[], positionOf: (member: string) => number): number[][] {
  const details = keys.map((_, i) => i);
  const sets: number[][] = [details];
  if (query.totals === true) for (let n = 0; n < keys.length; n++) sets.push(details.slice(0, n));
  else if (query.totals) {
    for (const [i, level] of query.totals.entries()) {
      const set = level
        .map((member) => {
          const at = positionOf(member);
          if (at < 0)
            throw new TesseraError(
              "query-invalid",
              phrase`a total cannot be spread by ${member}, which is no dimension of the query`,
              { place: `$.totals[${i}]`, remedy: phrase`use ${keys.map((k) => k.member).join(", ") || "[]"}` },
            );
          return at;
        })
        .sort((a, b) => a - b);
      if (!sets.some((s) => s.length === set.length && s.every((x, j) => x === set[j]))) sets.push(set);
    }
  }
  return sets;
}

function resolveCompare(
  compare: NonNullable<Query["compare"]>,
  rows: readonly Condition[],
  catalog: Catalog,
  now: Day,
): ResolvedQuery["compare"] {
  const role = compare.dimension.split(".")[0]!;
  const calendar = catalog.roles.get(role)?.dimension.calendar;
  if (!calendar)
    throw new TesseraError("query-invalid", phrase`${compare.dimension} is no date dimension`, {
      place: "$.compare.dimension",
      remedy: phrase`use one of ${[...catalog.roles.values()]
        .filter((r) => r.dimension.calendar)
        .map((r) => r.name)
        .join(", ")}`,
    });
  const days = daysOfRole(rows, role);
  const range = days && hull(days);
  if (days && days.length > 1)
    throw new TesseraError(
      "query-invalid",
      "a comparison needs one date range, and the filters leave several with gaps between them",
      { place: "$.compare", remedy: "ask for one range, or for each by itself" },
    );
  if (!days || !range || !isBounded(days))
    throw new TesseraError("query-invalid", "a comparison needs a date range with both ends", {
      place: "$.compare",
      remedy: phrase`add a filter such as { "member": "${role}", "operator": "in_range", "values": ["last 12 months"] }`,
    });
  const { to } = compare;
  let target: ComparisonTarget;
  let years: number | null = null;
  if (to === "previous_period") target = { type: "previous_period" };
  else if (to === "previous_year") {
    target = { type: "span", span: { years: -1 } };
    years = -1;
  } else if ("range" in to) target = { type: "range", range: rangeOf(to.range, calendar, now, "$.compare.to.range") };
  else if (typeof to.by !== "string" && to.by.hours !== undefined)
    throw new TesseraError("query-invalid", "a comparison moves by days or longer", {
      place: "$.compare.to.by",
      remedy: 'write { "days": -1 }',
    });
  else {
    const span = typeof to.by === "string" ? parseSpan(to.by) : to.by;
    target = { type: "span", span };
    if (span.years !== undefined && Object.keys(span).length === 1) years = span.years;
  }
  const compared = comparedRange(target, range, now, calendar);
  known(compared.previous, "the other side of the comparison", "$.compare.to");
  return { role, ...compared, years };
}

function parseSpan(text: string): Span {
  const match = /^([+-]?\d{1,4}) (day|week|month|quarter|year)s?$/.exec(text.trim());
  if (!match)
    throw new TesseraError("query-invalid", phrase`${JSON.stringify(text)} is no span`, {
      place: "$.compare.to.by",
      remedy: 'write "-3 months" or { "months": -3 }',
    });
  return { [`${match[2]}s`]: Number(match[1]) };
}

function measuresOf(c: Condition): string[] {
  if (c.t === "measure") return [c.measure.member];
  if (c.t === "and" || c.t === "or") return c.of.flatMap(measuresOf);
  return c.t === "not" ? measuresOf(c.of) : [];
}

function day(text: string, place: string): Day {
  const found = parseDay(text.slice(0, 10));
  if (found === null)
    throw new TesseraError("query-invalid", phrase`${JSON.stringify(text)} is no date`, {
      place,
      remedy: 'write "2025-07-31"',
    });
  return found;
}

function zone(name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new TesseraError("query-invalid", phrase`unknown time zone ${JSON.stringify(name)}`, {
      place: "$.timeZone",
      remedy: 'use an IANA name such as "Europe/Berlin"',
    });
  }
}

export function firstCalendar(catalog: Catalog): Calendar {
  for (const dimension of catalog.dimensions.values()) if (dimension.calendar) return dimension.calendar;
  return {
    timeZone: "UTC",
    weekStart: 1,
    fiscalStart: 1,
    fiscalWeeks: null,
    holidays: new Map(),
    from: null,
    until: null,
  };
}
