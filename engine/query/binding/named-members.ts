/** Members of parent-child hierarchies by their label: a filter may name one by it where no other has the same. */
import type { NamedMembers } from "./binding.ts";
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { DimensionNode } from "../../model/catalog.ts";
import type { FilterValue } from "../../model/filter.ts";
import { labelOf } from "./member.ts";

/** The key that a value stands for: itself, or that of the one member with this label. @throws TesseraError `filter-invalid` with the keys where several have it */
export function keyNamed(
  members: NamedMembers | undefined,
  dimension: DimensionNode,
  value: FilterValue,
  member: string,
  place: string,
): FilterValue {
  if (typeof value !== "string" || !members || members.keys.has(value)) return value;
  // whoever may not read labels may not find members by them either
  const label = dimension.attributes.get(labelOf(dimension));
  if (!label || label.source.t === "masked") return value;
  const keys = members.byLabel.get(value) ?? [];
  if (keys.length === 1) return keys[0]!;
  if (keys.length === 0)
    throw new TesseraError(
      "filter-invalid",
      phrase`${member} has no member ${JSON.stringify(value)}${didYouMean(value, members.byLabel.keys())}`,
      { place, remedy: phrase`give a key, or a ${labelOf(dimension)} that one member has` },
    );
  throw new TesseraError(
    "filter-invalid",
    phrase`${keys.length} members of ${member} are called ${JSON.stringify(value)}`,
    {
      place,
      remedy: phrase`give one of their keys: ${keys.slice(0, 20).join(", ")}${keys.length > 20 ? ", …" : ""}`,
    },
  );
}
