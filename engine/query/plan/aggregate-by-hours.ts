/** Facts that meet the windows of hours of the cells they count in. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { DateLevel } from "../../model/dimension.ts";
import { binary, column, type Relation, type Select } from "../../sql/tree.ts";
import { boundedDays, factsDays, isKeyOf } from "../windows/cell-windows.ts";
import type { PlanContext } from "./plan-context.ts";
import { withoutDays } from "../resolve/asked-days.ts";
import { FactSource } from "../scan/fact-source.ts";
import { aggregate, grouped, inputs, key, selectFrom, union, type Subplan } from "./fact-parts.ts";
import type { GroupingSet } from "../language/grouping.ts";
import { cellLiteral, hourCells, type HourChange } from "../windows/hour-windows.ts";
import { momentLiteral } from "../scan/instants.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { AttributeRef } from "../binding/member.ts";
import { approximated, isApproximate } from "../scan/registers.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";

export function hourly(
  plan: Subplan,
  sets: readonly GroupingSet[],
  role: string,
  change: HourChange,
  query: ResolvedQuery,
  context: PlanContext,
): Select[] {
  const [first] = plan.leaves as [Leaf];
  const calendar = context.catalog.roles.get(role)!.dimension.calendar!;
  const source = new FactSource(context, plan.cube);
  const { expr, physical, zone } = source.time(role);
  if (physical === "DATE")
    throw new TesseraError(
      "query-invalid",
      phrase`${first.member} counts hours, and ${plan.cube.name} has only days in ${role}`,
      { place: first.member, remedy: "count in days" },
    );
  const clock = physical === "TIMESTAMP WITH TIME ZONE" ? zone : null;
  const timeKeys = sets[0]!.filter((i) => isKeyOf(query.keys[i]!, role));
  const days = (timeKeys.length === 0 ? factsDays : boundedDays)(plan.cube, role, query, context, calendar);
  if (days.length === 0) return [];
  const levels = timeKeys.map(
    (i) => (query.keys[i] as Extract<AttributeRef, { t: "role" }>).attribute.name as DateLevel,
  );
  const cells = hourCells(change, levels, days, calendar, clock, first.member);
  for (const condition of withoutDays(plan.rows, role)) source.filter(condition);
  const reach = Math.ceil(Math.abs(change.span.hours!) / 24) + 1;
  source.within(role, [{ from: days[0]!.from - reach, until: days.at(-1)!.until + reach }]);
  const positions = union(sets);
  const others = positions.filter((i) => !timeKeys.includes(i));
  const own = [
    ...others.map((i) => ({ expr: source.attribute(query.keys[i]!), as: key(i) })),
    { expr, as: "d" },
    ...inputs(plan, source, query, context).filter((c) => c.as !== "d"),
  ];
  const weight = source.weight();
  const x = selectFrom(source, weight ? [...own, { expr: weight, as: "w" }] : own);
  const spine: Relation = {
    t: "values",
    as: "s",
    columns: [...timeKeys.map(key), "from", "until"],
    rows: cells.map((c) => [
      ...c.values.map((v, n) => cellLiteral(v, levels[n]!)),
      momentLiteral(c.from, clock),
      momentLiteral(c.until, clock),
    ]),
  };
  const joined: Select = {
    t: "select",
    columns: [
      ...timeKeys.map((i) => ({ expr: column("s", key(i)), as: key(i) })),
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
  if (isApproximate(first)) return [approximated(first, joined, positions, sets, query.keys.length, false)];
  return [
    grouped(
      plan.leaves.map((leaf) => ({ as: leaf.column, expr: aggregate(leaf, weight ? column("x", "w") : null) })),
      { t: "select", select: joined, as: "x" },
      "x",
      positions,
      sets,
      query.keys.length,
    ),
  ];
}
