/** The next query from a cell: down a hierarchy, up it, or across to another attribute. */
import { required } from "../../lookup.ts";
import type { DrillRequest } from "../language/drill-request.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { isPeriod } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Filter, MemberFilter } from "../../model/filter.ts";
import { comparedAlike } from "./compared-cell.ts";
import type { Engine } from "../answer/engine.ts";
import { attributeMembers, resolveAttribute, type AttributeRef } from "../binding/member.ts";
import { parseDrill } from "../language/parse-drill-request.ts";
import type { Query } from "../../model/query.ts";

/**
 * The query of the next level. Down and across stay in the cell, on both sides of a comparison; up drops the filters
 * that going down put on the level and those below it. What named the moved dimension (totals, pivot, order) names the
 * next one, or nothing.
 * @throws TesseraError `query-invalid` for a level that does not exist, or where the next query's numbers would differ
 *   from the cell's
 */
export function drill(engine: Engine, request: DrillRequest): Query {
  const { query, direction, cell = {}, dimension: asked } = parseDrill(request);
  const { catalog, binding } = engine;
  const dimensions = query.dimensions ?? [];
  const refOf = (name: string, place: string): AttributeRef => resolveAttribute(catalog, binding, name, place);
  const full = new Map(dimensions.map((name, i) => [name, refOf(name, `$.query.dimensions[${i}]`).member]));
  const given = (name: string): string | undefined => dimensions.find((d) => d === name || full.get(d) === name);
  const member = asked === undefined ? dimensions.at(-1) : given(asked);
  if (member === undefined)
    throw new TesseraError(
      "query-invalid",
      asked === undefined ? "the query has no dimension to drill" : phrase`"${asked}" is not a dimension of the query`,
      {
        place: "$.dimension",
        remedy: dimensions.length > 0 ? phrase`one of ${dimensions.join(", ")}` : "add a dimension",
      },
    );
  const at = required(full, member, "dimension");
  const levels = hierarchyOf(catalog, at, query);
  const answer = (next: string, filters: readonly Filter[]): Query =>
    moved(
      query,
      (name) => (name === member || name === at ? next : name),
      filters,
      (name) => refOf(name, "$.direction"),
    );

  if (direction === "up") {
    const above = levels[levels.indexOf(at) - 1];
    if (above === undefined)
      throw new TesseraError("query-invalid", phrase`${at} has no level above it`, {
        place: "$.dimension",
        remedy:
          levels.length > 0
            ? phrase`it is the top of ${levels.join(" > ")}`
            : "it is in no hierarchy; go across to another attribute",
      });
    const below = new Set(levels.slice(levels.indexOf(at) - 1));
    return comparedAlike(
      engine,
      query,
      checked(
        engine,
        answer(
          above,
          (query.filters ?? []).filter((f) => !(isCellFilter(f) && below.has(f.member))),
        ),
      ),
      null,
    );
  }

  for (const name of Object.keys(cell))
    if (given(name) === undefined)
      throw new TesseraError("query-invalid", phrase`"${name}" is not a dimension of the query`, {
        place: `$.cell.${name}`,
        remedy: phrase`a cell has values of ${dimensions.join(", ")}`,
      });
  const values = new Map(
    Object.entries(cell).map(([name, value]) => [required(full, given(name) ?? name, "dimension"), value]),
  );
  if (!values.has(at))
    throw new TesseraError("query-invalid", phrase`the cell has no value of ${member}`, {
      place: "$.cell",
      remedy: phrase`{ "${member}": … }; null is (unknown)`,
    });
  const next = direction === "down" ? levels[levels.indexOf(at) + 1] : refOf(direction.to, "$.direction.to").member;
  if (next === undefined)
    throw new TesseraError("query-invalid", phrase`${at} has no level below it`, {
      place: "$.dimension",
      remedy:
        levels.length > 0
          ? phrase`it is the last of ${levels.join(" > ")}; see the rows with drillthrough`
          : "it is in no hierarchy; go across to another attribute, or see the rows with drillthrough",
    });
  if (direction !== "down" && [...full.values()].includes(next))
    throw new TesseraError(
      "query-invalid",
      phrase`${next} is among the dimensions already${didYouMean(
        next,
        attributeMembers(catalog).filter((m) => m !== next),
      )}`,
      { place: "$.direction.to", remedy: "go to another attribute" },
    );
  const chosen = [...values].map(
    ([name, value]): MemberFilter =>
      value === null ? { member: name, operator: "is_null" } : { member: name, operator: "equals", values: [value] },
  );
  const others = (query.filters ?? []).filter((f) => !(isCellFilter(f) && values.has(f.member)));
  return comparedAlike(engine, query, checked(engine, answer(next, [...others, ...chosen])), values);
}

/** Whether a filter is one that drilling down adds. */
const isCellFilter = (f: Filter): f is MemberFilter =>
  "member" in f && (f.operator === "is_null" || (f.operator === "equals" && f.values?.length === 1));

/** The query with one dimension replaced, wherever it is named, and without what belongs to a page of the old rows. */
function moved(
  query: Query,
  rename: (name: string) => string,
  filters: readonly Filter[],
  refOf: (name: string) => AttributeRef,
): Query {
  const {
    cursor: _c,
    limit: _l,
    top: _t,
    pivot,
    totals,
    order,
    fillDates,
    filters: _f,
    dimensions = [],
    ...rest
  } = query;
  const names = (list: readonly string[]): string[] => [...new Set(list.map(rename))];
  const dims = names(dimensions);
  const across = pivot ? names(pivot.columns) : [];
  const left = (order ?? []).filter((o) => rename(o.member) === o.member);
  const dated = dims.some((name) => {
    const ref = refOf(name);
    return ref.t === "role" && ref.dimension.calendar !== null && isPeriod(ref.attribute.name);
  });
  return {
    ...rest,
    ...(totals !== undefined && { totals: typeof totals === "boolean" ? totals : unique(totals.map(names)) }),
    dimensions: dims,
    ...(filters.length > 0 && { filters: [...filters] }),
    ...(left.length > 0 && { order: left }),
    ...(fillDates && dated && { fillDates }),
    ...(across.length > 0 && { pivot: { columns: across } }),
  };
}

const unique = (levels: readonly (readonly string[])[]): (readonly string[])[] =>
  levels.filter((level, i) => levels.findIndex((other) => [...other].sort().join() === [...level].sort().join()) === i);

/** The query, which must be answerable. */
function checked(engine: Engine, query: Query): Query {
  try {
    engine.prepare(query);
  } catch (error) {
    if (error instanceof TesseraError && error.code === "unrelated-dimension")
      throw new TesseraError(error.code, error.message, {
        place: "$.direction",
        ...(error.remedy !== undefined && { remedy: error.remedy }),
        cause: error,
      });
    throw error;
  }
  return query;
}

/** The hierarchy of a member, as members; of several, the one that has more of the query. */
function hierarchyOf(catalog: Catalog, member: string, query: Query): string[] {
  const [role = ""] = member.split(".");
  const dimension = catalog.roles.get(role)?.dimension;
  const used = new Set([
    ...(query.dimensions ?? []),
    ...(query.filters ?? []).flatMap((f) => ("member" in f ? [f.member] : [])),
  ]);
  const found = [...(dimension?.hierarchies.values() ?? [])]
    .map((levels) => levels.map((level) => `${role}.${level}`))
    .filter((levels) => levels.includes(member));
  return found.sort((a, b) => b.filter((l) => used.has(l)).length - a.filter((l) => used.has(l)).length)[0] ?? [];
}
