/** The rows behind a first or last value: those of the date that counts, not all of the cell. */
import type { CubeNode } from "../../model/catalog.ts";
import { column, type Expr } from "../../sql/tree.ts";
import type { Condition } from "../resolve/nodes.ts";
import { refsIn } from "../resolve/condition-parts.ts";
import { FactSource } from "../scan/fact-source.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { CompileContext } from "../scan/compile-context.ts";

/** Which of a cell's rows count. */
export type Edge =
  /** the rows of one date */
  { readonly t: "one"; readonly passes: Expr } | { readonly t: "each"; readonly day: Expr; readonly edge: Expr };

/**
 * The rows that count for a leaf; null where all do. Without `per` keys the date is the last of the cell's period,
 * whatever else the cell filters, as in the cell itself.
 */
export function edgeOf(
  leaf: Leaf,
  cube: CubeNode,
  rows: readonly Condition[],
  cell: readonly Condition[],
  source: FactSource,
  context: CompileContext,
): Edge | null {
  const { measure } = leaf;
  if (measure.kind !== "semi_additive" || measure.take === "average") return null;
  const name = measure.take === "first" ? "min" : "max";
  const day = source.day(measure.over);
  if (measure.per)
    return {
      t: "each",
      day,
      edge: {
        t: "window",
        name,
        of: day,
        filter: null,
        partitionBy: measure.per.map((per) => source.argument(per)),
        orderBy: [],
      },
    };
  const dates = new FactSource(context, cube);
  const along = (condition: Condition): boolean =>
    refsIn(condition).every((ref) => ref.t === "role" && ref.role === measure.over);
  for (const condition of [...rows, ...cell.filter(along)]) dates.filter(condition);
  const select = {
    t: "select" as const,
    columns: [
      {
        expr: { t: "aggregate" as const, name: name as "min" | "max", of: dates.day(measure.over), filter: null },
        as: "d",
      },
    ],
    ...dates.parts(),
  };
  return {
    t: "one",
    passes: {
      t: "in_select",
      of: day,
      select: { t: "select", columns: [{ expr: column("e", "d"), as: "d" }], from: { t: "select", select, as: "e" } },
    },
  };
}
