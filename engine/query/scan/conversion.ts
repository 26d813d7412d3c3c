/**
 * For each base event, the nearest later event of the same member. One pass over both in the order of time: no event is
 * compared with every other.
 */
import { present, required } from "../../lookup.ts";
import { directRole } from "../../model/cube.ts";
import { hasTime } from "../../model/column-type.ts";
import type { ConversionMeasure, Span } from "../../model/measure.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { Day } from "../../model/time/calendar.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  column,
  dayLiteral,
  equals,
  integer,
  isNull,
  literal,
  notNull,
  type Expr,
  type Select,
  type SqlType,
} from "../../sql/tree.ts";
import { FactSource } from "./fact-source.ts";
import { midnightLiteral } from "./instants.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { CompileContext } from "./compile-context.ts";

/** 1 for a base event that is followed in time, 0 for one that is not, null for one that does not count. */
export function converted(leaf: Leaf, source: FactSource, cube: CubeNode, now: Day, context: CompileContext): Expr {
  const measure = conversionMeasure(leaf);
  const following = present(leaf.following, "the events that follow");
  const { from, condition } = following;
  const base = new FactSource(context, cube);
  const other = new FactSource(context, following.cube);
  if (condition) other.filter(condition);
  if (leaf.where) base.filter(leaf.where);
  const [own, theirs] = [source.time(from.date), other.time(following.date)];
  // two moments are compared as such; where one side has only days, both are days
  const moments = own.physical.t === theirs.physical.t && hasTime(own.physical);
  const zoned = own.physical.t === "instant";
  const when = (of: FactSource, role: string): Expr => (moments ? of.time(role).expr : of.day(role));
  const member = (of: FactSource, at: CubeNode): Expr =>
    of.argument(directRole(required(at.roles, measure.over, "role")).on);
  const moment: SqlType = zoned ? "timestamptz" : "timestamp";
  const sameTime = measure.sameTime ?? following.cube !== cube;
  const events = (of: FactSource, at: CubeNode, role: string, converts: boolean): Select => {
    const parts = of.parts();
    const [e, t] = [member(of, at), when(of, role)];
    return {
      t: "select",
      distinct: !converts,
      columns: [
        { expr: e, as: "e" },
        { expr: t, as: "t" },
        {
          expr: converts ? t : literal(null, moments ? moment : "date"),
          as: "c",
        },
        { expr: integer(turnOf(converts, sameTime)), as: "turn" },
      ],
      from: parts.from,
      joins: parts.joins,
      where: all([parts.where, notNull(e), notNull(t)]),
    };
  };
  // latest first: what is before an event in this order comes after it in time; `turn` decides at the same time
  const next: Expr = {
    t: "window",
    name: "min",
    of: column("u", "c"),
    filter: null,
    partitionBy: [column("u", "e")],
    orderBy: [
      { by: column("u", "t"), direction: "desc" },
      { by: column("u", "turn"), direction: "asc" },
    ],
  };
  const ordered: Select = {
    t: "select",
    from: {
      t: "select",
      select: {
        t: "union_all",
        of: [events(base, cube, from.date, false), events(other, following.cube, following.date, true)],
      },
      as: "u",
    },
    columns: [
      { expr: column("u", "e"), as: "e" },
      { expr: column("u", "t"), as: "t" },
      { expr: column("u", "turn"), as: "turn" },
      { expr: next, as: "next" },
    ],
  };
  const as = `n_${leaf.column}`;
  const [e, t] = [member(source, cube), when(source, from.date)];
  source.attach({
    kind: "left",
    to: {
      t: "select",
      as,
      select: {
        t: "select",
        columns: ["e", "t", "next"].map((name) => ({ expr: column("o", name), as: name })),
        from: { t: "select", select: ordered, as: "o" },
        where: equals(column("o", "turn"), integer(1)),
      },
    },
    on: all([equals(column(as, "e"), e), equals(column(as, "t"), t)]),
  });
  const end = later(t, measure.within, moments);
  const tomorrow = zoned ? midnightLiteral(now + 1, own.zone) : dayLiteral(now + 1);
  const ended = moments ? binary("<", end, tomorrow) : binary("<=", end, dayLiteral(now));
  const over = measure.complete ? ended : null;
  return {
    t: "case",
    otherwise: integer(0),
    whens: [
      { when: any([isNull(e), isNull(t), ...(over ? [{ t: "not" as const, of: over }] : [])]), then: { t: "null" } },
      { when: binary("<=", column(as, "next"), end), then: integer(1) },
    ],
  };
}

/** The order of events at the same time: a base event is 1; an event that follows at that very time comes before it. */
function turnOf(converts: boolean, sameTime: boolean): number {
  if (!converts) return 1;
  return sameTime ? 0 : 2;
}

function conversionMeasure({ measure, member }: Leaf): ConversionMeasure {
  if (measure.kind !== "conversion") throw new Error(`${member} is not a conversion`);
  return measure;
}

/** Where only days are known, hours are no span; days and longer are. */
function later(of: Expr, { hours, ...days }: Span, moments: boolean): Expr {
  const moved: Expr = { t: "later", of, by: moments && hours !== undefined ? { ...days, hours } : days };
  return moments ? moved : cast(moved, "date");
}

/** The measure from the flags. @param flag the column of `converted` */
export function conversionOf(leaf: Leaf, flag: Expr, filter: Expr | null, weight: Expr | null): Expr {
  const total = (of: Expr): Expr => ({ t: "aggregate", name: "sum", of, filter });
  const hits = total(weight ? binary("*", flag, weight) : flag);
  if (conversionMeasure(leaf).give === "count") return call("nullif", hits, integer(0));
  return call(
    "divide",
    hits,
    weight
      ? total({ t: "case", whens: [{ when: notNull(flag), then: weight }], otherwise: null })
      : { t: "aggregate", name: "count", of: flag, filter },
  );
}
