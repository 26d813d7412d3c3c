/** `fillDates`: which periods an answer shows even without facts. */
import { TesseraError, phrase } from "../../../errors/index.ts";
import type { CubeNode } from "../../../model/catalog.ts";
import { isClock, isPeriod } from "../../../model/time/calendar.ts";
import type { ResolvedQuery } from "../../resolve/resolved-query.ts";
import { unite } from "../../time/day-set.ts";
import { boundedDays } from "../../windows/bounded-days.ts";
import { timeKeysOf } from "../../windows/time-keys.ts";
import type { PlanContext } from "../plan-context.ts";
import { rangeNode } from "./naming.ts";
import type { FillNode } from "./nodes.ts";

/**
 * The periods to fill in, along the first date role among the dimensions.
 * @returns null where there is no range to fill
 * @throws TesseraError `query-invalid` without a period among the dimensions, and for hours: days differ in them
 */
export function fillNode(query: ResolvedQuery, cubes: readonly CubeNode[], context: PlanContext): FillNode | null {
  const dateKey = query.keys.find((ref) => ref.t === "role" && ref.dimension.calendar && isPeriod(ref.attribute.name));
  const calendar = dateKey?.t === "role" ? dateKey.dimension.calendar : null;
  if (dateKey?.t !== "role" || !calendar)
    throw new TesseraError("query-invalid", "fillDates needs a date dimension among the dimensions", {
      place: "$.fillDates",
      remedy: "add for example date.month",
    });
  const { role } = dateKey;
  const every = query.keys.map((_, i) => i);
  const clock = timeKeysOf(query, every, role)
    .map(({ level }) => level)
    .find(isClock);
  if (clock)
    throw new TesseraError(
      "query-invalid",
      phrase`fillDates fills days and longer periods; the query also asks for ${role}.${clock}`,
      { place: "$.fillDates", remedy: phrase`leave fillDates out, or ${role}.${clock}` },
    );
  // each fact is filled as far as its own dates reach
  const days = unite(
    cubes.flatMap((cube) => (cube.roles.has(role) ? boundedDays(cube, role, query.rows, context, calendar) : [])),
  );
  return days.length === 0 ? null : { role, days: days.map(rangeNode) };
}
