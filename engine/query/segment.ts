/** The members of a segment, as a SELECT of their keys: attributes are looked up on the dimension, measures are taken for each member. */
import { TesseraError } from "../errors.ts";
import { all, column, equals, type Expr, type Join, type Select } from "../sql/tree.ts";
import type { Filter } from "../model/filter.ts";
import { membersAre, mentions, resolveFilter, type Condition } from "./condition.ts";
import { conjuncts, refsIn } from "./condition-parts.ts";
import { conditionOver, measureComparison } from "./compare-sql.ts";
import { dimensionSource } from "./role-join.ts";
import { keyAttribute, resolveAttribute, type AttributeRef } from "./member.ts";
import { firstCalendar, type ResolveContext } from "./resolve.ts";
import type { SubplanContext } from "./cell-windows.ts";
import { wholeAnswer } from "./whole-answer.ts";

export function compileSegment(name: string, resolve: ResolveContext, context: SubplanContext, seen: readonly string[] = []): Select {
  const { catalog, binding, now } = resolve;
  const segment = catalog.project.segments!.find((s) => s.name === name)!;
  const place = `segment ${name}`;
  if (seen.includes(name)) throw new TesseraError("model-invalid", `segment ${name} is made from itself: ${[...seen, name].join(" > ")}`, { place, remedy: "break the circle" });
  const dimension = catalog.dimensions.get(segment.over);
  if (!dimension || dimension.spec.kind === "date") throw new TesseraError("model-invalid", `unknown dimension ${segment.over}`, { place, remedy: "`over` names a dimension of the project" });
  const role = [...catalog.roles.values()].find((r) => r.name === segment.over) ?? [...catalog.roles.values()].find((r) => r.dimension === dimension);
  if (!role) throw new TesseraError("model-invalid", `no cube has the dimension ${segment.over}`, { place });
  const isOver = (ref: AttributeRef): boolean => ref.t === "role" && ref.dimension === dimension;

  const members: Condition[] = [];
  const factFilters: Filter[] = [];
  for (const [i, filter] of segment.filters.entries()) {
    const condition = resolveFilter({ catalog, binding, now, timeZone: context.timeZone, calendarOf: (ref) => (ref.t === "role" && ref.dimension.calendar) || firstCalendar(catalog) }, filter, `${place} › filters[${i}]`);
    for (const part of conjuncts(condition)) {
      const about = refsIn(part);
      if (about.every(isOver) && (about.length > 0 || mentions(part).measures || part.t === "segment")) members.push(part);
      else if (!mentions(part).measures && !about.some(isOver)) factFilters.push(filter);
      else throw new TesseraError("model-invalid", "a rule about the member and a rule about its facts cannot stand in one `or`", { place: `${place} › filters[${i}]`, remedy: "make two segments and combine them" });
    }
  }

  const source = dimensionSource({ ...context, history: "as_is" }, dimension);
  const measures = [...new Set(members.flatMap(measuresIn))];
  const joins: Join[] = [];
  const valueOf = new Map<string, Expr>();
  if (measures.length > 0) {
    const { compiled, select } = wholeAnswer({ measures, dimensions: [`${role.name}.${keyAttribute(dimension)}`], filters: factFilters }, { resolve, subplan: { ...context, history: "as_is", segmentKeys: (inner) => compileSegment(inner, resolve, context, [...seen, name]) } });
    joins.push({ kind: "left", to: { t: "select", select, as: "measured" }, on: equals(source.key, column("measured", "k0")) });
    for (const value of compiled.values) {
      const node = catalog.measures.get(value.name)!;
      const own = column("measured", value.column);
      valueOf.set(value.name, node.spec.kind === "aggregate" && node.spec.aggregate.includes("count") ? { t: "call", name: "coalesce", args: [own, { t: "numeral", text: "0" }] } : own);
    }
  }
  const condition = (c: Condition): Expr => {
    switch (c.t) {
      case "and": return all(c.of.map(condition))!;
      case "or": return c.of.map(condition).reduce((left, right) => ({ t: "binary", op: "or", left, right }));
      case "not": return { t: "is_true", of: condition(c.of), negated: true };
      case "segment": return { t: "is_true", of: { t: "in_select", of: source.key, select: compileSegment(c.segment, resolve, context, [...seen, name]) }, negated: false };
      case "measure": return measureComparison(c, valueOf.get(c.measure.member)!);
      default: return conditionOver(c, source.value);
    }
  };
  const listed: Expr | null = segment.members ? conditionOver(membersAre(resolveAttribute(catalog, binding, `${role.name}.${keyAttribute(dimension)}`, place), segment.members), () => source.key) : null;
  const where = all([listed, ...members.map(condition)]);
  const parts = source.parts();
  return { t: "select", columns: [{ expr: source.key, as: "k" }], from: parts.from, joins: [...parts.joins, ...joins], where: all([parts.where, { t: "is_null", of: source.key, negated: true }, where]) };
}

function measuresIn(c: Condition): string[] {
  if (c.t === "measure") return [c.measure.member];
  if (c.t === "and" || c.t === "or") return c.of.flatMap(measuresIn);
  return c.t === "not" ? measuresIn(c.of) : [];
}
