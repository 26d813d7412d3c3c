/**
 * A segment's filters as a tree over members, however they are nested. A rule about facts restricts the measures in the
 * same `and` (or inside that `and`, in an `or` or a `not`); without a measure there, it asks for the members that have
 * such facts.
 */
import { first, last } from "../lookup.ts";
import { TesseraError, phrase } from "../errors/index.ts";
import { type Catalog, type CubeNode, baseMembers } from "./catalog.ts";
import type { SegmentSpec } from "./declarations.ts";
import type { Filter, MemberFilter } from "./filter.ts";
import { measureNamed } from "./row-count.ts";
import { membersOf } from "./visible-catalog.ts";

/** A filter and its place. */
export interface Placed<F extends Filter = Filter> {
  readonly filter: F;
  readonly place: string;
}

/** A rule over the members of a dimension. */
export type MemberRule =
  | { readonly t: "all" | "any"; readonly of: readonly MemberRule[] }
  | { readonly t: "not"; readonly of: MemberRule }
  /** the member's own attributes */
  | { readonly t: "own"; readonly rule: Placed<MemberFilter> }
  /** membership of another segment over the same dimension */
  | { readonly t: "segment"; readonly segment: string }
  /** a measure of the member's facts that pass */
  | { readonly t: "measure"; readonly rule: Placed<MemberFilter>; readonly facts: readonly Placed[] }
  /** has facts of this cube that pass */
  | { readonly t: "facts"; readonly cube: string; readonly facts: readonly Placed[] };

/** What a name belongs to, for a segment over one dimension. */
type About = "member" | "facts" | "measure" | "segment";

/** The rule of a segment. @throws TesseraError `model-invalid` for an ambiguous rule */
export function segmentRule(catalog: Catalog, segment: Pick<SegmentSpec, "name" | "over" | "filters">): MemberRule {
  return new Reader(catalog, segment).conjunction(
    flat({ and: segment.filters }, `segment ${segment.name} › filters`, true),
    [],
  );
}

/** The conjuncts of a filter; nesting `and` in `and` changes nothing. */
function flat(filter: Filter, place: string, top = false): readonly Placed[] {
  return "and" in filter
    ? filter.and.flatMap((f, i) => flat(f, top ? `${place}[${i}]` : `${place}.and[${i}]`))
    : [{ filter, place }];
}

/** The role by which facts know a dimension: the one with its name, else the first. */
export const roleOver = (catalog: Catalog, over: string): string | undefined =>
  (
    [...catalog.roles.values()].find((r) => r.name === over && r.dimension.name === over) ??
    [...catalog.roles.values()].find((r) => r.dimension.name === over)
  )?.name;

/** The cubes whose facts a measure is computed from. */
function cubesOf(catalog: Catalog, member: string, seen: Set<string> = new Set()): Set<string> {
  const node = measureNamed(catalog, member);
  if (!node || seen.has(member)) return new Set();
  seen.add(member);
  const next = baseMembers(node);
  return next.length === 0 ? new Set([node.cube]) : new Set(next.flatMap((ref) => [...cubesOf(catalog, ref, seen)]));
}

class Reader {
  readonly #catalog: Catalog;
  readonly #segment: Pick<SegmentSpec, "name" | "over" | "filters">;
  readonly #used = new Set<Placed>();
  constructor(catalog: Catalog, segment: Pick<SegmentSpec, "name" | "over" | "filters">) {
    this.#catalog = catalog;
    this.#segment = segment;
  }

  /** @param around rules about facts in the `and`s around this one */
  conjunction(parts: readonly Placed[], around: readonly Placed[]): MemberRule {
    const facts = parts.filter(
      (p) => this.#all(p.filter).every((about) => about === "facts") && this.#all(p.filter).length > 0,
    );
    const others = parts.filter((p) => !facts.includes(p));
    const measured = others.some((p) => this.#all(p.filter).includes("measure"));
    // without a measure a negation restricts nothing: it asks for the members without such facts
    const describing = measured ? facts : facts.filter((p) => !negates(p.filter));
    const scope = [...around, ...describing];
    const rules = [...others, ...facts.filter((p) => !describing.includes(p))].map((p) => this.#one(p, scope));
    if (!measured && describing.length > 0) rules.push({ t: "facts", cube: this.#cubeWith(scope), facts: scope });
    for (const rule of measured ? describing : [])
      if (!this.#used.has(rule))
        throw new TesseraError(
          "model-invalid",
          phrase`the rule about ${first(membersOf(rule.filter))} restricts no measure next to it`,
          { place: rule.place, remedy: 'add a measure of the same cube to the `and`, or use `scope: "entity"`' },
        );
    return rules.length === 1 ? first(rules) : { t: "all", of: rules };
  }

  #one({ filter, place }: Placed, scope: readonly Placed[]): MemberRule {
    if ("or" in filter)
      return { t: "any", of: filter.or.map((f, i) => this.conjunction(flat(f, `${place}.or[${i}]`), scope)) };
    if ("not" in filter) return { t: "not", of: this.conjunction(flat(filter.not, `${place}.not`), scope) };
    if ("and" in filter) return this.conjunction(flat(filter, place), scope);
    if ("segment" in filter) return { t: "segment", segment: filter.segment };
    if (this.#about(filter.member) === "measure") {
      const cubes = cubesOf(this.#catalog, filter.member);
      const facts = scope.filter((rule) =>
        ownersOf(rule.filter).every((owner) => !this.#catalog.cubes.has(owner) || cubes.has(owner)),
      );
      for (const rule of facts) this.#used.add(rule);
      return { t: "measure", rule: { filter, place }, facts };
    }
    return { t: "own", rule: { filter, place } };
  }

  #all(filter: Filter): About[] {
    return membersOf(filter).map((member) => this.#about(member));
  }

  #about(member: string): About {
    if (measureNamed(this.#catalog, member) !== undefined) return "measure";
    const [owner = "", name] = member.split(".");
    const over =
      owner === "segments"
        ? (this.#catalog.project.segments ?? []).find((s) => s.name === name)?.over
        : this.#catalog.roles.get(owner)?.dimension.name;
    if (over !== this.#segment.over) return "facts";
    return owner === "segments" ? "segment" : "member";
  }

  /** The one cube that has the dimension and all that the rules name. */
  #cubeWith(rules: readonly Placed[]): string {
    const { over } = this.#segment;
    const role = roleOver(this.#catalog, over);
    const owners = [...new Set(rules.flatMap((rule) => ownersOf(rule.filter, this.#catalog)))];
    const own = [...new Set(rules.flatMap((rule) => ownersOf(rule.filter)))].filter((owner) =>
      this.#catalog.cubes.has(owner),
    );
    const knows = (cube: CubeNode): boolean =>
      role !== undefined &&
      cube.roles.has(role) &&
      own.every((name) => name === cube.name) &&
      owners.every(
        (owner) =>
          owner === cube.name ||
          cube.roles.has(owner) ||
          [...cube.roles.values()].some((r) => `dimension ${r.to.name}` === owner),
      );
    const found = [...this.#catalog.cubes.values()].filter(knows).map((cube) => cube.name);
    if (found.length === 1) return first(found);
    const said = rules.map((rule) => first(membersOf(rule.filter))).join(" and ");
    const measure = [...this.#catalog.measures.values()].find(
      (m) => m.cube === (found[0] ?? "") && m.spec.kind === "aggregate" && m.spec.aggregate === "count",
    );
    throw new TesseraError(
      "model-invalid",
      found.length === 0
        ? phrase`no cube has facts of a ${over} with ${said}`
        : phrase`the rule about ${said} is ambiguous: ${found.join(" and ")} have facts of a ${over}`,
      {
        place: last(rules).place,
        remedy:
          found.length === 0
            ? "use what one cube has"
            : phrase`add a measure, for example { "member": "${measure?.member ?? `${first(found)}.…`}", "operator": "gt", "values": [0] }`,
      },
    );
  }
}

function negates(filter: Filter): boolean {
  if ("not" in filter) return true;
  if ("and" in filter) return filter.and.some(negates);
  return "or" in filter && filter.or.some(negates);
}

/**
 * The roles and cubes that a filter names; with a catalog, the dimension of a segment as `dimension name`. A rule about
 * entities names no fact that it restricts alone.
 */
function ownersOf(filter: Filter, catalog?: Catalog): string[] {
  if ("and" in filter) return filter.and.flatMap((f) => ownersOf(f, catalog));
  if ("or" in filter) return filter.or.flatMap((f) => ownersOf(f, catalog));
  if ("not" in filter) return ownersOf(filter.not, catalog);
  const [owner, name] =
    "segment" in filter ? ["segments", filter.segment] : (filter.member.split(".") as [string, string | undefined]);
  if (owner === "segments")
    return catalog ? [`dimension ${(catalog.project.segments ?? []).find((s) => s.name === name)?.over ?? ""}`] : [];
  return !("segment" in filter) && filter.scope === "entity" && !catalog ? [] : [owner];
}
