/** Rows in the order that their members mean, where the model declares one: stages, tiers. */
import type { CatalogView } from "../../engine/model/catalog-view.ts";
import type { Query, Result, Row, Value } from "../../engine/model/query.ts";
import { membersIn } from "./catalog-index.ts";

/** The place of a member; members that the order does not name come last. */
export const placeIn = (order: readonly string[], value: Value | undefined): number => {
  const place = order.indexOf(String(value));
  return place < 0 ? order.length : place;
};

/**
 * The result with its rows in the declared order of the dimensions, the outer ones first. An order that the query asks
 * for stays; so do rows that a limit has cut.
 */
export const inMemberOrder = (result: Result, query: Query, catalog: CatalogView): Result => {
  const { attributes } = membersIn(catalog);
  const dimensions = query.dimensions ?? [];
  const orders = dimensions.map((member) => attributes.get(member)?.order);
  const isAsked = (query.order ?? []).length > 0 || (query.top ?? []).length > 0 || result.meta.truncated;
  if (isAsked || orders.every((order) => order === undefined)) return result;
  // members of dimensions without an order keep the places they have
  const seen = dimensions.map(() => new Map<Value | undefined, number>());
  const places = result.rows.map((row) =>
    dimensions.map((member, i) => {
      const order = orders[i];
      if (order) return placeIn(order, row[member]);
      const known = seen[i] ?? new Map<Value | undefined, number>();
      const place = known.get(row[member]) ?? known.size;
      known.set(row[member], place);
      return place;
    }),
  );
  const compare = (a: readonly number[], b: readonly number[]): number => {
    for (const [i, place] of a.entries()) if (place !== b[i]) return place - (b[i] ?? 0);
    return 0;
  };
  const rows = result.rows
    .map((row, i): readonly [Row, readonly number[]] => [row, places[i] ?? []])
    .sort((a, b) => compare(a[1], b[1]))
    .map(([row]) => row);
  return { ...result, rows };
};
