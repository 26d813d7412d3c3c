/**
 * Facts that meet the windows of days of the cells they count in. Leaves under different windows are read in one scan,
 * each counting its own days.
 */
import { at, first } from "../../../lookup.ts";
import { AGGREGATES } from "../../../model/aggregates.ts";
import { calendarOf } from "../../../model/catalog.ts";
import { isPeriod } from "../../../model/time/calendar.ts";
import { call, column, equals, integer, NULL, type Expr, type Select } from "../../../sql/tree.ts";
import { asDates, monthStart } from "../../binding/period-numbers.ts";
import { groupingNumber, type GroupingSet } from "../../language/grouping.ts";
import { isAdditive } from "../../resolve/leaf.ts";
import type { Leaf } from "../../resolve/nodes.ts";
import { approximated, isApproximate } from "../../scan/registers.ts";
import { unite } from "../../time/day-set.ts";
import { finest } from "../../time/time-cells.ts";
import type { Along } from "../../windows/along.ts";
import { hourChange } from "../../windows/hour-windows.ts";
import { movedCells, type MovedCells, type SidePeriods } from "../../windows/moved-cells.ts";
import { daysRead, windowPeriods, type WindowPeriods } from "../../windows/window-periods.ts";
import { aggregateByHours } from "./aggregate-by-hours.ts";
import { dayScan, weightOf, type DayScan, type Side } from "./day-scan.ts";
import {
  grouped,
  key,
  selectFrom,
  semiAdditive,
  weighed,
  type Column,
  type FactPlan,
  type Shape,
} from "./fact-parts.ts";
import { joinCells } from "./join-cells.ts";
import type { PlanContext } from "../plan-context.ts";

/**
 * The SELECTs of leaves under windows.
 * @param sets that have the same time keys. Additive measures are first brought to one row a day, or a period where the
 *   windows are made of periods
 */
export function aggregateByDays(
  plan: FactPlan,
  sets: readonly GroupingSet[],
  along: Along,
  query: Shape,
  context: PlanContext,
): Select[] {
  const change = hourChange(first(plan.leaves));
  if (change) return aggregateByHours(plan, sets, along, change, query, context);
  const scan = dayScan(plan, sets, along, query, context);
  // a range that begins after a window's last day leaves nothing of it
  if (scan.windows.length === 0) return nothing(plan, sets, query.keys.length);
  return [scan.timeKeys.length === 0 ? withoutTimeKeys(scan) : byCells(scan)];
}

/** One window for each side: no cells have to be joined. */
function withoutTimeKeys(scan: DayScan): Select {
  const { plan, sets, query, sides, source, positions } = scan;
  const { role } = scan.along;
  const leaf = first(plan.leaves);
  const semi = leaf.measure.kind === "semi_additive";
  const [read, exact] = [daysRead(scan.windows), unite(scan.windows)];
  source.within(role, read);
  if (sides.length === 1 && read.length < exact.length) source.within(role, exact);
  const apart =
    sides.length === 1
      ? []
      : sides.map(({ cells }, n) => {
          const days = cells.flatMap((cell) => cell.days);
          return { expr: source.inside(role, days), as: `s${n}` };
        });
  const day = semi ? [{ expr: source.day(role), as: "d" }] : [];
  const x = selectFrom(source, [...scan.columns, ...apart, ...day]);
  const weight = weightOf(scan, "x");
  if (semi && !isAverage(leaf)) return semiAdditive(plan, first(sets), x, query, weight);
  if (isApproximate(leaf)) return approximated(leaf, x, positions, sets, query.keys.length, plan.rollup !== null);
  const days = integer(first(sides).cells[0]?.length ?? 1);
  return groupedSides(scan, x, (side, within) =>
    isAverage(side)
      ? averaged(side, days, weight)
      : scan.aggregate(scan.taken(side), weight, "x", apart.length > 0 ? within : null),
  );
}

/** Cells by time: facts are brought to days or periods, which then meet their cells. */
function byCells(scan: DayScan): Select {
  const { plan, sets, query, context, sides, windows, source, timeKeys, positions, others } = scan;
  const { role } = scan.along;
  const leaf = first(plan.leaves);
  const semi = leaf.measure.kind === "semi_additive";
  const calendar = calendarOf(context.catalog, role);
  const periods = plan.hints.includes("periods_first")
    ? windowPeriods(windows, calendar, context.spanOf(plan.cube.name, role))
    : null;
  source.within(role, periods?.days ?? daysRead(windows));
  const twice = plan.hints.includes("periods_first") && plan.leaves.every(isAdditive);
  const levels = timeKeys.map(({ level }) => level);
  // days are few next to the rows, and the period of a day is computed sooner than that of each row; where the periods
  // are those of the cells, every day moves as its period does
  const daily = others.length === 0 && periods !== null && levels.every(isPeriod) && periods.level === finest(levels);
  const moved =
    periods && plan.hints.includes("cells_by_moving") && daysRead(windows).length === unite(windows).length
      ? movedCells(periodsOf(sides, periods), periods.level, levels, calendar, daily)
      : null;
  const level = moved && daily ? "day" : (periods?.level ?? "day");
  const rows = selectFrom(source, [...scan.columns, { expr: source.period(role, level, calendar), as: "d" }]);
  const x = twice ? byPeriod(scan, rows) : rows;
  const joined = moved ? withMovedCells(scan, x, moved) : joinCells(x, sides, timeKeys, periods, isAverage(leaf));
  const weight = weightOf(scan, "x");
  if (semi && !isAverage(leaf)) return semiAdditive(plan, first(sets), joined, query, weight);
  if (isApproximate(leaf)) return approximated(leaf, joined, positions, sets, query.keys.length, plan.rollup !== null);
  const days: Expr = { t: "aggregate", name: "max", of: column("x", "days"), filter: null };
  const cells = groupedSides(scan, joined, (side, within) => {
    if (isAverage(side)) return averaged(side, days, weight);
    const input = scan.taken(side);
    return twice ? again(input, within) : scan.aggregate(input, weight, "x", within);
  });
  return asDates(cells, new Map(moved?.monthNumber ? [[key(first(timeKeys).position), monthStart]] : []));
}

/** The rows of additive leaves, brought to one row for each period and combination of the other keys. */
function byPeriod(scan: DayScan, rows: Select): Select {
  const keys = scan.others.map((i) => ({ expr: column("y", key(i)), as: key(i) }));
  const period = { expr: column("y", "d"), as: "d" };
  return {
    t: "select",
    from: { t: "select", select: rows, as: "y" },
    groupBy: { keys: [...keys, period].map(({ expr }) => expr) },
    columns: [
      ...keys,
      period,
      ...scan.inputs.map((leaf) => ({ as: leaf.column, expr: scan.aggregate(leaf, weightOf(scan, "y"), "y") })),
    ],
  };
}

/** The aggregate of parts that were aggregated by period. */
function again({ measure, column: name }: Leaf, within: Expr | null): Expr {
  const merge = measure.kind === "aggregate" ? AGGREGATES[measure.aggregate].merge : null;
  const of = column("x", name);
  // of few rows, a filter of its own for each sum costs more than the sums
  return {
    t: "aggregate",
    name: merge ?? "sum",
    of: within ? { t: "case", whens: [{ when: within, then: of }], otherwise: null } : of,
    filter: null,
  };
}

function withMovedCells({ timeKeys }: DayScan, x: Select, moved: MovedCells): Select {
  return {
    t: "select",
    columns: [
      ...timeKeys.map(({ position }, n) => ({ expr: moved.monthNumber ?? at(moved.keys, n), as: key(position) })),
      ...(moved.side ? [{ expr: moved.side, as: "side" }] : []),
      { expr: { t: "star", of: "y" }, as: "*" },
    ],
    from: { t: "select", select: x, as: "y" },
  };
}

/** The leaves of all sides at the grouping sets. @param expr takes a leaf, and which rows are of its side; null: all */
function groupedSides(scan: DayScan, x: Select, expr: (leaf: Leaf, within: Expr | null) => Expr): Select {
  const { sides, timeKeys, positions, sets, query } = scan;
  const measures = sides.flatMap(({ leaves }, n): Column[] => {
    const several = timeKeys.length === 0 ? column("x", `s${n}`) : equals(column("x", "side"), integer(n));
    return leaves.map((leaf) => ({ as: leaf.column, expr: expr(leaf, sides.length > 1 ? several : null) }));
  });
  return grouped(measures, { t: "select", select: x, as: "x" }, "x", positions, sets, query.keys.length);
}

/** The periods of each side, with the cells that they count in. */
function periodsOf(sides: readonly Side[], { periods }: WindowPeriods): SidePeriods[] {
  let window = 0;
  return sides.map(({ cells }) =>
    cells.flatMap(({ values, days }) => days.flatMap(() => at(periods, window++).map((start) => ({ start, values })))),
  );
}

/** No window has a day: there are no rows but the grand total. */
function nothing(plan: FactPlan, sets: readonly GroupingSet[], keys: number): Select[] {
  if (!sets.some((set) => set.length === 0)) return [];
  return [
    {
      t: "select",
      columns: [
        ...Array.from({ length: keys }, (_, i) => ({ expr: NULL, as: key(i) })),
        { expr: integer(groupingNumber([], keys)), as: "g" },
        ...plan.leaves.map((leaf) => ({ expr: NULL, as: leaf.column })),
      ],
    },
  ];
}

const isAverage = (leaf: Leaf): boolean => leaf.measure.kind === "semi_additive" && leaf.measure.take === "average";

/** An average over time: the sum, divided by the days of the cell. */
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
