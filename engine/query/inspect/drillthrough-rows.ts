/** The SELECT of a drill-through: the rows that count, and each measure's value where they count for it. */
import { all, any, binary, column, type Expr, type Select } from "../../sql/tree.ts";
import type { Edge } from "./edge-rows.ts";
import { FactSource } from "../scan/fact-source.ts";
import type { Column, Value } from "../../model/query.ts";

/** A column of the answer: how it is shown, and what it reads. */
export interface Shown {
  readonly column: Column;
  readonly expr: Expr;
  readonly decode: ((value: Value) => Value) | null;
}

/** A measure's column. */
export interface Measured extends Shown {
  /** whether the row counts for the measure; null: every row does */
  readonly passes: Expr | null;
}

/** A measure's column, with the date whose rows count. */
export type DatedMeasure = Measured & { readonly edge: Edge | null };

const columnName = (i: number): string => `c${i}`;

const counted = (passes: Expr | null, value: Expr): Expr =>
  passes ? { t: "case", whens: [{ when: passes, then: value }], otherwise: null } : value;

/** Whether a row counts for some measure; null where every row counts for one. */
const forSome = (passes: readonly (Expr | null)[]): Expr | null =>
  passes.every((p): p is Expr => p !== null) ? any(passes) : null;

/** Whether a row counts for a measure, as far as the row itself shows. */
const ownPasses = ({ passes, edge }: DatedMeasure): Expr | null =>
  all([passes, edge?.t === "one" ? edge.passes : null]);

/** The rows that count for some measure. The dates of `per` keys are found among the cell's rows first. */
export function rowsWith(shown: readonly Shown[], measured: readonly DatedMeasure[], source: FactSource): Select {
  if (measured.some(({ edge }) => edge?.t === "each")) return rowsByKey(shown, measured, source);
  const passes = measured.map(ownPasses);
  const { where, ...parts } = source.parts();
  return {
    t: "select",
    columns: [
      ...shown.map(({ expr }) => expr),
      ...measured.map((measure, i) => counted(passes[i] ?? null, measure.expr)),
    ].map((expr, i) => ({ expr, as: columnName(i) })),
    ...parts,
    where: all([where, forSome(passes)]),
  };
}

function rowsByKey(shown: readonly Shown[], measured: readonly DatedMeasure[], source: FactSource): Select {
  const flags = measured.map((measure, i): { readonly columns: Select["columns"]; readonly passes: Expr | null } => {
    const own = ownPasses(measure);
    const { edge } = measure;
    const dated =
      edge?.t === "each"
        ? [
            { expr: edge.day, as: `d${i}` },
            { expr: edge.edge, as: `e${i}` },
          ]
        : [];
    return {
      columns: [...(own ? [{ expr: own, as: `p${i}` }] : []), ...dated],
      passes: all([
        own ? column("x", `p${i}`) : null,
        dated.length > 0 ? binary("=", column("x", `d${i}`), column("x", `e${i}`)) : null,
      ]),
    };
  });
  const inner: Select = {
    t: "select",
    columns: [
      ...[...shown, ...measured].map(({ expr }, i) => ({ expr, as: columnName(i) })),
      ...flags.flatMap((f) => f.columns),
    ],
    ...source.parts(),
  };
  const values = flags.map(({ passes }, i) => counted(passes, column("x", columnName(shown.length + i))));
  return {
    t: "select",
    from: { t: "select", select: inner, as: "x" },
    columns: [...shown.map((_, i) => column("x", columnName(i))), ...values].map((expr, i) => ({
      expr,
      as: columnName(i),
    })),
    where: forSome(flags.map(({ passes }) => passes)),
  };
}
