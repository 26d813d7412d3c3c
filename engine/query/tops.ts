/** `top`: members are ranked once over all filtered facts; what is left out comes back as others, counted from the facts. */
import { TesseraError } from "../errors.ts";
import type { Filter } from "../model/filter.ts";
import type { RunOptions } from "../warehouse/serving.ts";
import { aboutMeasures } from "./about-measures.ts";
import type { Engine } from "./engine.ts";
import type { Query, Result, Row, Value } from "./query.ts";
import type { ResolvedQuery } from "./resolve.ts";

/** The members that one `top` keeps, each with the members of `within` that it is kept in. */
interface Kept { readonly names: readonly string[]; readonly keys: readonly number[]; readonly members: readonly (readonly Value[])[] }

/** Others of several tops are one question for each choice of those left out. */
const MOST_WITH_OTHERS = 4;

/**
 * Rows and others add up to the totals: of two tops, the others of the first stand beside each kept member of the second, the second's
 * beside each of the first, and those outside both by themselves.
 * @throws TesseraError `query-invalid` where a top names what is not among the dimensions
 */
export async function rankTops(query: Query, engine: Engine, options: RunOptions): Promise<{ kept: NonNullable<ResolvedQuery["keep"]>; others: Result["others"] }> {
  const { top = [], totals: _t, limit: _l, order: _o, compare: _c, fillDates: _f, top: __, cursor: _u, pivot: _p, ...base } = query;
  const dimensions = query.dimensions ?? [];
  const filters = (query.filters ?? []).filter((f) => !aboutMeasures(f, engine.catalog, query));
  const asked = top.flatMap((t, i) => (t.others ? [i] : []));
  refuse(top, asked);
  const kept: Kept[] = [];
  for (const [i, t] of top.entries()) {
    const within = t.within ?? [];
    const names = [...within, t.dimension];
    const keys = names.map((name) => dimensions.indexOf(name));
    if (keys.includes(-1)) throw new TesseraError("query-invalid", `top ranks ${names.join(", ")}, which must be among the dimensions`, { place: `$.top[${i}]`, remedy: `add it to dimensions: ${dimensions.join(", ") || "none yet"}` });
    const ranked = await engine.query({ ...base, measures: [t.by], filters, dimensions: names, order: [{ member: t.by, direction: "desc" }], limit: 1_000_000, exact: true }, options);          // neighbours past 2^53 are members apart
    const taken = new Map<string, number>();
    const members: Value[][] = [];
    for (const row of ranked.rows) {
      const group = JSON.stringify(within.map((name) => row[name]));
      const n = taken.get(group) ?? 0;
      if (n >= t.n || row[t.by] === null) continue;
      taken.set(group, n + 1);
      members.push(names.map((name) => row[name]!));
    }
    kept.push({ keys, names, members });
  }
  if (asked.length === 0) return { kept, others: undefined };
  const others: { level: readonly string[]; row: Row }[] = [];
  for (const out of choices(asked)) {
    const level = dimensions.filter((d) => !out.some((i) => top[i]!.dimension === d));
    const places = kept.map((k, i): Filter => (out.includes(i) ? { not: inside(k) } : inside(k)));
    const rest = await engine.query({ ...base, dimensions: level, filters: [...filters, ...places], ...(query.compare && { compare: query.compare }), limit: 1_000_000 }, options);
    others.push(...rest.rows.map((row) => ({ level, row })));
  }
  return { kept, others };
}

function refuse(top: NonNullable<Query["top"]>, asked: readonly number[]): void {
  if (asked.length > MOST_WITH_OTHERS) throw new TesseraError("query-invalid", `others of ${asked.length} tops would be ${2 ** asked.length - 1} questions`, { place: `$.top[${asked[MOST_WITH_OTHERS]!}].others`, remedy: `ask for the others of ${MOST_WITH_OTHERS} at most` });
  const twice = asked.find((i) => top.some((t, other) => other !== i && t.dimension === top[i]!.dimension));
  if (twice !== undefined) throw new TesseraError("query-invalid", `${top[twice]!.dimension} is ranked twice, so its others have no one meaning`, { place: `$.top[${twice}].others`, remedy: "rank it once, or leave others out" });
}

/** Every choice of at least one, single ones first. */
function choices(of: readonly number[]): number[][] {
  return Array.from({ length: 2 ** of.length - 1 }, (_, n) => of.filter((_, bit) => ((n + 1) >> bit) & 1)).sort((a, b) => a.length - b.length);
}

/** These members; where they are kept within others, each only there. */
function inside({ names, members }: Kept): Filter {
  if (names.length === 1) return { member: names[0]!, operator: "in", values: members.map(([value]) => value!) };
  const groups = new Map<string, { readonly group: readonly Value[]; readonly kept: Value[] }>();
  for (const member of members) {
    const group = member.slice(0, -1);
    const key = JSON.stringify(group);
    if (!groups.has(key)) groups.set(key, { group, kept: [] });
    groups.get(key)!.kept.push(member.at(-1)!);
  }
  if (groups.size === 0) return { member: names.at(-1)!, operator: "in", values: [] };
  return { or: [...groups.values()].map(({ group, kept }) => ({ and: [...group.map((value, i): Filter => ({ member: names[i]!, operator: "equals", values: [value] })), { member: names.at(-1)!, operator: "in" as const, values: kept }] })) };
}
