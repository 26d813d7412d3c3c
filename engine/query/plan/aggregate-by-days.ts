/** Facts that meet the windows of days of the cells they count in. Leaves under different windows are read in one scan, each counting its own days. */
import { isPeriod } from "../../model/time/calendar.ts";
import type { DateLevel } from "../../model/dimension.ts";
import {
  binary,
  call,
  column,
  dayLiteral,
  equals,
  integer,
  type Expr,
  type Relation,
  type Select,
} from "../../sql/tree.ts";
import { isKeyOf, timeLiteral, windowsOf, type CellWindow } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
import {
  aggregate,
  grouped,
  inputs,
  key,
  reaggregate,
  selectFrom,
  semiAdditive,
  sourceOf,
  union,
  weighed,
  type Subplan,
} from "./fact-parts.ts";
import { unite } from "../time/day-set.ts";
import { withoutDays } from "../resolve/asked-days.ts";
import { groupingNumber, type GroupingSet } from "../language/grouping.ts";
import { hourly } from "./aggregate-by-hours.ts";
import { hourChange } from "../windows/hour-windows.ts";
import { isAdditive } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import { approximated, isApproximate } from "../scan/registers.ts";
import { asDates, monthStart } from "../binding/period-numbers.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";
import { movedCells, type SidePeriods } from "../windows/moved-cells.ts";
import { daysRead, windowPeriods, type WindowPeriods } from "../windows/window-periods.ts";
import { finest } from "../time/time-cells.ts";

/** Leaves under the same windows. */
interface Side {
  readonly leaves: readonly Leaf[];
  readonly cells: readonly CellWindow[];
}

/** @param sets that are spread by the same time keys; additive measures are first brought to one row a day, or a period where the windows are made of periods */
export function windowed(
  plan: Subplan,
  sets: readonly GroupingSet[],
  role: string,
  query: ResolvedQuery,
  context: PlanContext,
): Select[] {
  const [first] = plan.leaves as [Leaf];
  const change = hourChange(first);
  if (change) return hourly(plan, sets, role, change, query, context);
  const sides = sidesOf(plan.leaves).map(
    (leaves): Side => ({ leaves, cells: windowsOf(plan.cube, leaves[0]!, sets[0]!, role, query, context) }),
  );
  const windows = sides.flatMap(({ cells }) => cells.flatMap((cell) => cell.days));
  // a range that begins after a window's last day leaves nothing of it
  if (windows.length === 0) return nothing(plan, sets, query.keys.length);
  const timeKeys = sets[0]!.filter((i) => isKeyOf(query.keys[i]!, role));
  const positions = union(sets);
  const others = positions.filter((i) => !timeKeys.includes(i));
  const source = sourceOf(plan, context);
  for (const condition of withoutDays(plan.rows, role)) source.filter(condition);
  const semi = first.measure.kind === "semi_additive";
  const aggregated = plan.rollup
    ? (leaf: Leaf, _weight: Expr | null, alias = "x", within: Expr | null = null) => reaggregate(leaf, alias, within)
    : aggregate;
  // the same measure under two windows is taken from the facts once
  const taken = new Map<string, Leaf>();
  for (const leaf of plan.leaves) if (!taken.has(leaf.member)) taken.set(leaf.member, leaf);
  const input = (leaf: Leaf): Leaf => taken.get(leaf.member)!;
  const once: Subplan = { ...plan, leaves: [...taken.values()] };
  const own = [
    ...others.map((i) => ({ expr: source.attribute(query.keys[i]!), as: key(i) })),
    ...inputs(once, source, query, context).filter((c) => c.as !== "d"),
  ];
  const weigh = source.weight();
  if (weigh) own.push({ expr: weigh, as: "w" });
  const weight = weigh ? column("x", "w") : null;

  if (timeKeys.length === 0) {
    // a window each needs no join
    const [read, exact] = [daysRead(windows), unite(windows)];
    source.within(role, read);
    if (sides.length === 1 && read.length < exact.length) source.within(role, exact);
    const apart =
      sides.length === 1
        ? []
        : sides.map(({ cells }, n) => ({
            expr: source.inside(
              role,
              cells.flatMap((cell) => cell.days),
            ),
            as: `s${n}`,
          }));
    const x = selectFrom(source, [...own, ...apart, ...(semi ? [{ expr: source.day(role), as: "d" }] : [])]);
    if (semi && !isAverage(first)) return [semiAdditive(plan, sets[0]!, x, query, weight)];
    if (isApproximate(first)) return [approximated(first, x, positions, sets, query.keys.length, plan.rollup !== null)];
    const days = integer(sides[0]!.cells[0]?.length ?? 1);
    return [
      grouped(
        sides.flatMap(({ leaves }, n) =>
          leaves.map((leaf) => ({
            as: leaf.column,
            expr: isAverage(leaf)
              ? averaged(leaf, days, weight)
              : aggregated(input(leaf), weight, "x", apart.length > 0 ? column("x", `s${n}`) : null),
          })),
        ),
        { t: "select", select: x, as: "x" },
        "x",
        positions,
        sets,
        query.keys.length,
      ),
    ];
  }

  const { calendar } = context.catalog.roles.get(role)!.dimension;
  const made = semi ? null : windowPeriods(windows, calendar!, context.spanOf(plan.cube.name, role));
  source.within(role, made?.days ?? daysRead(windows));
  const twice = plan.leaves.every(isAdditive);
  const levels = timeKeys.map(
    (i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel,
  );
  // days are few beside the rows, and the period of a day is told sooner than that of each row; where periods are those of the cells, every day moves as they do
  const daily = others.length === 0 && made !== null && levels.every(isPeriod) && made.level === finest(levels);
  const moved =
    made && twice && daysRead(windows).length === unite(windows).length
      ? movedCells(periodsOf(sides, made), made.level, levels, calendar!, daily)
      : null;
  let x = selectFrom(source, [
    ...own,
    { expr: source.period(role, moved && daily ? "day" : (made?.level ?? "day"), calendar!), as: "d" },
  ]);
  if (twice) {
    const by = [...others.map((i) => column("y", key(i))), column("y", "d")];
    x = {
      t: "select",
      from: { t: "select", select: x, as: "y" },
      groupBy: { keys: by },
      columns: [
        ...others.map((i) => ({ expr: column("y", key(i)), as: key(i) })),
        { expr: column("y", "d"), as: "d" },
        ...once.leaves.map((leaf) => ({
          as: leaf.column,
          expr: aggregated(leaf, weigh ? column("y", "w") : null, "y"),
        })),
      ],
    };
  }
  const again = (leaf: Leaf, within: Expr | null): Expr => {
    const name =
      leaf.measure.kind === "aggregate" && (leaf.measure.aggregate === "min" || leaf.measure.aggregate === "max")
        ? leaf.measure.aggregate
        : "sum";
    const of = column("x", input(leaf).column);
    // of few rows, a filter of its own for each sum costs more than the sums
    return {
      t: "aggregate",
      name,
      of: within ? { t: "case", whens: [{ when: within, then: of }], otherwise: null } : of,
      filter: null,
    };
  };
  const joined: Select = moved
    ? {
        t: "select",
        columns: [
          ...timeKeys.map((i, n) => ({ expr: moved.monthNumber ?? moved.keys[n]!, as: key(i) })),
          ...(moved.side ? [{ expr: moved.side, as: "side" }] : []),
          { expr: { t: "star", of: "y" }, as: "*" },
        ],
        from: { t: "select", select: x, as: "y" },
      }
    : meeting(x, sides, timeKeys, levels, made, isAverage(first));
  if (semi && !isAverage(first)) return [semiAdditive(plan, sets[0]!, joined, query, weight)];
  if (isApproximate(first))
    return [approximated(first, joined, positions, sets, query.keys.length, plan.rollup !== null)];
  const days: Expr = { t: "aggregate", name: "max", of: column("x", "days"), filter: null };
  const measures = sides.flatMap(({ leaves }, n) => {
    const within = sides.length > 1 ? equals(column("x", "side"), integer(n)) : null;
    return leaves.map((leaf) => ({
      as: leaf.column,
      expr: isAverage(leaf)
        ? averaged(leaf, days, weight)
        : twice
          ? again(leaf, within)
          : aggregated(input(leaf), weight, "x", within),
    }));
  });
  const cells = grouped(measures, { t: "select", select: joined, as: "x" }, "x", positions, sets, query.keys.length);
  return [asDates(cells, new Map(moved?.monthNumber ? [[key(timeKeys[0]!), monthStart]] : []))];
}

/** The periods of each side, with the cells that they count in. */
function periodsOf(sides: readonly Side[], made: WindowPeriods): SidePeriods[] {
  let at = 0;
  return sides.map(({ cells }) =>
    cells.flatMap(({ values, days }) => days.flatMap(() => made.periods[at++]!.map((start) => ({ start, values })))),
  );
}

/** Facts beside the cells that they count in: by an equal period, or by a range of days. */
function meeting(
  x: Select,
  sides: readonly Side[],
  timeKeys: readonly number[],
  levels: readonly DateLevel[],
  made: WindowPeriods | null,
  average: boolean,
): Select {
  // a value that repeats, as a day of the week does, is many cells of one row
  const lengths = new Map<string, number>();
  for (const { values, length } of sides[0]!.cells)
    lengths.set(JSON.stringify(values), (lengths.get(JSON.stringify(values)) ?? 0) + length);
  let at = 0;
  const rows = sides.flatMap(({ cells }, n) =>
    cells.flatMap((cell) => {
      const bounds = cell.days.flatMap((range) =>
        made
          ? made.periods[at++]!.map((start) => [dayLiteral(start)])
          : [[dayLiteral(range.from), dayLiteral(range.until)]],
      );
      return bounds.map((days) => [
        ...cell.values.map((v, i) => timeLiteral(v, levels[i]!)),
        ...days,
        ...(average ? [integer(lengths.get(JSON.stringify(cell.values))!)] : []),
        ...(sides.length > 1 ? [integer(n)] : []),
      ]);
    }),
  );
  const extra = [...(average ? ["days"] : []), ...(sides.length > 1 ? ["side"] : [])];
  const spine: Relation = {
    t: "values",
    as: "s",
    columns: [...timeKeys.map(key), "from", ...(made ? [] : ["until"]), ...extra],
    rows,
  };
  const on = made
    ? equals(column("y", "d"), column("s", "from"))
    : binary(
        "and",
        binary(">=", column("y", "d"), column("s", "from")),
        binary("<=", column("y", "d"), column("s", "until")),
      );
  return {
    t: "select",
    columns: [
      ...timeKeys.map((i) => ({ expr: column("s", key(i)), as: key(i) })),
      ...extra.map((as) => ({ expr: column("s", as), as })),
      { expr: { t: "star" as const, of: "y" }, as: "*" },
    ],
    from: { t: "select", select: x, as: "y" },
    joins: [{ kind: "inner", to: spine, on }],
  };
}

function sidesOf(leaves: readonly Leaf[]): Leaf[][] {
  const sides = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const frames = JSON.stringify([leaf.frames, leaf.rest?.id]);
    sides.set(frames, [...(sides.get(frames) ?? []), leaf]);
  }
  return [...sides.values()];
}

/** No window has a day: there are no rows, but the grand total stands. */
function nothing(plan: Subplan, sets: readonly GroupingSet[], keys: number): Select[] {
  if (!sets.some((set) => set.length === 0)) return [];
  const none: Expr = { t: "null" };
  return [
    {
      t: "select",
      columns: [
        ...Array.from({ length: keys }, (_, i) => ({ expr: none, as: key(i) })),
        { expr: integer(groupingNumber([], keys)), as: "g" },
        ...plan.leaves.map((leaf) => ({ expr: none, as: leaf.column })),
      ],
    },
  ];
}

const isAverage = (leaf: Leaf): boolean => leaf.measure.kind === "semi_additive" && leaf.measure.take === "average";
const averaged = (leaf: Leaf, days: Expr, weight: Expr | null): Expr =>
  call(
    "divide",
    {
      t: "aggregate",
      name: "sum",
      of: weighed(column("x", `a_${leaf.column}`), weight),
      filter: leaf.where ? column("x", `b_${leaf.column}`) : null,
    },
    days,
  );
