/** Facts that meet the windows of hours of the cells they count in. */
import { timeKeysOf } from "../../windows/time-keys.ts";
import { hull } from "../../time/day-set.ts";
import { calendarOf } from "../../../model/catalog.ts";
import type { Along } from "../../windows/along.ts";
import { at, first } from "../../../lookup.ts";
import { TesseraError, phrase } from "../../../errors/index.ts";
import { binary, column, type Relation, type Select } from "../../../sql/tree.ts";
import type { PlanContext } from "../plan-context.ts";
import { FactSource } from "../../scan/fact-source.ts";
import {
  aggregate,
  grouped,
  inputs,
  key,
  selectFrom,
  union,
  type FactPlan,
  type Shape,
  attributesOf,
} from "./fact-parts.ts";
import type { GroupingSet } from "../../language/grouping.ts";
import { cellLiteral, hourCells, type HourChange } from "../../windows/hour-windows.ts";
import { momentLiteral } from "../../scan/instants.ts";
import { approximated, isApproximate } from "../../scan/registers.ts";

/** The SELECTs of leaves under windows of hours. @throws TesseraError `query-invalid` where the fact has days only */
export function aggregateByHours(
  plan: FactPlan,
  sets: readonly GroupingSet[],
  along: Along,
  change: HourChange,
  query: Shape,
  context: PlanContext,
): Select[] {
  const leaf = first(plan.leaves);
  const { role } = along;
  const calendar = calendarOf(context.catalog, role);
  const source = new FactSource(context, plan.cube);
  const { expr, physical, zone } = source.time(role);
  if (physical.t === "date")
    throw new TesseraError(
      "query-invalid",
      phrase`${leaf.member} counts hours; ${plan.cube.name} has only days in ${role}`,
      { place: leaf.member, remedy: "count in days" },
    );
  const clock = physical.t === "instant" ? zone : null;
  const timeKeys = timeKeysOf(query, first(sets), role);
  const days = timeKeys.length === 0 ? along.reached : along.days;
  const asked = hull(days);
  if (asked === null) return [];
  const levels = timeKeys.map(({ level }) => level);
  const cells = hourCells(change, levels, days, calendar, clock, leaf.member);
  for (const condition of plan.rows) source.filter(condition);
  const reach = Math.ceil(Math.abs(change.span.hours ?? 0) / 24) + 1;
  source.within(role, [{ from: asked.from - reach, until: asked.until + reach }]);
  const positions = union(sets);
  const others = positions.filter((i) => !timeKeys.some(({ position }) => position === i));
  const own = [
    ...attributesOf(source, others, query),
    { expr, as: "d" },
    ...inputs(plan, source, query, context).filter((c) => c.as !== "d"),
  ];
  const weight = source.weight();
  const x = selectFrom(source, weight ? [...own, { expr: weight, as: "w" }] : own);
  const spine: Relation = {
    t: "values",
    as: "s",
    columns: [...timeKeys.map(({ position }) => key(position)), "from", "until"],
    rows: cells.map((c) => [
      ...c.values.map((value, n) => cellLiteral(value, at(levels, n))),
      momentLiteral(c.from, clock),
      momentLiteral(c.until, clock),
    ]),
  };
  const joined: Select = {
    t: "select",
    columns: [
      ...timeKeys.map(({ position }) => ({ expr: column("s", key(position)), as: key(position) })),
      { expr: { t: "star", of: "y" }, as: "*" },
    ],
    from: { t: "select", select: x, as: "y" },
    joins: [
      {
        kind: "inner",
        to: spine,
        on: binary(
          "and",
          binary(">=", column("y", "d"), column("s", "from")),
          binary("<", column("y", "d"), column("s", "until")),
        ),
      },
    ],
  };
  if (isApproximate(leaf)) return [approximated(leaf, joined, positions, sets, query.keys.length, false)];
  return [
    grouped(
      plan.leaves.map((own) => ({ as: own.column, expr: aggregate(own, weight ? column("x", "w") : null) })),
      { t: "select", select: joined, as: "x" },
      "x",
      positions,
      sets,
      query.keys.length,
    ),
  ];
}
