/**
 * Measures as expressions over the merged facts. What looks across rows (shares, ranks, repeated numbers) is a layer of
 * window functions.
 */
import { k } from "./key-column.ts";
import { required } from "../../../lookup.ts";
import { hasProduct, formulaExpr, isArithmetic } from "./formula-expr.ts";
import {
  any,
  binary,
  call,
  cast,
  column,
  equals,
  integer,
  notNull,
  type Expr,
  type Select,
  type SelectLike,
} from "../../../sql/tree.ts";
import { groupingNumber, type GroupingSet } from "../../language/grouping.ts";
import { isCount, leavesIn } from "../../resolve/leaf.ts";
import type { Leaf, MeasureTree } from "../../resolve/nodes.ts";
import { denominator } from "../logical/denominators.ts";
import type { LinkedPlan } from "./linked-plan.ts";

/** Collects the layers of a query while its measures become expressions. */
export class Layers {
  readonly #counts = new Map<Leaf, Expr>();
  readonly windows: { readonly as: string; readonly expr: Expr }[][] = [];
  /**
   * @param base the merged facts
   * @param repeated for the columns of leaves whose facts lack a key, the keys that they have
   * @param windowOf whether a cell has a window to look in; null: all have
   */
  constructor(
    readonly query: LinkedPlan,
    readonly base: SelectLike,
    readonly repeated: ReadonlyMap<string, GroupingSet>,
    readonly windowOf: (leaf: Leaf, set: GroupingSet) => Expr | null,
  ) {}

  /** The value of a tree in each row. */
  value(tree: MeasureTree): Expr {
    return this.#compile(tree).expr;
  }

  /**
   * Whether a measure has a value in a row: it is not null, and one of its own facts exists. A count of nothing is
   * none.
   */
  existence(tree: MeasureTree): Expr {
    switch (tree.t) {
      case "leaf":
        return notNull(this.#leaf(tree.leaf).expr);
      case "rank":
        return this.existence(tree.base);
      default:
        if (needsAllLeaves(tree)) return notNull(this.#compile({ ...tree, fill: undefined }).expr);
        return binary(
          "and",
          notNull(this.#compile({ ...tree, fill: undefined }).expr),
          any([...new Set(leavesIn(tree))].map((leaf) => notNull(this.#leaf(leaf).expr))),
        );
    }
  }

  /** Whether one of several measures has a value. Those that have none without another one are not asked. */
  existenceOfAny(trees: readonly MeasureTree[]): Expr {
    const bare = new Set(trees.flatMap((tree) => (tree.t === "leaf" ? [tree.leaf] : [])));
    const implied = (tree: MeasureTree): boolean =>
      tree.t !== "leaf" && needsAllLeaves(tree) && leavesIn(tree).some((leaf) => bare.has(leaf));
    return any(trees.filter((tree) => !implied(tree)).map((tree) => this.existence(tree)));
  }

  /** 1 in every row of a set and of the same values of `keys`, if a condition holds in one of those rows. */
  flagged(condition: Expr, keys: readonly number[]): Expr {
    const of: Expr = { t: "case", whens: [{ when: condition, then: integer(1) }], otherwise: null };
    return this.#window(this.windows.length, {
      t: "window",
      name: "max",
      of,
      filter: null,
      partitionBy: [column(null, "g"), ...keys.map((i) => column(null, k(i)))],
      orderBy: [],
    }).expr;
  }

  /** The name of the last layer. */
  get top(): string {
    return `r${this.windows.length}`;
  }

  /** The relations from the merged facts to the last layer, as CTEs. @param once each is read once */
  with(once = false): NonNullable<Select["with"]> {
    const materialized = this.windows.length > 0 || (this.query.sets.length > 1 && !once);
    const layers = this.windows.map((layer, n) => {
      const select: Select = {
        t: "select",
        columns: [{ expr: { t: "star" }, as: "*" }, ...layer],
        from: { t: "table", name: `r${n}`, as: `r${n}` },
      };
      return { name: `r${n + 1}`, select };
    });
    return [{ name: "r0", select: this.base, materialized }, ...layers];
  }

  #compile(tree: MeasureTree): Placed {
    const filled = (found: Placed): Placed =>
      tree.fill === undefined
        ? found
        : { ...found, expr: call("coalesce", found.expr, { t: "numeral", text: String(tree.fill) }) };
    switch (tree.t) {
      case "leaf": {
        const leaf = this.#leaf(tree.leaf);
        return filled(isCount(tree.leaf) ? { ...leaf, expr: this.#counted(tree.leaf, leaf.expr) } : leaf);
      }
      case "formula": {
        const parts = new Map([...tree.parts].map(([name, part]) => [name, { part, placed: this.#compile(part) }]));
        // a count has 19 digits, a product of counts may need all 38
        const wide = hasProduct(tree.formula);
        const part = (name: string): Expr => {
          const { part: of, placed } = required(parts, name, "measure");
          return wide && of.t === "leaf" && isCount(of.leaf) ? cast(placed.expr, "whole") : placed.expr;
        };
        return filled({
          expr: formulaExpr(tree.formula, part),
          layer: Math.max(0, ...[...parts.values()].map(({ placed }) => placed.layer)),
        });
      }
      case "share": {
        const base = this.#compile(tree.base);
        const whole = this.#elsewhere(tree.whole ? this.#compile(tree.whole) : base, (set) =>
          denominator(tree.of, set, this.query.keys),
        );
        return filled({ expr: call("divide", base.expr, whole.expr), layer: Math.max(base.layer, whole.layer) });
      }
      case "rank": {
        const base = this.#compile(tree.base);
        const within = (tree.within ?? [])
          .map((member) => this.query.keys.findIndex((key) => key.member === member))
          .filter((i) => i >= 0);
        const window: Expr = {
          t: "window",
          name: "rank",
          of: null,
          filter: null,
          partitionBy: [column(null, "g"), ...within.map((i) => column(null, k(i)))],
          orderBy: [{ by: base.expr, direction: tree.direction }],
        };
        const placed = this.#window(base.layer, window);
        return filled({
          expr: { t: "case", whens: [{ when: notNull(base.expr), then: placed.expr }], otherwise: null },
          layer: placed.layer,
        });
      }
    }
  }

  /** A count of nothing is 0, but null where there was nowhere to look. */
  #counted(leaf: Leaf, own: Expr): Expr {
    const known = this.#counts.get(leaf);
    if (known) return known;
    const counted = call("coalesce", own, integer(0));
    const whens = this.query.sets.flatMap((set) => {
      const has = this.windowOf(leaf, set);
      if (has === null) return [];
      const nowhere: Expr = { t: "is_true", of: has, negated: true };
      const level = equals(column(null, "g"), integer(groupingNumber(set, this.query.keys.length)));
      return [{ when: this.query.sets.length > 1 ? binary("and", level, nowhere) : nowhere, then: own }];
    });
    const made: Expr = whens.length === 0 ? counted : { t: "case", whens, otherwise: counted };
    this.#counts.set(leaf, made);
    return made;
  }

  #leaf(leaf: Leaf): Placed {
    const own = { expr: column(null, leaf.column), layer: 0 };
    const repeat = this.repeated.get(leaf.column);
    return repeat ? this.#elsewhere(own, (set) => set.filter((i) => repeat.includes(i))) : own;
  }

  /** The value in the row of a coarser set that this row belongs to. */
  #elsewhere(value: Placed, coarser: (set: GroupingSet) => GroupingSet): Placed {
    const keys = this.query.keys.length;
    const whens = this.query.sets.map((set) => {
      const other = coarser(set);
      const window: Expr = {
        t: "window",
        name: "max",
        of: value.expr,
        filter: equals(column(null, "g"), integer(groupingNumber(other, keys))),
        partitionBy: other.map((i) => column(null, k(i))),
        orderBy: [],
      };
      return { when: equals(column(null, "g"), integer(groupingNumber(set, keys))), then: window };
    });
    const [only, another] = whens;
    return this.#window(value.layer, only && !another ? only.then : { t: "case", whens, otherwise: null });
  }

  #window(below: number, expr: Expr): Placed {
    const layer = (this.windows[below] ??= []);
    const same = layer.find((w) => JSON.stringify(w.expr) === JSON.stringify(expr));
    const as = same?.as ?? `w${below}_${layer.length}`;
    if (!same) layer.push({ as, expr });
    return { expr: column(null, as), layer: below + 1 };
  }
}

/** An expression, and the layer that it can be read from. */
interface Placed {
  readonly expr: Expr;
  readonly layer: number;
}

/** Whether a value that is not null means that all its facts exist: nothing in it turns null into a number. */
function needsAllLeaves(tree: MeasureTree): boolean {
  switch (tree.t) {
    case "leaf":
      return tree.fill === undefined && !isCount(tree.leaf);
    case "formula":
      return (
        tree.parts.size > 0 &&
        isArithmetic(tree.formula) &&
        [...tree.parts.values()].every((part) => part.fill === undefined && needsAllLeaves(part))
      );
    case "share":
      return tree.base.fill === undefined && needsAllLeaves(tree.base);
    case "rank":
      return false;
  }
}
