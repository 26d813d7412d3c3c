/** The question after a drill is about the same days as the cell: on the other side of a comparison, and where a measure looks at the query's range. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { isPeriod, toIso } from "../../model/time/calendar.ts";
import type { DateLevel } from "../../model/dimension.ts";
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
 * @param cell full member -> value; null: the way up
 * @returns the next query, its comparison with the days that the cell was compared with
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
    if (wider && typeof before.compare!.to === "object" && "range" in before.compare!.to)
      throw new TesseraError(
        "query-invalid",
        phrase`the numbers are compared with ${before.compare!.to.range.join(" to ")}, which belongs to the cell that was drilled`,
        { place: "$.query.compare", remedy: "go back to the query that was drilled, or compare with previous_period" },
      );
    return next;
  }
  const along = [...cell].filter(([member]) => member.split(".")[0] === role);
  if (along.every(([member]) => !isPeriod(levelOf(member)))) return next; // levels that repeat are filters like any other, on both sides
  const other = otherSide(engine, was.compare, along);
  if (other === undefined)
    throw new TesseraError(
      "query-invalid",
      phrase`the cell ${along.map(([member, value]) => `${member} ${String(value)}`).join(", ")} has no days that it is compared with`,
      { place: "$.cell", remedy: "drill the query without its comparison" },
    );
  if (same(other, is.compare.previous)) return next;
  return { ...next, compare: { ...next.compare!, to: { range: [toIso(other.from), toIso(other.until)] } } };
}

const levelOf = (member: string): DateLevel => member.split(".")[1] as DateLevel;
const same = (a: DayRange | null, b: DayRange | null): boolean => a?.from === b?.from && a?.until === b?.until;

/** The days on the other side of a cell's comparison. */
function otherSide(
  engine: Engine,
  { role, current, previous, years }: NonNullable<ResolvedQuery["compare"]>,
  along: readonly (readonly [string, Value])[],
): DayRange | undefined {
  const calendar = engine.catalog.roles.get(role)!.dimension.calendar!;
  const wanted = JSON.stringify(along.map(([, value]) => value));
  const days = comparedCells(
    calendar,
    along.map(([member]) => levelOf(member)),
    current,
    previous,
    years,
  ).find((found) => JSON.stringify(found.values) === wanted)?.days;
  return days === undefined ? undefined : (hull(days) ?? undefined);
}

/** A running total within the range begins where the range does, and a cell of dates is a range of its own. */
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
