/**
 * The answer as a grid: a tree of members with their subtotals down the side, one dimension across, totals at the
 * ends.
 */
import type { Column, Result, Row, Value } from "../../../engine/model/query.ts";
import { isTime, measureOf, shownColumns, type ShownColumn } from "../../charts/index.ts";
import type { ExploreState } from "./state.ts";

export interface GridColumn {
  readonly shown: ShownColumn;
  /** the member of the dimension across; undefined in a plain table and in the total's columns */
  readonly across?: Value;
  readonly isTotal: boolean;
}

export interface GridRow {
  /** one member for each dimension spread out */
  readonly members: readonly Value[];
  readonly depth: number;
  readonly kind: "row" | "subtotal" | "total" | "others";
  readonly cells: readonly (Value | undefined)[];
}

export interface Grid {
  readonly dimensions: readonly Column[];
  readonly acrossColumn: Column | null;
  readonly acrossMembers: readonly Value[];
  readonly columns: readonly GridColumn[];
  readonly rows: readonly GridRow[];
  /** subtotals stand above their rows, members in one indented column */
  readonly tree: boolean;
  /** the rows come in the order of their first dimension */
  readonly ownOrder: boolean;
  /** members across that found no room */
  readonly acrossLeft: number;
}

/** Members laid out across at most. */
export const MOST_ACROSS = 36;

const keyOf = (values: readonly (Value | undefined)[]): string => JSON.stringify(values.map((v) => v ?? null));

const compareValues = (a: Value | undefined, b: Value | undefined, direction: "asc" | "desc"): number => {
  const x = a ?? null,
    y = b ?? null;
  if (x === y) return 0;
  if (x === null) return 1;
  if (y === null) return -1;
  const numbers = Number.isFinite(Number(x)) && Number.isFinite(Number(y)) && typeof x !== "boolean";
  const byText = String(x) < String(y) ? -1 : 1;
  const order = numbers ? Number(x) - Number(y) : byText;
  return direction === "desc" ? -order : order;
};

/** Lookup of rows by their members, for each set of dimensions spread out. */
const indexed = (result: Result, dimensions: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, Row>> => {
  const levels = new Map<string, Map<string, Row>>();
  const add = (level: readonly string[], row: Row): void => {
    const names = dimensions.filter((d) => level.includes(d));
    const key = names.join("\n");
    let rows = levels.get(key);
    if (!rows) levels.set(key, (rows = new Map()));
    rows.set(keyOf(names.map((n) => row[n])), row);
  };
  for (const row of result.rows) add(dimensions, row);
  for (const total of result.totals ?? []) add(total.level, total.row);
  return levels;
};

/** @param words titles of compared columns; default English */
export const buildGrid = (
  result: Result,
  state: ExploreState,
  words?: Parameters<typeof shownColumns>[1],
  mostAcross = MOST_ACROSS,
  isOrdered: (dimension: Column) => boolean = isTime,
): Grid => {
  const dimensions = result.columns.filter((c) => c.kind === "dimension");
  const acrossColumn = state.across ? (dimensions.find((c) => c.name === state.across) ?? null) : null;
  const down = dimensions.filter((c) => c !== acrossColumn);
  const names = [...down.map((c) => c.name), ...(acrossColumn ? [acrossColumn.name] : [])];
  const shown = shownColumns(
    result.columns.filter((c) => c.kind === "measure"),
    words,
  );
  const levels = indexed(result, names);
  const find = (spread: readonly string[], values: readonly Value[]): Row | undefined =>
    levels.get(spread.join("\n"))?.get(keyOf(values));
  const primary = shown.find((s) => !s.derived)?.column.name;
  const sort =
    state.sort ?? (down[0] && !isOrdered(down[0]) && primary ? { member: primary, direction: "desc" as const } : null);

  let acrossMembers: Value[] = [];
  let acrossLeft = 0;
  if (acrossColumn) {
    const seen = new Set<Value>(result.rows.map((row) => row[acrossColumn.name] ?? null));
    const all = [...seen];
    const totalOf = (v: Value): Value | undefined => (primary ? find([acrossColumn.name], [v])?.[primary] : undefined);
    // an order of its own is that of the rows
    if (isTime(acrossColumn)) acrossMembers = all.sort((a, b) => compareValues(a, b, "asc"));
    else if (isOrdered(acrossColumn)) acrossMembers = all;
    else acrossMembers = all.sort((a, b) => compareValues(totalOf(a), totalOf(b), "desc"));
    acrossLeft = Math.max(0, acrossMembers.length - mostAcross);
    acrossMembers = acrossMembers.slice(0, mostAcross);
  }
  const columns: GridColumn[] = acrossColumn
    ? [
        ...acrossMembers.flatMap((across) => shown.map((s) => ({ shown: s, across, isTotal: false }))),
        ...(state.totals ? shown.map((s) => ({ shown: s, isTotal: true })) : []),
      ]
    : shown.map((s) => ({ shown: s, isTotal: false }));

  const cellsOf = (members: readonly Value[]): (Value | undefined)[] => {
    const spread = down.slice(0, members.length).map((c) => c.name);
    return columns.map((column) => {
      const row =
        acrossColumn && !column.isTotal
          ? find([...spread, acrossColumn.name], [...members, column.across ?? null])
          : find(spread, members);
      return row?.[column.shown.column.name];
    });
  };
  // the row by which a member is sorted: without the dimension across where totals know it, else its first cell
  const sortValue = (members: readonly Value[]): Value | undefined => {
    if (!sort) return undefined;
    const spread = down.slice(0, members.length).map((c) => c.name);
    const own = find(spread, members);
    if (own && own[sort.member] !== undefined) return own[sort.member];
    if (!acrossColumn) return undefined;
    return find([...spread, acrossColumn.name], [...members, acrossMembers[0] ?? null])?.[sort.member];
  };

  const byMeasure = sort !== null && shown.some((s) => measureOf(s.column.name) === measureOf(sort.member));
  const tree = state.totals && down.length > 1;
  const rows: GridRow[] = [];
  const children = new Map<string, Value[]>();
  for (const row of result.rows) {
    const members = down.map((c) => row[c.name] ?? null);
    for (let depth = 0; depth < members.length; depth++) {
      const key = keyOf(members.slice(0, depth));
      const known = children.get(key);
      const member = members[depth]!;
      if (!known) children.set(key, [member]);
      else if (!known.includes(member)) known.push(member);
    }
  }
  const sortedChildren = (path: readonly Value[]): Value[] => {
    const members = children.get(keyOf(path)) ?? [];
    if (sort && byMeasure && (state.totals || down.length === path.length + 1))
      return [...members].sort((a, b) =>
        compareValues(sortValue([...path, a]), sortValue([...path, b]), sort.direction),
      );
    const dimension = down[path.length];
    if (!sort && dimension && isTime(dimension)) return [...members].sort((a, b) => compareValues(a, b, "asc"));
    return members;
  };
  const walk = (path: readonly Value[]): void => {
    const leaf = path.length === down.length;
    if (path.length > 0 && (leaf || tree))
      rows.push({ members: path, depth: path.length - 1, kind: leaf ? "row" : "subtotal", cells: cellsOf(path) });
    if (!leaf) for (const member of sortedChildren(path)) walk([...path, member]);
  };
  if (!tree && sort && byMeasure && down.length > 1) {
    // without subtotals the rows stand as the query ordered them
    const seen = new Set<string>();
    for (const row of result.rows) {
      const members = down.map((c) => row[c.name] ?? null);
      const key = keyOf(members);
      if (!seen.has(key)) {
        seen.add(key);
        rows.push({ members, depth: 0, kind: "row", cells: cellsOf(members) });
      }
    }
  } else if (down.length > 0) walk([]);
  else if (result.rows.length > 0) rows.push({ members: [], depth: 0, kind: "row", cells: cellsOf([]) });

  for (const other of result.others ?? [])
    if (other.level.length === 0)
      rows.push({ members: [], depth: 0, kind: "others", cells: columns.map((c) => other.row[c.shown.column.name]) });
  if (state.totals && down.length > 0 && find([], []) !== undefined)
    rows.push({ members: [], depth: 0, kind: "total", cells: cellsOf([]) });
  return {
    dimensions: down,
    acrossColumn,
    acrossMembers,
    columns,
    rows,
    tree,
    acrossLeft,
    ownOrder: down[0] !== undefined && isOrdered(down[0]),
  };
};
