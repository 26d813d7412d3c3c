/**
 * From the merged facts to the answer: the value of each measure, comparisons, measure filters, what `top` keeps, order
 * and limit; totals from the same statement.
 */
import { k } from "./key-column.ts";
import { at, first, present, required } from "../../../lookup.ts";
import {
  all,
  any,
  binary,
  cast,
  column,
  equals,
  integer,
  notNull,
  type Expr,
  type Order,
  type Relation,
  type Select,
  type SelectLike,
} from "../../../sql/tree.ts";
import { groupingNumber } from "../../language/grouping.ts";
import type { Column } from "./fact-parts.ts";
import type { FilledDates } from "./fill-dates.ts";
import { havingExpr, kept } from "./having.ts";
import type { Layers } from "./layers.ts";
import type { LinkedPlan } from "./linked-plan.ts";
import { measureValues, type MeasureValue, type ValueColumn } from "./measure-values.ts";

/** A finished statement. */
export interface Finished {
  readonly select: Select;
  /** output columns after k0… and g: measures, each with its comparison */
  readonly values: readonly ValueColumn[];
}

export function finish(query: LinkedPlan, layers: Layers, filled: FilledDates | null): Finished {
  const keys = query.keys.length;
  const values = measureValues(query, layers);
  const exists = existenceOf(query, layers, filled);
  const having = query.having.map((condition) =>
    havingExpr(
      condition,
      (name) =>
        values.find((v) => v.name === name)?.whole ?? layers.value(required(query.hidden, name, "hidden measure")),
    ),
  );
  const hidden = [...query.hidden].map(([name, tree], i) => ({ as: `h${i}`, name, expr: layers.value(tree) }));
  const details = groupingNumber(first(query.shown), keys);
  const several = layers.windows.length > 0 || query.shown.length > 1;
  const isDetail = several ? equals(column(null, "g"), integer(details)) : null;
  const orderBy = orderOf(query, values, hidden);
  const own: Column[] = [
    ...query.keys.map((ref, i) => ({
      // of few rows, texts may be positions in a list: see `engine/warehouse/encoded-tables.ts`
      expr: query.quick && ref.physical?.t === "text" ? cast(column(null, k(i)), "text") : column(null, k(i)),
      as: k(i),
    })),
    { expr: several ? column(null, "g") : integer(details), as: "g" },
  ];
  const rows = new Rows(own, values, hidden);
  const described = values.map(({ expr: _expr, whole: _whole, ...value }): ValueColumn => value);
  const detail = all([isDetail, exists, ...having, ...query.keep.map((top) => kept(top, query))]);
  const total = totalsOf(query, exists);
  const byLevel: Order = { by: column(null, "g"), direction: "asc" };

  const few = query.fewRows !== undefined && query.shown.length > 1 && query.offset === undefined;
  const ctes = layers.with(few);
  const inline = ctes.length === 1 && (query.shown.length === 1 || few);
  const from: Relation = inline
    ? { t: "select", select: layers.base, as: "r0" }
    : { t: "table", name: layers.top, as: layers.top };
  const withCtes = inline ? {} : { with: ctes };
  // a limit lets DuckDB keep the best of few as they come, which takes half of what sorting takes
  const most = filled === null ? (query.fewRows ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  if (few)
    return {
      values: described,
      select: {
        ...rows.select(from, any([detail, total].filter((part) => part !== null))),
        ...withCtes,
        orderBy: [byLevel, ...orderBy],
        ...(Number.isFinite(most) && { limit: most }),
      },
    };
  const best = query.best && bestRows(query, query.best, layers, rows, values, from, detail);
  const page: Select = {
    ...(best ? rows.of({ t: "select", select: best, as: "b" }) : rows.select(from, detail)),
    ...(query.limit !== null && { orderBy, limit: Math.min(query.limit + 1, most) }),
    ...(query.offset !== undefined && { offset: query.offset }),
  };
  if (query.shown.length === 1) return { values: described, select: { ...page, ...withCtes } };
  const everything: SelectLike = { t: "union_all", of: [page, rows.select(from, total)] };
  return {
    values: described,
    select: {
      t: "select",
      ...withCtes,
      columns: rows.columns,
      from: { t: "select", select: everything, as: "t" },
      ...(query.limit !== null && { orderBy: [byLevel, ...orderBy] }),
    },
  };
}

/** Whether a row has a value, or is a period that is filled in; null: every row has. */
function existenceOf(query: LinkedPlan, layers: Layers, filled: FilledDates | null): Expr | null {
  if (query.keys.length === 0) return null;
  const found = layers.existenceOfAny(query.measures.flatMap((m) => [m.tree, ...(m.previous ? [m.previous] : [])]));
  if (filled === null) return found;
  // a period is filled in for each combination of the other dimensions that has a row in some period
  const combined = filled.others.length > 0 ? equals(layers.flagged(found, filled.others), integer(1)) : null;
  return binary("or", found, combined ? binary("and", filled.inRange, combined) : filled.inRange);
}

/** The rows of totals. Like any row, a subtotal without a value is left out; the grand total always exists. */
function totalsOf(query: LinkedPlan, exists: Expr | null): Expr | null {
  const keys = query.keys.length;
  const sets = query.shown.slice(1).map((set) => integer(groupingNumber(set, keys)));
  return all([
    { t: "in", of: column(null, "g"), values: sets },
    exists === null ? null : any([equals(column(null, "g"), integer(groupingNumber([], keys))), exists]),
  ]);
}

function orderOf(
  query: LinkedPlan,
  values: readonly MeasureValue[],
  hidden: readonly { readonly as: string; readonly name: string }[],
): Order[] {
  const columnOf = (measure: string): string =>
    values.find((v) => v.name === measure)?.column ??
    present(
      hidden.find((h) => h.name === measure),
      measure,
    ).as;
  const ordered = query.order.map(
    ({ by, direction }): Order => ({
      direction,
      by: column(null, "key" in by ? k(by.key) : columnOf(by.measure)),
    }),
  );
  const rest = query.keys.flatMap((_, i): Order[] =>
    query.order.some(({ by }) => "key" in by && by.key === i) ? [] : [{ by: column(null, k(i)), direction: "asc" }],
  );
  return [...ordered, ...rest];
}

/** The columns of a finished row. */
class Rows {
  /** all columns, by name */
  readonly columns: readonly Column[];
  readonly #inner: readonly Column[];
  readonly #changes: ReadonlyMap<string, Expr>;

  constructor(own: readonly Column[], values: readonly MeasureValue[], hidden: readonly Column[]) {
    const isChange = (value: MeasureValue): boolean => value.part === "change" || value.part === "change_rate";
    this.#changes = new Map(values.filter(isChange).map((value) => [value.column, value.expr]));
    this.#inner = [
      ...own,
      ...values.filter((value) => !isChange(value)).map(({ expr, column: as }) => ({ expr, as })),
      ...hidden.map(({ expr, as }) => ({ expr, as })),
    ];
    this.columns = [...own, ...values.map((value) => ({ as: value.column })), ...hidden].map(({ as }) => ({
      expr: column(null, as),
      as,
    }));
  }

  /** The rows of a relation that has these columns. */
  of(from: Relation): Select {
    return { t: "select", columns: this.columns, from };
  }

  /** The rows of the last layer. Changes are computed from the values next to them, which are written once. */
  select(from: Relation, where: Expr | null): Select {
    const inner: Select = { t: "select", columns: this.#inner, from, where };
    if (this.#changes.size === 0) return inner;
    return {
      t: "select",
      columns: this.columns.map((name) => ({ expr: this.#changes.get(name.as) ?? name.expr, as: name.as })),
      from: { t: "select", select: inner, as: "q" },
    };
  }
}

/** The rows with the most of a measure. */
function bestRows(
  query: LinkedPlan,
  { measure, n }: NonNullable<LinkedPlan["best"]>,
  layers: Layers,
  rows: Rows,
  values: readonly MeasureValue[],
  from: Relation,
  detail: Expr | null,
): Select {
  const ranked = present(values.find((v) => v.measure === measure && v.part === "value"));
  const { tree } = at(query.measures, measure);
  return {
    ...rows.select(from, all([detail, layers.existence(tree), notNull(ranked.whole)])),
    orderBy: [
      { by: column(null, ranked.column), direction: "desc" },
      ...query.keys.map((_, i): Order => ({ by: column(null, k(i)), direction: "asc" })),
    ],
    limit: n,
  };
}
