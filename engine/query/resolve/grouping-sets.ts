/** The grouping sets of a query: its rows and its totals. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { setKey } from "../language/grouping.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { Query } from "../../model/query.ts";
import type { GroupingSet } from "../language/grouping.ts";

/**
 * The rows' own set first, then those of the totals.
 * @throws TesseraError `query-invalid` for a total by another name
 */
export function groupingSets(
  query: Query,
  keys: readonly AttributeRef[],
  positionOf: (member: string) => number,
): GroupingSet[] {
  const details = keys.map((_, i) => i);
  const sets: GroupingSet[] = [details];
  if (query.totals === true) return [...sets, ...details.map((_, n) => details.slice(0, n))];
  for (const [i, level] of (query.totals || []).entries()) {
    const set = level.map((member) => {
      const at = positionOf(member);
      if (at < 0)
        throw new TesseraError(
          "query-invalid",
          phrase`totals name "${member}", which is not a dimension of the query`,
          {
            place: `$.totals[${i}]`,
            remedy: phrase`use ${keys.map((k) => k.member).join(", ") || "[]"}`,
          },
        );
      return at;
    });
    set.sort((a, b) => a - b);
    if (!sets.some((known) => setKey(known) === setKey(set))) sets.push(set);
  }
  return sets;
}
