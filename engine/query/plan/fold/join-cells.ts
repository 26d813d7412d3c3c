/** The join of facts with the cells that they count in. */
import { at, first } from "../../../lookup.ts";
import {
  binary,
  column,
  dayLiteral,
  equals,
  integer,
  type Expr,
  type Relation,
  type Select,
} from "../../../sql/tree.ts";
import { timeLiteral, type TimeKey } from "../../windows/time-keys.ts";
import type { WindowPeriods } from "../../windows/window-periods.ts";
import type { Side } from "./day-scan.ts";
import { key } from "./fact-parts.ts";

/**
 * Facts next to the cells that they count in: met by an equal period, or by a range of days.
 * @param x rows with a day or period `d`
 * @param periods of the windows, where these are made of periods
 * @param average the cells' lengths are needed
 */
export function joinCells(
  x: Select,
  sides: readonly Side[],
  timeKeys: readonly TimeKey[],
  periods: WindowPeriods | null,
  average: boolean,
): Select {
  const lengths = lengthsOf(first(sides));
  let window = 0;
  const rows = sides.flatMap(({ cells }, n) =>
    cells.flatMap((cell) => {
      const bounds: Expr[][] = cell.days.flatMap((range) =>
        periods
          ? at(periods.periods, window++).map((start) => [dayLiteral(start)])
          : [[dayLiteral(range.from), dayLiteral(range.until)]],
      );
      return bounds.map((days) => [
        ...cell.values.map((value, i) => timeLiteral(value, at(timeKeys, i).level)),
        ...days,
        ...(average ? [integer(lengths.get(JSON.stringify(cell.values)) ?? 0)] : []),
        ...(sides.length > 1 ? [integer(n)] : []),
      ]);
    }),
  );
  const keys = timeKeys.map(({ position }) => key(position));
  const extra = [...(average ? ["days"] : []), ...(sides.length > 1 ? ["side"] : [])];
  const columns = [...keys, "from", ...(periods ? [] : ["until"]), ...extra];
  const spine: Relation = { t: "values", as: "s", columns, rows };
  const day = column("y", "d");
  const on = periods
    ? equals(day, column("s", "from"))
    : binary("and", binary(">=", day, column("s", "from")), binary("<=", day, column("s", "until")));
  return {
    t: "select",
    columns: [
      ...[...keys, ...extra].map((as) => ({ expr: column("s", as), as })),
      { expr: { t: "star", of: "y" }, as: "*" },
    ],
    from: { t: "select", select: x, as: "y" },
    joins: [{ kind: "inner", to: spine, on }],
  };
}

/** The days of each cell. A value that repeats, such as a day of the week, is many cells of one row. */
function lengthsOf({ cells }: Side): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { values, length } of cells) {
    const cell = JSON.stringify(values);
    lengths.set(cell, (lengths.get(cell) ?? 0) + length);
  }
  return lengths;
}
