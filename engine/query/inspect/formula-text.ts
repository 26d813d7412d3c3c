/** Measures in words. */
import { type Catalog, type MeasureNode, baseMembers } from "../../model/catalog.ts";
import type { Argument, Events, Measure, Span, TimeChange } from "../../model/measure.ts";

/** A measure in words: `sum(net_amount)`, `margin / revenue`, `revenue over the last 28 days`. */
export function formulaOf({ spec, base }: Pick<MeasureNode, "spec" | "base">): string {
  switch (spec.kind) {
    case "aggregate":
      return `${spec.aggregate}(${argumentText(spec.of)}${given(spec.quantile, ", ")})${filtered(spec)}`;
    case "nested": {
      const of = `${spec.aggregate} of ${base} for each ${spec.per.join(", ")}`;
      return `${of}${given(spec.quantile, " at ")}${filtered(spec)}`;
    }
    case "conversion": {
      const events = `${eventsText(spec.from)} followed by ${eventsText(spec.to)}`;
      const complete = spec.complete ? ", of those whose time is over" : "";
      const what = spec.give === "share" ? "share" : "number";
      return `${what} of ${events} of the same ${spec.over} within ${spanText(spec.within)}${complete}`;
    }
    case "semi_additive": {
      const of = argumentText(spec.of);
      if (spec.take === "average") return `average of ${of} over the days of ${spec.over}`;
      return `${spec.take} value of ${of} over ${spec.over}${given(spec.per?.join(", "), " for each ")}`;
    }
    case "calculated":
      return spec.formula;
    case "share":
      return `share of ${base} in ${typeof spec.of === "string" ? `the ${spec.of}` : spec.of.join(", ")}`;
    case "rank":
      return `rank of ${base}, ${spec.direction === "desc" ? "largest" : "smallest"} first`;
    case "time":
      return `${base}${changeText(spec.change)}`;
  }
}

function changeText(change: TimeChange): string {
  switch (change.type) {
    case "running":
      return ", running total";
    case "rolling":
      return ` over the last ${spanText(change.span)}`;
    case "to_date":
      return `, ${change.level.replaceAll("_", " ")} to date`;
    case "shift":
      return `, moved by ${spanText(change.span)}`;
  }
}

const given = (value: string | number | undefined, before: string): string =>
  value === undefined ? "" : `${before}${value}`;

const filtered = ({ where }: Measure): string => (where ? " where …" : "");

function argumentText(of: Argument | undefined): string {
  if (of === undefined) return "*";
  return typeof of === "string" ? of : of.sql;
}

const spanText = (span: Span): string =>
  Object.entries(span)
    .map(([unit, n]) => `${n} ${unit}`)
    .join(" ");

const eventsText = (events: Events): string =>
  typeof events === "string"
    ? events
    : `rows${events.cube ? ` of ${events.cube}` : ""}${events.where ? " where …" : ""}`;

/** Every aggregate that a measure is computed from, through all formulas. */
export function baseMeasures(catalog: Catalog, member: string, seen: Set<string> = new Set()): string[] {
  if (seen.has(member)) return [];
  seen.add(member);
  const node = catalog.measures.get(member);
  if (!node) return [];
  const next = baseMembers(node);
  return next.length === 0 ? [member] : next.flatMap((ref) => baseMeasures(catalog, ref, seen));
}
