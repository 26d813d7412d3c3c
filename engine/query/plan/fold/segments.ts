/** The segments of a plan as SELECTs, each made once and in the plan's order. */
import { required } from "../../../lookup.ts";
import type { Select } from "../../../sql/tree.ts";
import type { Links } from "../logical/links.ts";
import type { SegmentNode } from "../logical/nodes.ts";
import type { PlanContext } from "../plan-context.ts";
import { segmentSelect } from "./segment.ts";

/** The context in which names of segments lead to the keys of those in a plan. */
export function withSegments(segments: readonly SegmentNode[], links: Links, context: PlanContext): PlanContext {
  if (segments.length === 0) return context;
  const ruled = new Map<string, Select>();
  const unruled = new Map<string, Select>();
  const ruleSegment = (name: string): Select => required(unruled, name, "segment without row rules");
  const known = { ...context, segmentKeys: (name: string) => required(ruled, name, "segment"), ruleSegment };
  const free = { ...context, rules: [], segmentKeys: ruleSegment, ruleSegment };
  for (const node of segments)
    (node.ruled ? ruled : unruled).set(node.segment, segmentSelect(node, links, node.ruled ? known : free));
  return known;
}
