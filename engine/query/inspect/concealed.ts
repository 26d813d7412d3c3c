/** What a role may know of how a number is computed, where it sees a measure but not all that is behind it. */
import type { Catalog, MeasureNode } from "../../model/catalog.ts";
import { measureNamed } from "../../model/row-count.ts";
import { membersBehind, membersOf } from "../../model/visible-catalog.ts";

/**
 * Whether a measure is computed from, or filtered by, something that the visible catalog lacks or masks, at any depth.
 */
export function concealed(member: string, visible: Catalog, whole: Catalog, seen: Set<string> = new Set()): boolean {
  if (visible === whole || seen.has(member)) return false;
  seen.add(member);
  const node = measureNamed(whole, member);
  if (!node) return false;
  if (measureNamed(visible, member) === undefined || !visible.cubes.has(node.cube)) return true;
  return membersBehind(whole, node).some((behind) =>
    whole.measures.has(behind) ? concealed(behind, visible, whole, seen) : !attributeSeen(behind, visible, whole),
  );
}

/** Whether a segment's rule names something that the caller does not see. */
export function concealedSegment(
  name: string,
  visible: Catalog,
  whole: Catalog,
  seen: Set<string> = new Set(),
): boolean {
  if (visible === whole || seen.has(`segments.${name}`)) return false;
  seen.add(`segments.${name}`);
  const segment = (whole.project.segments ?? []).find((s) => s.name === name);
  return (
    segment !== undefined &&
    segment.filters
      .flatMap(membersOf)
      .some((m) => (whole.measures.has(m) ? concealed(m, visible, whole, seen) : !attributeSeen(m, visible, whole)))
  );
}

function attributeSeen(member: string, visible: Catalog, whole: Catalog): boolean {
  const [owner = "", name = null] = member.split(".");
  if (owner === "segments")
    return (
      name !== null &&
      (visible.project.segments ?? []).some((s) => s.name === name) &&
      !concealedSegment(name, visible, whole)
    );
  const attributes = visible.roles.get(owner)?.dimension.attributes ?? visible.cubes.get(owner)?.attributes;
  if (name === null) return attributes !== undefined;
  const found = attributes?.get(name);
  return found !== undefined && found.source.t !== "masked";
}

/** Whether a formula names something that the caller does not see: then it is not shown. */
export const formulaConcealed = (node: MeasureNode, visible: Catalog, whole: Catalog): boolean =>
  visible !== whole &&
  membersBehind(whole, node).some((m) =>
    whole.measures.has(m) ? !visible.measures.has(m) : !attributeSeen(m, visible, whole),
  );
