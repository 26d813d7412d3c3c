/** Which cells of a result have a window to look in. */
import { at, first, last } from "../../lookup.ts";
import { calendarOf } from "../../model/catalog.ts";
import { isPeriod } from "../../model/time/calendar.ts";
import { all, any, binary, column, equals, notNull, FALSE, TRUE, type Expr } from "../../sql/tree.ts";
import type { Leaf } from "../resolve/nodes.ts";
import { finest, timeCells, type TimeCell } from "../time/time-cells.ts";
import type { Along } from "./along.ts";
import { cellWindows } from "./cell-windows.ts";
import { hourChange } from "./hour-windows.ts";
import { timeLiteral, type TimeKey } from "./time-keys.ts";
import type { WindowContext } from "./window-context.ts";

const keyColumn = ({ position }: TimeKey): Expr => column(null, `k${position}`);

/**
 * Whether a cell of the result has a window, as a condition on its time keys; null: all have one. None has the 31st
 * shifted into a month of 30, week 53 of a year of 52, the third month against a range of two, or an unknown date.
 */
export function windowCondition(
  leaf: Leaf,
  keys: readonly TimeKey[],
  along: Along,
  context: WindowContext,
): Expr | null {
  if (leaf.frames.length === 0 || keys.length === 0) return null;
  if (hourChange(leaf)) return notNull(keyColumn(first(keys)));
  const { days } = along;
  if (days.length === 0) return FALSE;
  const windows = cellWindows(leaf, keys, along, context);
  const looked = new Map(windows.map((cell) => [JSON.stringify(cell.values), cell.values]));
  const levels = keys.map((key) => key.level);
  const periods = levels.filter(isPeriod);
  if (periods.length === 0) return isOneOf(keys, [...looked.values()]);
  const cells = timeCells(calendarOf(context.catalog, along.role), levels, days);
  const missing = cells.flatMap(({ values }) => (looked.has(JSON.stringify(values)) ? [] : [values]));
  // within a range that the query asks for, every row has a date in it
  const bounds = along.bounded ? null : inRange(keys, cells, levels.indexOf(finest(periods)));
  if (missing.length === 0) return bounds;
  return all([bounds, { t: "not", of: isOneOf(keys, missing) }]);
}

/** Whether the keys have one of some combinations of values. */
function isOneOf(keys: readonly TimeKey[], cells: readonly TimeCell["values"][]): Expr {
  const [only, another] = keys;
  if (only && !another)
    return { t: "in", of: keyColumn(only), values: cells.map((values) => timeLiteral(first(values), only.level)) };
  const is = (values: TimeCell["values"]): Expr =>
    all(values.map((value, n) => equals(keyColumn(at(keys, n)), timeLiteral(value, at(keys, n).level)))) ?? TRUE;
  return any(cells.map(is));
}

/** Whether the finest key lies between the first and the last cell. */
function inRange(keys: readonly TimeKey[], cells: readonly TimeCell[], finestAt: number): Expr {
  const key = at(keys, finestAt);
  const bound = ({ values }: TimeCell): Expr => timeLiteral(at(values, finestAt), key.level);
  return binary(
    "and",
    binary(">=", keyColumn(key), bound(first(cells))),
    binary("<=", keyColumn(key), bound(last(cells))),
  );
}
