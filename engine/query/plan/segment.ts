/** The members of a segment, as a SELECT of their keys. */
import { last } from "../../lookup.ts";
import { segmentNamed } from "../../model/catalog.ts";
import type { Select } from "../../sql/tree.ts";
import type { ResolveContext } from "../resolve/resolve-context.ts";
import { withSegments } from "./fold/segments.ts";
import { Links } from "./logical/links.ts";
import { segmentNodes } from "./logical/segments.ts";
import type { PlanContext } from "./plan-context.ts";

/**
 * The keys of a segment's members, as one column `k`.
 * @param resolve may know a rule that a caller sends as a segment; those that it names are the model's
 * @throws TesseraError `model-invalid` for a segment that contains itself, or whose dimension no cube has
 */
export function compileSegment(name: string, resolve: ResolveContext, context: PlanContext): Select {
  segmentNamed(resolve.catalog, name);
  const links = new Links(context);
  const segments = segmentNodes([{ t: "segment", segment: name }], {
    links,
    context,
    optimiser: undefined,
    resolveOf: (segment) => (segment === name ? resolve : context.whole),
  });
  return withSegments(segments, links, context).segmentKeys(last(segments).segment);
}
