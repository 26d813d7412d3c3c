/** The rows of a plan as one SELECT with bins by their labels, for answers that DuckDB writes itself. */
import type { Printed } from "../../sql/printer.ts";
import { binLabels } from "../binding/bins.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";

/** Gives k0…, g and the values: at most `limit` rows, in the query's order. */
export function detailRows(resolved: ResolvedQuery, { sql }: Printed): string {
  const named = resolved.keys.flatMap((ref, i) =>
    ref.t !== "segment" && ref.attribute.bins
      ? [
          `[${binLabels(ref.attribute.bins)
            .map((label) => `'${label}'`)
            .join(", ")}][k${i} + 1] AS k${i}`,
        ]
      : [],
  );
  return `SELECT *${named.length > 0 ? ` REPLACE (${named.join(", ")})` : ""} FROM (${sql}) LIMIT ${resolved.limit}`;
}
