/**
 * `top`: members are ranked once over all filtered facts; what is left out comes back as others, computed from the
 * facts.
 */
import { isKeyOf } from "../windows/time-keys.ts";
import { at, first, last } from "../../lookup.ts";
import type { Filter } from "../../model/filter.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { Row, Value } from "../../model/query.ts";
import { memberKey, restOf } from "../resolve/rest.ts";
import type { Rest } from "../resolve/nodes.ts";
import type { OutputMeasure, ResolvedQuery } from "../resolve/resolved-query.ts";
import type { ResolvedTop } from "../resolve/top.ts";

/** The members that a top keeps, each with the members that it is ranked within. */
export type Kept = NonNullable<ResolvedQuery["keep"]>[number];

/** Within other members, all are read and the best of each taken. */
const MOST_RANKED = 10_000_000;

/**
 * The members that a top keeps. Filters on measures, comparisons and limits do not change them.
 * @param ask answers a resolved query with its rows
 */
export async function rank(
  query: ResolvedQuery,
  top: ResolvedTop,
  ask: (ranking: ResolvedQuery) => Promise<readonly Row[]>,
): Promise<Kept> {
  const keys = top.keys.map((i) => at(query.keys, i));
  const { name, tree, leaves } = top.by;
  const measure: OutputMeasure = {
    name,
    title: name,
    description: undefined,
    format: "number",
    type: "number",
    better: "up",
    tree,
    previous: null,
  };
  const within = keys.slice(0, -1);
  // a filter on another fact's own attribute restricts that fact alone, not the ranking
  const cubes = new Set(leaves.map((leaf) => leaf.cube));
  const ranked = query.rows.filter((row) => refsIn(row).every((ref) => ref.t !== "fact" || cubes.has(ref.cube)));
  const rows = await ask({
    ...bare(query),
    rows: ranked,
    keys,
    measures: [measure],
    leaves: { all: leaves },
    compare: null,
    sets: [keys.map((_, i) => i)],
    order: [{ by: { measure: name }, direction: "desc" }],
    limit: within.length > 0 ? MOST_RANKED : top.n,
  });
  const taken = new Map<string, number>();
  const members = rows.flatMap((row) => {
    const group = memberKey(within.map((key) => row[key.member]));
    const n = taken.get(group) ?? 0;
    if (n >= top.n || row[name] === null) return [];
    taken.set(group, n + 1);
    return [keys.map((key): Value => row[key.member] ?? null)];
  });
  return { keys: top.keys, members };
}

/** Types whose values are the same in an exact result and in a plain one. */
const PLAIN: ReadonlySet<string> = new Set(["string", "integer", "boolean", "date"]);

/**
 * One ranking, of the only dimension and by a measure of the answer: its best rows are the answer, without a ranking
 * before.
 */
export function bestOf(query: ResolvedQuery): NonNullable<ResolvedQuery["best"]> | null {
  const [top, another] = query.tops ?? [];
  const measure = query.measures.findIndex((m) => m.name === top?.by.name);
  const [key] = query.keys;
  const alone =
    top !== undefined &&
    another === undefined &&
    key !== undefined &&
    query.keys.length === 1 &&
    PLAIN.has(key.type) &&
    query.sets.length === 1 &&
    query.compare === null &&
    !query.fillDates;
  return alone &&
    measure >= 0 &&
    query.having.length === 0 &&
    query.hidden.size === 0 &&
    query.offset === undefined &&
    top.n <= query.limit
    ? { measure, n: top.n }
    : null;
}

/** The members that the rows of the best keep. */
export const keptBy = (query: ResolvedQuery, rows: readonly Row[]): Kept => ({
  keys: [0],
  members: rows.map((row) => [row[first(query.keys).member] ?? null]),
});

/** A query for a choice of tops that are left out; rows and others together add up to the totals. */
export interface OthersQuestion {
  readonly level: readonly string[];
  readonly query: ResolvedQuery;
}

/**
 * The queries for what tops leave out. Of two tops, the others of the first come for each kept member of the second,
 * the second's for each of the first, and those outside both by themselves.
 * @param resolve a filter of the query's own names as a condition
 */
export function othersOf(
  query: ResolvedQuery,
  kept: readonly Kept[],
  resolve: (filter: Filter) => Condition,
): readonly OthersQuestion[] {
  const tops = query.tops ?? [];
  const withOthers = tops.flatMap((top, i) => (top.others ? [i] : []));
  return choices(withOthers).map((out, n) => {
    const leftKeys = new Set(out.map((o) => last(at(tops, o).keys)));
    const left = query.keys.flatMap((_, i) => (leftKeys.has(i) ? [] : [i]));
    const stays = kept.filter((k, i) => !out.includes(i) && k.keys.every((key) => left.includes(key)));
    const outside = (k: Kept, i: number): Filter =>
      out.includes(i) ? { not: inside(k, query.keys) } : inside(k, query.keys);
    const rest: Rest = {
      id: `r${n}`,
      conditions: kept.flatMap((k, i) => (stays.includes(k) ? [] : [resolve(outside(k, i))])),
      cells: out.flatMap((o) => cellsOut(at(kept, o), query)),
    };
    const leaves = new Map<string, Leaf>();
    const measures = query.measures.map(
      (m): OutputMeasure => ({
        ...m,
        tree: restOf(m.tree, rest, leaves),
        previous: m.previous && restOf(m.previous, rest, leaves),
      }),
    );
    return {
      level: left.map((i) => at(query.keys, i).member),
      query: {
        ...bare(query),
        keys: left.map((i) => at(query.keys, i)),
        measures,
        leaves: { all: [...leaves.values()] },
        sets: [left.map((_, i) => i)],
        order: [],
        limit: MOST_RANKED,
        keep: stays.map((k) => ({ keys: k.keys.map((key) => left.indexOf(key)), members: k.members })),
      },
    };
  });
}

/** The kept members as cells of a date role, where all keys of the top lie along one. */
function cellsOut({ keys, members }: Kept, query: ResolvedQuery): Rest["cells"] {
  const refs = keys.map((key) => at(query.keys, key));
  const [ref] = refs;
  if (ref?.t !== "role" || !ref.dimension.calendar || !refs.every((other) => isKeyOf(other, ref.role))) return [];
  return [{ role: ref.role, refs, members: new Set(members.map(memberKey)) }];
}

/** Without what is done to finished rows. */
const bare = ({ offset: _o, keep: _k, tops: _t, ...query }: ResolvedQuery): ResolvedQuery => ({
  ...query,
  having: [],
  hidden: new Map(),
  fillDates: false,
});

/** Every choice of at least one, smaller ones first. */
function choices(of: readonly number[]): number[][] {
  return Array.from({ length: 2 ** of.length - 1 }, (_, n) => of.filter((_, bit) => ((n + 1) >> bit) & 1)).sort(
    (a, b) => a.length - b.length,
  );
}

/** These members; where they are ranked within others, each only there. */
function inside({ keys, members }: Kept, refs: readonly AttributeRef[]): Filter {
  const names = keys.map((key) => at(refs, key).member);
  const ranked = last(names);
  if (names.length === 1) return { member: ranked, operator: "in", values: members.map(first) };
  const groups = new Map<string, { readonly group: readonly Value[]; readonly kept: Value[] }>();
  for (const member of members) {
    const group = member.slice(0, -1);
    const own = groups.get(memberKey(group)) ?? { group, kept: [] };
    own.kept.push(last(member));
    groups.set(memberKey(group), own);
  }
  if (groups.size === 0) return { member: ranked, operator: "in", values: [] };
  return {
    or: [...groups.values()].map(({ group, kept }) => ({
      and: [
        ...group.map((value, i): Filter => ({ member: at(names, i), operator: "equals", values: [value] })),
        { member: ranked, operator: "in", values: kept },
      ],
    })),
  };
}
