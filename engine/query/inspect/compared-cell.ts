/**
 * Keeps the days of a cell when it is drilled: those on the other side of a comparison, and those of the range that a
 * measure runs from.
 */
import { present } from "../../lookup.ts";
import { calendarOf } from "../../model/catalog.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { isPeriod, toIso } from "../../model/time/calendar.ts";
import { type DateLevel, DATE_LEVELS } from "../../model/dimension.ts";
import type { DayRange } from "../time/date-range.ts";
import type { Engine } from "../answer/engine.ts";
import { leavesIn } from "../resolve/leaf.ts";
import type { Query, Value } from "../../model/query.ts";
import { hull } from "../time/day-set.ts";
import { daysOfRole } from "../resolve/asked-days.ts";
import { resolveQuery } from "../resolve/resolve.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";
import { comparedCells } from "../time/comparison.ts";

/**
 * The next query, compared with the days that the cell was compared with.
 * @param cell values by full member; null: the drill goes up
 * @throws TesseraError `query-invalid` where the numbers cannot be kept
 */
export function comparedAlike(
  engine: Engine,
  before: Query,
  next: Query,
  cell: ReadonlyMap<string, Value> | null,
): Query {
  const resolve = (query: Query): ResolvedQuery =>
    resolveQuery(query, engine.context("as_is", null, engine.now()).resolve);
  const [was, is] = [resolve(before), resolve(next)];
  if (cell) refuseOtherRanges(was, is);
  if (!was.compare || !is.compare) return next;
  const { role } = was.compare;
  if (cell === null) {
    const wider = !same(was.compare.current, is.compare.current);
    const to = before.compare?.to;
    if (wider && typeof to === "object" && "range" in to)
      throw new TesseraError(
        "query-invalid",
        phrase`the numbers are compared with ${to.range.join(" to ")}, which belongs to the drilled cell`,
        { place: "$.query.compare", remedy: "go back to the drilled query, or compare with previous_period" },
      );
    return next;
  }
  const along = [...cell].filter(([member]) => member.split(".")[0] === role);
  // levels that repeat are filters like any other, on both sides
  if (along.every(([member]) => !isPeriod(dateLevel(member)))) return next;
  const other = otherSide(engine, was.compare, along);
  if (other === undefined)
    throw new TesseraError("query-invalid", phrase`the cell ${cellText(along)} has no days to be compared with`, {
      place: "$.cell",
      remedy: "drill the query without its comparison",
    });
  if (same(other, is.compare.previous)) return next;
  const dimension = next.compare?.dimension ?? role;
  return { ...next, compare: { dimension, to: { range: [toIso(other.from), toIso(other.until)] } } };
}

const cellText = (along: readonly (readonly [string, Value])[]): string =>
  along.map(([member, value]) => `${member} ${String(value)}`).join(", ");

function dateLevel(member: string): DateLevel {
  const name = member.split(".")[1];
  return present(
    DATE_LEVELS.find((level) => level === name),
    `the level of ${member}`,
  );
}

const same = (a: DayRange | null, b: DayRange | null): boolean => a?.from === b?.from && a?.until === b?.until;

/** The days on the other side of a cell's comparison. */
function otherSide(
  engine: Engine,
  { role, current, previous, years }: NonNullable<ResolvedQuery["compare"]>,
  along: readonly (readonly [string, Value])[],
): DayRange | undefined {
  const calendar = calendarOf(engine.catalog, role);
  const wanted = JSON.stringify(along.map(([, value]) => value));
  const days = comparedCells(
    calendar,
    along.map(([member]) => dateLevel(member)),
    current,
    previous,
    years,
  ).find((found) => JSON.stringify(found.values) === wanted)?.days;
  return days === undefined ? undefined : (hull(days) ?? undefined);
}

/** A running total within the range begins where the range does; a cell of dates would move that. */
function refuseOtherRanges(was: ResolvedQuery, is: ResolvedQuery): void {
  for (const measure of was.measures) {
    for (const { frames } of leavesIn(measure.tree)) {
      const frame = frames.find((f) => f.change.type === "running" && f.change.within === "range");
      if (
        !frame ||
        hull(daysOfRole(was.rows, frame.role) ?? [])?.from === hull(daysOfRole(is.rows, frame.role) ?? [])?.from
      )
        continue;
      throw new TesseraError(
        "query-invalid",
        phrase`${measure.name} runs from the beginning of the query's range, which a cell of ${frame.role} would move`,
        {
          place: "$.query.measures",
          remedy: phrase`leave ${measure.name} out, or drill from the first cell of the range`,
        },
      );
    }
  }
}
