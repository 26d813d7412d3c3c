/** Down and up a hierarchy: what a click on a member leads to, and the way back as breadcrumbs. */
import type { CatalogView, RoleView } from "../../../engine/model/catalog-view.ts";
import type { Value } from "../../../engine/model/query.ts";
import type { Condition, ExploreState } from "./state.ts";

const roleOf = (member: string, catalog: CatalogView): RoleView | undefined =>
  catalog.roles.find((r) => r.name === member.split(".")[0]);

/** The hierarchy that `member` lies in; of several the one that more of the state's members lie in. */
const hierarchyOf = (
  member: string,
  state: ExploreState,
  catalog: CatalogView,
): { readonly name: string; readonly levels: readonly string[] } | undefined => {
  const used = new Set([...state.by, ...state.where.map((c) => c.member)]);
  const found = Object.entries(roleOf(member, catalog)?.hierarchies ?? {}).filter(([, levels]) =>
    levels.includes(member),
  );
  return found
    .map(([name, levels]) => ({ name, levels, weight: levels.filter((l) => used.has(l)).length }))
    .sort((a, b) => b.weight - a.weight)[0];
};

/** The level below `member`, if its hierarchy has one. */
export const nextLevel = (member: string, state: ExploreState, catalog: CatalogView): string | undefined => {
  const hierarchy = hierarchyOf(member, state, catalog);
  return hierarchy?.levels[hierarchy.levels.indexOf(member) + 1];
};

const text = (value: Value): string | null => (value === null ? null : String(value));

/**
 * The state after a click on `value` of `member`: filtered to it, and one level further down where there is one.
 * `outer` are the members above it in the same row, which the filter needs where they belong to the same hierarchy.
 */
export const drillDown = (
  state: ExploreState,
  member: string,
  value: Value,
  catalog: CatalogView,
  outer: readonly (readonly [string, Value])[] = [],
): ExploreState => {
  const hierarchy = hierarchyOf(member, state, catalog);
  const index = hierarchy?.levels.indexOf(member) ?? -1;
  const next = hierarchy?.levels[index + 1];
  const added: Condition[] = [
    ...outer.filter(([m]) => hierarchy?.levels.slice(0, index).includes(m)),
    [member, value] as const,
  ].map(([m, v]) => ({ member: m, operator: "equals", values: [text(v)] }));
  const gone = new Set(added.map((c) => c.member));
  const place = (dimensions: readonly string[]): string[] => {
    if (next === undefined) return [...dimensions];
    const upper = hierarchy!.levels.slice(0, index);
    const below = dimensions.includes(next) ? [] : [next];
    return dimensions.filter((d) => !upper.includes(d)).flatMap((d) => (d === member ? below : [d]));
  };
  const across = state.across === member && next !== undefined ? next : state.across;
  return {
    ...state,
    limit: null,
    where: [...state.where.filter((c) => !gone.has(c.member)), ...added],
    by: place(state.by),
    across,
    sort:
      state.sort && !state.measures.includes(state.sort.member.replace(/\.(previous|change|change_rate)$/, ""))
        ? null
        : state.sort,
  };
};

export interface Crumb {
  readonly label: string;
  readonly value: string | null;
  readonly member: string;
  readonly state: ExploreState | null;
}
export interface Trail {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
}

/**
 * One trail for each hierarchy that filters have led down: all › Germany › North, each crumb with the state it goes
 * back to.
 */
export const trails = (state: ExploreState, catalog: CatalogView): Trail[] => {
  const out: Trail[] = [];
  const seen = new Set<string>();
  for (const dimension of [...state.by, ...(state.across ? [state.across] : [])]) {
    const hierarchy = hierarchyOf(dimension, state, catalog);
    const role = roleOf(dimension, catalog);
    if (!hierarchy || !role || seen.has(`${role.name}/${hierarchy.name}`)) continue;
    seen.add(`${role.name}/${hierarchy.name}`);
    const depth = hierarchy.levels.indexOf(dimension);
    const steps = hierarchy.levels.slice(0, depth).flatMap((level) => {
      const c = state.where.find((w) => w.member === level && w.operator === "equals" && w.values.length === 1);
      return c ? [{ level, value: c.values[0] ?? null }] : [];
    });
    if (steps.length === 0) continue;
    const back = (level: string): ExploreState => {
      const from = hierarchy.levels.indexOf(level);
      const below = new Set(hierarchy.levels.slice(from));
      return {
        ...state,
        where: state.where.filter((c) => !below.has(c.member)),
        by: state.by.map((d) => (d === dimension ? level : d)),
        across: state.across === dimension ? level : state.across,
      };
    };
    const title = (level: string): string => role.attributes.find((a) => a.member === level)?.title ?? level;
    out.push({
      title: role.title,
      crumbs: [
        { label: `All: ${title(steps[0]!.level)}`, value: null, member: steps[0]!.level, state: back(steps[0]!.level) },
        ...steps.map((step, i) => ({
          label: title(step.level),
          value: step.value,
          member: step.level,
          state: i === steps.length - 1 ? null : back(steps[i + 1]!.level),
        })),
      ],
    });
  }
  return out;
};
