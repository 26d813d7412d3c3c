/**
 * Approximate distinct counts by HyperLogLog registers in plain SQL (Flajolet, Fusy, Gandouet, Meunier 2007). Each
 * value falls into one of 4,096 registers by its hash; a register keeps the longest run of leading zeros that it saw.
 * Registers of parts merge by their greatest, so a rollup that keeps them gives the same number as the facts. The
 * estimate is Ertl's (2017, "New cardinality estimation algorithms for HyperLogLog sketches", algorithm 6), unbiased
 * from one value to billions; its standard error is 1.04 / √4096 = 1.6 %.
 */
import { at, required } from "../../lookup.ts";
import { AGGREGATES } from "../../model/aggregates.ts";
import {
  all,
  binary,
  call,
  column,
  integer,
  literal,
  notNull,
  type Expr,
  type Relation,
  type Select,
} from "../../sql/tree.ts";
import { groupingExpr, groupingNumber, type GroupingSet } from "../language/grouping.ts";
import type { Leaf } from "../resolve/nodes.ts";

/** Registers of one count. */
export const REGISTERS = 4096;
/** One standard error of an approximate distinct count, as a part of it. */
export const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

/** Whether a leaf is an approximate distinct count. */
export const isApproximate = (leaf: Leaf): boolean =>
  leaf.measure.kind === "aggregate" && (AGGREGATES[leaf.measure.aggregate].estimates ?? false);

type Column = Select["columns"][number];
const k = (i: number): string => `k${i}`;
const numeral = (value: number): Expr => ({ t: "numeral", text: String(value) });

/**
 * Rows of `x` with their register and rank: of a rollup as stored (`hb`, `hr`), else computed from the leaf's value.
 */
function ranked(leaf: Leaf, x: Select, keep: readonly string[], stored: boolean): Select {
  const columns = keep.map((as) => ({ expr: column("x", as), as }));
  if (stored)
    return {
      t: "select",
      columns: [...columns, { expr: column("x", "hb"), as: "hb" }, { expr: column("x", "hr"), as: "hr" }],
      from: { t: "select", select: x, as: "x" },
    };
  const value = column("x", `a_${leaf.column}`);
  return {
    t: "select",
    from: { t: "select", select: x, as: "x" },
    where: all([notNull(value), leaf.where ? column("x", `b_${leaf.column}`) : null]),
    columns: [
      ...columns,
      { expr: call("hash_register", value), as: "hb" },
      { expr: call("hash_rank", value), as: "hr" },
    ],
  };
}

/**
 * The registers of each group, as a rollup stores them: the keys at `positions`, hb, hr.
 * @param x rows with those keys and the leaf's value
 */
export function registersOf(leaf: Leaf, x: Select, positions: readonly number[]): Select {
  const names = [...positions.map(k), "hb"];
  const by = names.map((name) => column("y", name));
  return {
    t: "select",
    columns: [...by.map((expr, i) => ({ expr, as: at(names, i) })), { expr: greatest("y"), as: "hr" }],
    from: { t: "select", select: ranked(leaf, x, names.slice(0, -1), false), as: "y" },
    groupBy: { keys: by },
  };
}

const greatest = (alias: string): Expr => ({ t: "aggregate", name: "max", of: column(alias, "hr"), filter: null });

/**
 * The estimates at the grouping sets: k0…, g and the leaf's column.
 * @param x rows with the keys at `positions`, and the leaf's value or stored registers
 */
export function approximated(
  leaf: Leaf,
  x: Select,
  positions: readonly number[],
  sets: readonly GroupingSet[],
  keys: number,
  stored: boolean,
): Select {
  const y: Relation = { t: "select", select: ranked(leaf, x, positions.map(k), stored), as: "y" };
  const atKey = new Map(positions.map((i) => [i, column("y", k(i))] as const));
  const spread: Column[] = [
    ...Array.from({ length: keys }, (_, i) => ({ expr: atKey.get(i) ?? ({ t: "null" } as const), as: k(i) })),
    { expr: groupingExpr(atKey, sets, keys), as: "g" },
  ];
  const registers: Select = {
    t: "select",
    from: y,
    columns: [...spread, { expr: column("y", "hb"), as: "hb" }, { expr: greatest("y"), as: "hr" }],
    groupBy: {
      keys: [...positions.map((i) => required(atKey, i, "key")), column("y", "hb")],
      sets: sets.map((set) => [...set.map((i) => positions.indexOf(i)), positions.length]),
    },
  };
  // the grand total exists also over no rows: one empty register more changes no estimate
  const grand = sets.some((set) => set.length === 0);
  const empty: Select = {
    t: "select",
    columns: [
      ...Array.from({ length: keys }, (_, i) => ({ expr: { t: "null" } as const, as: k(i) })),
      { expr: integer(groupingNumber([], keys)), as: "g" },
      { expr: literal(null, "integer"), as: "hb" },
      { expr: literal(null, "integer"), as: "hr" },
    ],
  };
  const by = [...positions.map((i) => column("z", k(i))), column("z", "g")];
  const outer = (alias: string): Column[] => [
    ...Array.from({ length: keys }, (_, i) => ({
      expr: positions.includes(i) ? column(alias, k(i)) : ({ t: "null" } as const),
      as: k(i),
    })),
    { expr: column(alias, "g"), as: "g" },
  ];
  const counted: Select = {
    t: "select",
    from: { t: "select", select: grand ? { t: "union_all", of: [registers, empty] } : registers, as: "z" },
    groupBy: { keys: by },
    columns: [
      ...outer("z"),
      {
        expr: call(
          "coalesce",
          { t: "aggregate", name: "sum", of: call("power", numeral(0.5), column("z", "hr")), filter: null },
          numeral(0),
        ),
        as: "hs",
      },
      {
        expr: call(
          "divide",
          binary("-", integer(REGISTERS), { t: "aggregate", name: "count", of: column("z", "hb"), filter: null }),
          integer(REGISTERS),
        ),
        as: "hx",
      },
    ],
  };
  return {
    t: "select",
    from: { t: "select", select: counted, as: "e" },
    columns: [
      ...outer("e"),
      {
        expr: grand
          ? call("nullif", estimate(column("e", "hs"), column("e", "hx")), integer(0))
          : estimate(column("e", "hs"), column("e", "hx")),
        as: leaf.column,
      },
    ],
  };
}

/**
 * m² / (2 ln 2 · (m σ(x) + s)), with σ(x) = x + Σ 2^(k-1) x^(2^k). x is the share of empty registers, at most 1 - 1/m,
 * where 18 terms are exact to the last bit.
 */
function estimate(s: Expr, x: Expr): Expr {
  const sigma = Array.from(
    { length: 18 },
    (_, i): Expr => binary("*", call("power", x, integer(2 ** (i + 1))), integer(2 ** i)),
  ).reduce((sum, term) => binary("+", sum, term), x);
  const whole = call(
    "divide",
    numeral(REGISTERS ** 2 / (2 * Math.LN2)),
    binary("+", binary("*", sigma, integer(REGISTERS)), s),
  );
  return { t: "cast", of: call("round", whole), type: "integer" };
}
