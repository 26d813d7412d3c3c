/** The two measures of an allocation as columns with titles and formats. */
import type { CatalogView } from "../../../engine/model/catalog-view.ts";
import type { ChannelAllocation } from "../../../engine/model/declarations.ts";
import type { Column } from "../../../engine/model/query.ts";
import { membersIn } from "../../services/catalog-index.ts";

export const columnsOf = (
  allocation: Pick<ChannelAllocation, "spend" | "outcome">,
  catalog: CatalogView,
): { readonly spend: Column; readonly outcome: Column } => {
  const { measures } = membersIn(catalog);
  const column = (member: string): Column => {
    const measure = measures.get(member);
    const format = measure?.format ?? "number";
    return {
      name: member,
      kind: "measure",
      type: "number",
      title: measure?.title ?? member,
      format,
      ...(format === "currency" && catalog.currency && { currency: catalog.currency }),
    };
  };
  return { spend: column(allocation.spend), outcome: column(allocation.outcome) };
};
