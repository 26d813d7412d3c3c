/** Measures as expressions over the merged facts; whatever looks across rows (shares, ranks, repeated numbers) is a layer of windows. */
import type { Formula } from "../../model/formula.ts";
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
  type Select,
  type SelectLike,
} from "../../sql/tree.ts";
import { groupingNumber, uniqueSets, type GroupingSet } from "../language/grouping.ts";
import { isCount, leavesIn } from "../resolve/leaf.ts";
import type { Leaf, MeasureTree } from "../resolve/nodes.ts";
import type { ResolvedQuery } from "../resolve/resolve.ts";

const k = (i: number): string => `k${i}`;

/** The coarser sets that shares need beside the sets asked for; a share of a share has its own there too. */
export function denominators(
  tree: MeasureTree,
  query: ResolvedQuery,
  sets: readonly GroupingSet[] = query.sets,
): GroupingSet[] {
  switch (tree.t) {
    case "leaf":
      return [];
    case "formula":
      return [...tree.parts.values()].flatMap((part) => denominators(part, query, sets));
    case "rank":
      return denominators(tree.base, query, sets);
    case "share": {
      const own = uniqueSets(sets.map((set) => denominator(tree.of, set, query)));
      return [
        ...own,
        ...denominators(tree.base, query, uniqueSets([...sets, ...own])),
        ...(tree.whole ? denominators(tree.whole, query, uniqueSets([...sets, ...own])) : []),
      ];
    }
  }
}

function denominator(of: "total" | "parent" | readonly string[], set: GroupingSet, query: ResolvedQuery): GroupingSet {
  if (of === "total") return [];
  if (of === "parent") return set.slice(0, -1);
  return set.filter((i) => of.includes(query.keys[i]!.member));
}

export class Layers {
  readonly #counts = new Map<Leaf, Expr>();
  readonly windows: { readonly as: string; readonly expr: Expr }[][] = [];
  /** @param sets those of the answer and those that shares are taken of: a value is looked up from the rows of each */
  constructor(
    readonly query: ResolvedQuery,
    readonly sets: readonly GroupingSet[],
    readonly base: SelectLike,
    readonly repeated: ReadonlyMap<string, (set: GroupingSet) => GroupingSet>,
    readonly windowed: (leaf: Leaf, set: GroupingSet) => Expr | null,
  ) {}

  /** The value of a tree at each row. */
  value(tree: MeasureTree): Expr {
    return this.#compile(tree).expr;
  }

  /** Whether a measure has a value in a row: it is not null, and one of its own facts is there. A count that found nothing is no value. */
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

  /** Whether one of several has a value. What has none without a measure that stands beside it need not be asked. */
  existenceOfAny(trees: readonly MeasureTree[]): Expr {
    const bare = new Set(trees.flatMap((tree) => (tree.t === "leaf" ? [tree.leaf] : [])));
    const implied = (tree: MeasureTree): boolean =>
      tree.t !== "leaf" && needsAllLeaves(tree) && leavesIn(tree).some((leaf) => bare.has(leaf));
    return any(trees.filter((tree) => !implied(tree)).map((tree) => this.existence(tree)));
  }

  /** 1 in every row of a grouping set and of the same values of `keys` in one of whose rows a condition holds. */
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

  get top(): string {
    return `r${this.windows.length}`;
  }

  /** The relations from the merged facts to the last layer, as CTEs. @param once they are read once */
  with(once = false): NonNullable<Select["with"]> {
    const materialized = this.windows.length > 0 || (this.sets.length > 1 && !once);
    return [
      { name: "r0", select: this.base, materialized },
      ...this.windows.map((layer, n) => ({
        name: `r${n + 1}`,
        select: {
          t: "select",
          columns: [{ expr: { t: "star" }, as: "*" }, ...layer],
          from: { t: "table", name: `r${n}`, as: `r${n}` },
        } as Select,
      })),
    ];
  }

  #compile(tree: MeasureTree): { expr: Expr; layer: number } {
    const filled = (found: { expr: Expr; layer: number }): { expr: Expr; layer: number } =>
      tree.fill === undefined
        ? found
        : { ...found, expr: call("coalesce", found.expr, { t: "numeral", text: String(tree.fill) }) };
    switch (tree.t) {
      case "leaf": {
        const leaf = this.#leaf(tree.leaf);
        return filled(isCount(tree.leaf) ? { ...leaf, expr: this.#counted(tree.leaf, leaf.expr) } : leaf);
      }
      case "formula": {
        const parts = new Map([...tree.parts].map(([name, part]) => [name, this.#compile(part)]));
        // a count has 19 digits, a product of counts may need all 38
        const wide = hasProduct(tree.formula);
        const part = (name: string): Expr => {
          const of = tree.parts.get(name)!;
          return wide && of.t === "leaf" && isCount(of.leaf)
            ? cast(parts.get(name)!.expr, "whole")
            : parts.get(name)!.expr;
        };
        return filled({
          expr: formulaExpr(tree.formula, part),
          layer: Math.max(0, ...[...parts.values()].map((p) => p.layer)),
        });
      }
      case "share": {
        const base = this.#compile(tree.base);
        const whole = this.#elsewhere(tree.whole ? this.#compile(tree.whole) : base, (set) =>
          denominator(tree.of, set, this.query),
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

  /** A count that found nothing is 0, but where there was nowhere to look it is null. */
  #counted(leaf: Leaf, own: Expr): Expr {
    const known = this.#counts.get(leaf);
    if (known) return known;
    const counted = call("coalesce", own, integer(0));
    const whens = this.sets.flatMap((set) => {
      const has = this.windowed(leaf, set);
      return has === null
        ? []
        : [
            {
              when: all([
                this.sets.length > 1
                  ? equals(column(null, "g"), integer(groupingNumber(set, this.query.keys.length)))
                  : null,
                { t: "is_true", of: has, negated: true },
              ])!,
              then: own,
            },
          ];
    });
    const made: Expr = whens.length === 0 ? counted : { t: "case", whens, otherwise: counted };
    this.#counts.set(leaf, made);
    return made;
  }

  #leaf(leaf: Leaf): { expr: Expr; layer: number } {
    const own = { expr: column(null, leaf.column), layer: 0 };
    const repeat = this.repeated.get(leaf.column);
    return repeat ? this.#elsewhere(own, repeat) : own;
  }

  /** The value at the row of a coarser set that this row belongs to. */
  #elsewhere(
    value: { expr: Expr; layer: number },
    at: (set: GroupingSet) => GroupingSet,
  ): { expr: Expr; layer: number } {
    const keys = this.query.keys.length;
    const whens = this.sets.map((set) => {
      const other = at(set);
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
    return this.#window(value.layer, whens.length === 1 ? whens[0]!.then : { t: "case", whens, otherwise: null });
  }

  #window(below: number, expr: Expr): { expr: Expr; layer: number } {
    const layer = (this.windows[below] ??= []);
    const same = layer.find((w) => JSON.stringify(w.expr) === JSON.stringify(expr));
    const as = same?.as ?? `w${below}_${layer.length}`;
    if (!same) layer.push({ as, expr });
    return { expr: column(null, as), layer: below + 1 };
  }
}

/** Whether a value that is not null says that its facts are there: nothing in it turns null into a number. */
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

const isArithmetic = (f: Formula): boolean =>
  f.t === "number" ||
  f.t === "measure" ||
  (f.t === "negate" && isArithmetic(f.of)) ||
  (f.t === "binary" && "+-*/".includes(f.op) && isArithmetic(f.left) && isArithmetic(f.right));

function hasProduct(formula: Formula): boolean {
  switch (formula.t) {
    case "binary":
      return formula.op === "*" || hasProduct(formula.left) || hasProduct(formula.right);
    case "negate":
    case "not":
      return hasProduct(formula.of);
    case "call":
      return formula.args.some(hasProduct);
    case "case":
      return (
        formula.whens.some((w) => hasProduct(w.when) || hasProduct(w.then)) ||
        (formula.otherwise !== null && hasProduct(formula.otherwise))
      );
    default:
      return false;
  }
}

function formulaExpr(formula: Formula, measure: (name: string) => Expr): Expr {
  const at = (f: Formula): Expr => formulaExpr(f, measure);
  switch (formula.t) {
    case "number":
      return { t: "numeral", text: formula.text };
    case "text":
      return literal(formula.text, "text");
    case "boolean":
      return literal(formula.value, "boolean");
    case "null":
      return { t: "null" };
    case "measure":
      return measure(formula.name);
    case "negate":
      return { t: "negate", of: at(formula.of) };
    case "not":
      return { t: "not", of: at(formula.of) };
    case "binary":
      return formula.op === "/"
        ? call("divide", at(formula.left), at(formula.right))
        : binary(formula.op, at(formula.left), at(formula.right));
    case "call":
      return call(formula.name, ...formula.args.map(at));
    case "case":
      return {
        t: "case",
        whens: formula.whens.map((w) => ({ when: at(w.when), then: at(w.then) })),
        otherwise: formula.otherwise && at(formula.otherwise),
      };
  }
}
