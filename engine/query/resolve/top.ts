/** A query's tops, resolved: which keys they rank, and by which measure. */
import { at, last } from "../../lookup.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import { isMeasure, resolveMeasure, type AttributeRef } from "../binding/member.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Leaves } from "./leaf.ts";
import type { Leaf, MeasureTree } from "./nodes.ts";
import type { Query } from "../../model/query.ts";

/** A ranking that the query asks for. */
export interface ResolvedTop {
  /** positions of the keys that members are ranked within, then of the ranked key */
  readonly keys: readonly number[];
  /** how many members are kept */
  readonly n: number;
  /** whether what is left out comes back as others */
  readonly others: boolean;
  readonly by: { readonly name: string; readonly tree: MeasureTree; readonly leaves: readonly Leaf[] };
}

/** Each choice of tops with others is a query of its own: four make fifteen. */
const MOST_WITH_OTHERS = 4;

/**
 * The tops of a query.
 * @param asked the query's own measures, by name
 * @param place gives the position of a key by name; -1: not among the dimensions
 * @param tree makes a tree over leaves of its own for each ranking measure
 * @throws TesseraError `query-invalid`, `unknown-member`
 */
export function resolveTops(
  query: Query,
  keys: readonly AttributeRef[],
  asked: ReadonlyMap<string, Query["measures"][number]>,
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
    const own = asked.get(top.by);
    const known = [...asked.keys(), ...catalog.measures.keys()];
    if (own === undefined && !isMeasure(catalog, top.by))
      throw new TesseraError(
        "unknown-member",
        phrase`top ranks by "${top.by}", which is not a measure${didYouMean(top.by, known)}`,
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
  const withOthers = tops.flatMap((top, i) => (top.others ? [i] : []));
  const excess = withOthers[MOST_WITH_OTHERS];
  if (excess !== undefined)
    throw new TesseraError(
      "query-invalid",
      phrase`others of ${withOthers.length} tops would take ${2 ** withOthers.length - 1} queries`,
      { place: `$.top[${excess}].others`, remedy: phrase`ask for the others of ${MOST_WITH_OTHERS} at most` },
    );
  const ranked = tops.map((top) => last(top.keys));
  const twice = withOthers.find((i) => ranked.some((key, other) => other !== i && key === ranked[i]));
  if (twice !== undefined)
    throw new TesseraError(
      "query-invalid",
      phrase`"${at(keys, at(ranked, twice)).member}" is ranked twice, so its others are ambiguous`,
      { place: `$.top[${twice}].others`, remedy: "rank it once, or leave others out" },
    );
  return tops;
}
