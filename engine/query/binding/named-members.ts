/** Members of parent-child hierarchies by label: a filter may name a member by a label that no other has. */
import type { NamedMembers } from "./binding.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { DimensionNode } from "../../model/catalog.ts";
import type { FilterValue } from "../../model/filter.ts";
import { labelOf } from "./member.ts";

/**
 * The key of a member: the value itself, or that of the one member with this label.
 * @throws TesseraError `filter-invalid` with the keys where several members have the label
 */
export function keyNamed(
  members: NamedMembers | undefined,
  dimension: DimensionNode,
  value: FilterValue,
  member: string,
  place: string,
): FilterValue {
  if (typeof value !== "string" || !members || members.keys.has(value)) return value;
  // a role that cannot read labels cannot find members by them either
  const label = dimension.attributes.get(labelOf(dimension));
  if (!label || label.source.t === "masked") return value;
  const keys = members.byLabel.get(value) ?? [];
  const [key, another] = keys;
  if (key === undefined)
    throw new TesseraError(
      "filter-invalid",
      phrase`${member} has no member ${JSON.stringify(value)}${didYouMean(value, members.byLabel.keys())}`,
      { place, remedy: phrase`give a key, or a ${labelOf(dimension)} that one member has` },
    );
  if (another === undefined) return key;
  throw new TesseraError(
    "filter-invalid",
    phrase`${keys.length} members of ${member} are called ${JSON.stringify(value)}`,
    {
      place,
      remedy: phrase`give one of their keys: ${keys.slice(0, 20).join(", ")}${keys.length > 20 ? ", …" : ""}`,
    },
  );
}
