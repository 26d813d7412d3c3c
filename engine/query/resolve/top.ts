/** A query's tops, resolved: which keys they rank, and by what. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { isMeasure, resolveMeasure, type AttributeRef } from "../binding/member.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Leaves } from "./leaf.ts";
import type { Leaf, MeasureTree } from "./nodes.ts";
import type { Query } from "../../model/query.ts";

export interface ResolvedTop {
  /** positions of the keys that a member is kept within, then that of the ranked one */
  readonly keys: readonly number[];
  readonly n: number;
  readonly others: boolean;
  readonly by: { readonly name: string; readonly tree: MeasureTree; readonly leaves: readonly Leaf[] };
}

/** Others of several tops are one question for each choice of those left out. */
const MOST_WITH_OTHERS = 4;

/**
 * @param measures the query's own, by name @param leaves makes a collection of its own for each ranking measure
 * @throws TesseraError `query-invalid` where a top names what is not among the dimensions
 */
export function resolveTops(
  query: Query,
  keys: readonly AttributeRef[],
  measures: ReadonlyMap<string, Query["measures"][number]>,
  catalog: Catalog,
  place: (member: string, at: string) => number,
  tree: (measure: Query["measures"][number]) => { readonly tree: MeasureTree; readonly leaves: Leaves },
): readonly ResolvedTop[] {
  const tops = (query.top ?? []).map((top, i): ResolvedTop => {
    const names = [...(top.within ?? []), top.dimension];
    const positions = names.map((name) => place(name, `$.top[${i}]`));
    if (positions.includes(-1))
      throw new TesseraError(
        "query-invalid",
        phrase`top ranks ${names.join(", ")}, which must be among the dimensions`,
        {
          place: `$.top[${i}]`,
          remedy: phrase`add it to dimensions: ${keys.map((key) => key.member).join(", ") || "none yet"}`,
        },
      );
    const own = measures.get(top.by);
    if (own === undefined && !isMeasure(catalog, top.by))
      throw new TesseraError(
        "unknown-member",
        phrase`top ranks by ${top.by}, which is no measure${didYouMean(top.by, [...measures.keys(), ...catalog.measures.keys()])}`,
        { place: `$.top[${i}].by`, remedy: "rank by a measure, or by a calculation that the query names" },
      );
    if (own === undefined) resolveMeasure(catalog, top.by, `$.top[${i}].by`);
    const by = tree(own ?? top.by);
    return {
      keys: positions,
      n: top.n,
      others: top.others ?? false,
      by: { name: top.by, tree: by.tree, leaves: by.leaves.all },
    };
  });
  const asked = tops.flatMap((top, i) => (top.others ? [i] : []));
  if (asked.length > MOST_WITH_OTHERS)
    throw new TesseraError(
      "query-invalid",
      phrase`others of ${asked.length} tops would be ${2 ** asked.length - 1} questions`,
      {
        place: `$.top[${asked[MOST_WITH_OTHERS]!}].others`,
        remedy: phrase`ask for the others of ${MOST_WITH_OTHERS} at most`,
      },
    );
  const ranked = (i: number): number => tops[i]!.keys.at(-1)!;
  const twice = asked.find((i) => tops.some((_, other) => other !== i && ranked(other) === ranked(i)));
  if (twice !== undefined)
    throw new TesseraError(
      "query-invalid",
      phrase`${keys[ranked(twice)]!.member} is ranked twice, so its others have no one meaning`,
      { place: `$.top[${twice}].others`, remedy: "rank it once, or leave others out" },
    );
  return tops;
}
