/** For each base event the nearest later event of the same member: one pass over both in the order of time, no event meets every other. */
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
} from "../../sql/tree.ts";
import { FactSource } from "./fact-source.ts";
import { midnightLiteral } from "./instants.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { CompileContext } from "./compile-context.ts";

/** 1 for a base event that is followed in time, 0 for one that is not, null for one that does not count. */
export function converted(leaf: Leaf, source: FactSource, cube: CubeNode, now: Day, context: CompileContext): Expr {
  const measure = leaf.measure as ConversionMeasure;
  const { following } = leaf;
  const { from, condition } = following!;
  const base = new FactSource(context, cube);
  const other = new FactSource(context, following!.cube);
  if (condition) other.filter(condition);
  if (leaf.where) base.filter(leaf.where);
  const [own, theirs] = [source.time(from.date), other.time(following!.date)];
  // two moments are compared as such; where one side has days only, both are days
  const moments = own.physical === theirs.physical && own.physical.startsWith("TIMESTAMP");
  const when = (of: FactSource, role: string): Expr => (moments ? of.time(role).expr : of.day(role));
  const member = (of: FactSource, at: CubeNode): Expr =>
    of.argument((at.roles.get(measure.over) as { readonly on: string }).on);
  const sameTime = measure.sameTime ?? following!.cube !== cube;
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
          expr: converts
            ? t
            : literal(
                null,
                moments ? (own.physical === "TIMESTAMP WITH TIME ZONE" ? "timestamptz" : "timestamp") : "date",
              ),
          as: "c",
        },
        { expr: integer(converts ? (sameTime ? 0 : 2) : 1), as: "turn" },
      ],
      from: parts.from,
      joins: parts.joins,
      where: all([parts.where, notNull(e), notNull(t)]),
    };
  };
  // latest first: what stands before an event in this order comes after it in time; `turn` decides at the same time
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
        of: [events(base, cube, from.date, false), events(other, following!.cube, following!.date, true)],
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
  const over = !measure.complete
    ? null
    : moments
      ? binary(
          "<",
          end,
          own.physical === "TIMESTAMP WITH TIME ZONE" ? midnightLiteral(now + 1, own.zone) : dayLiteral(now + 1),
        )
      : binary("<=", end, dayLiteral(now));
  return {
    t: "case",
    otherwise: integer(0),
    whens: [
      { when: any([isNull(e), isNull(t), ...(over ? [{ t: "not" as const, of: over }] : [])]), then: { t: "null" } },
      { when: binary("<=", column(as, "next"), end), then: integer(1) },
    ],
  };
}

/** Hours of a day that is all that is known are no span; days and longer are. */
function later(of: Expr, { hours, ...days }: Span, moments: boolean): Expr {
  const moved: Expr = { t: "later", of, by: moments && hours !== undefined ? { ...days, hours } : days };
  return moments ? moved : cast(moved, "date");
}

/** @param flag the column of `converted` */
export function conversionOf(leaf: Leaf, flag: Expr, filter: Expr | null, weight: Expr | null): Expr {
  const total = (of: Expr): Expr => ({ t: "aggregate", name: "sum", of, filter });
  const hits = total(weight ? binary("*", flag, weight) : flag);
  if ((leaf.measure as ConversionMeasure).give === "count") return call("nullif", hits, integer(0));
  return call(
    "divide",
    hits,
    weight
      ? total({ t: "case", whens: [{ when: notNull(flag), then: weight }], otherwise: null })
      : { t: "aggregate", name: "count", of: flag, filter },
  );
}
