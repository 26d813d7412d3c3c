/** From the merged facts to the answer: the value of each measure, comparisons, measure filters, what `top` keeps, order and limit; totals from the same statement. */
import {
  all,
  any,
  binary,
  call,
  cast,
  column,
  equals,
  integer,
  literal,
  notNull,
  type Expr,
  type Order,
  type Relation,
  type Select,
  type SelectLike,
} from "../../sql/tree.ts";
import type { FilledDates } from "./fill-dates.ts";
import { groupingNumber } from "../language/grouping.ts";
import { havingExpr, kept } from "./having.ts";
import type { Layers } from "./layers.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";

export interface Finished {
  readonly select: Select;
  /** output columns after k0… and g: measures, each with its comparison */
  readonly values: readonly {
    readonly column: string;
    readonly name: string;
    readonly part: "value" | "previous" | "change" | "change_rate";
    readonly measure: number;
  }[];
}

const k = (i: number): string => `k${i}`;
/** Rows that are cheaper to read whole than to cut: their limit is kept when the answer is put together. */
const FEW_ROWS = 5_000;

/** @param atMost no more rows than these can come @param encoded texts may be places in a list, as `engine/warehouse/encoded-tables.ts` has them */
export function finish(
  query: ResolvedQuery,
  layers: Layers,
  filled: FilledDates | null,
  atMost: number,
  encoded: boolean,
): Finished {
  const keys = query.keys.length;
  // `whole`: written in full, for filters, which stand where the values are made
  const values: {
    column: string;
    name: string;
    part: "value" | "previous" | "change" | "change_rate";
    measure: number;
    expr: Expr;
    whole: Expr;
  }[] = [];
  for (const [measure, m] of query.measures.entries()) {
    const add = (part: "value" | "previous" | "change" | "change_rate", expr: Expr, whole = expr): Expr => {
      values.push({
        column: `v${values.length}`,
        name: part === "value" ? m.name : `${m.name}.${part}`,
        part,
        measure,
        expr,
        whole,
      });
      return column(null, values.at(-1)!.column);
    };
    const own = layers.value(m.tree);
    const now = add("value", own);
    if (!m.previous) continue;
    const other = layers.value(m.previous);
    const before = add("previous", other);
    // a truth, a text or a date changes, but not by an amount
    const amount = m.type === "number" || m.type === "integer";
    const change = (a: Expr, b: Expr): Expr => (amount ? binary("-", a, b) : literal(null, "double"));
    const rate = (a: Expr, b: Expr): Expr =>
      amount ? call("divide", binary("-", a, b), call("abs", b)) : literal(null, "double");
    add("change", change(now, before), change(own, other));
    add("change_rate", rate(now, before), rate(own, other));
  }
  const found =
    keys === 0
      ? null
      : layers.existenceOfAny(query.measures.flatMap((m) => [m.tree, ...(m.previous ? [m.previous] : [])]));
  // a period is filled in for a combination of the other dimensions that has a row in some period
  const exists =
    found === null || filled === null
      ? found
      : binary(
          "or",
          found,
          all([
            filled.inRange,
            filled.others.length > 0 ? equals(layers.flagged(found, filled.others), integer(1)) : null,
          ])!,
        );
  const having = query.having.map((condition) =>
    havingExpr(
      condition,
      (name) => values.find((v) => v.name === name)?.whole ?? layers.value(query.hidden.get(name)!),
    ),
  );
  const hidden = [...query.hidden].map(([name, tree], i) => ({ as: `h${i}`, name, expr: layers.value(tree) }));
  const details = groupingNumber(query.sets[0]!, keys);
  const several = layers.windows.length > 0 || query.sets.length > 1;
  const isDetail = several ? equals(column(null, "g"), integer(details)) : null;
  const orderBy: Order[] = [
    ...query.order.map((o) => ({
      direction: o.direction,
      by:
        "key" in o.by
          ? column(null, k(o.by.key))
          : column(
              null,
              values.find((v) => v.name === (o.by as { measure: string }).measure)?.column ??
                hidden.find((h) => h.name === (o.by as { measure: string }).measure)!.as,
            ),
    })),
    ...query.keys.flatMap((_, i) =>
      query.order.some((o) => "key" in o.by && o.by.key === i)
        ? []
        : [{ by: column(null, k(i)), direction: "asc" as const }],
    ),
  ];
  const compared = values.filter((v) => v.part === "change" || v.part === "change_rate");
  const own = [
    ...query.keys.map((ref, i) => ({
      expr:
        encoded && ref.t !== "segment" && ref.physical === "VARCHAR"
          ? cast(column(null, k(i)), "text")
          : column(null, k(i)),
      as: k(i),
    })),
    { expr: several ? column(null, "g") : integer(details), as: "g" },
  ];
  const measured = [
    ...values.filter((v) => !compared.includes(v)).map((v) => ({ expr: v.expr, as: v.column })),
    ...hidden.map((h) => ({ expr: h.expr, as: h.as })),
  ];
  const names = [...own, ...values.map((v) => ({ as: v.column })), ...hidden].map(({ as }) => ({
    expr: column(null, as),
    as,
  }));
  /** Changes are told from the values beside them, which are written once. */
  const withChanges = (from: Relation, where: Expr | null): Select => {
    const inner: Select = { t: "select", columns: [...own, ...measured], from, where };
    if (compared.length === 0) return inner;
    return {
      t: "select",
      columns: names.map((name) => {
        const change = compared.find((v) => v.column === name.as);
        return change ? { expr: change.expr, as: name.as } : name;
      }),
      from: { t: "select", select: inner, as: "q" },
    };
  };
  const described = values.map(({ expr: _, whole: __, ...v }) => v);
  const detail = all([isDetail, exists, ...having, ...(query.keep ?? []).map((top) => kept(top, query))]);
  const byLevel: Order = { by: column(null, "g"), direction: "asc" };
  // like any row, a subtotal without a value is left out; the grand total always stands
  const total = all([
    { t: "in", of: column(null, "g"), values: query.sets.slice(1).map((set) => integer(groupingNumber(set, keys))) },
    exists === null ? null : any([equals(column(null, "g"), integer(groupingNumber([], keys))), exists]),
  ]);

  const few = atMost <= FEW_ROWS && query.sets.length > 1 && query.offset === undefined;
  const with_ = layers.with(few);
  const inline = with_.length === 1 && (query.sets.length === 1 || few);
  const from: Relation = inline
    ? { t: "select", select: layers.base, as: "r0" }
    : { t: "table", name: layers.top, as: layers.top };
  const ctes = inline ? {} : { with: with_ };
  // the best of few are kept apart as they come, which takes half of what sorting takes
  const rows = filled === null && atMost <= FEW_ROWS ? atMost : Number.POSITIVE_INFINITY;
  if (few)
    return {
      values: described,
      select: {
        ...withChanges(from, any([detail!, total!])),
        ...ctes,
        orderBy: [byLevel, ...orderBy],
        ...(Number.isFinite(rows) && { limit: rows }),
      },
    };
  const ranked = query.best && values.find((v) => v.measure === query.best!.measure && v.part === "value")!;
  const best: Select | null = !ranked
    ? null
    : {
        ...withChanges(
          from,
          all([detail, layers.existence(query.measures[ranked.measure]!.tree), notNull(ranked.whole)]),
        ),
        orderBy: [
          { by: column(null, ranked.column), direction: "desc" },
          ...query.keys.map((_, i): Order => ({ by: column(null, k(i)), direction: "asc" })),
        ],
        limit: query.best!.n,
      };
  const page: Select = {
    ...(best
      ? { t: "select", columns: names, from: { t: "select", select: best, as: "b" } }
      : withChanges(from, detail)),
    ...(Number.isFinite(query.limit) && { orderBy, limit: Math.min(query.limit + 1, rows) }),
    ...(query.offset !== undefined && { offset: query.offset }),
  };
  if (query.sets.length === 1) return { values: described, select: { ...page, ...ctes } };
  const everything: SelectLike = { t: "union_all", of: [page, withChanges(from, total)] };
  return {
    values: described,
    select: {
      t: "select",
      ...ctes,
      columns: names,
      from: { t: "select", select: everything, as: "t" },
      ...(Number.isFinite(query.limit) && { orderBy: [byLevel, ...orderBy] }),
    },
  };
}
