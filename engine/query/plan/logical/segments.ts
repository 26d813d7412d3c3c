/** The segments that a plan names, in an order in which each names only those before it. */
import { TesseraError, phrase } from "../../../errors/index.ts";
import type { ResolveContext } from "../../resolve/resolve-context.ts";
import { appliesTo } from "../../scan/row-rules.ts";
import { optimise } from "../rules/optimise.ts";
import type { Rule } from "../rules/rule.ts";
import type { PlanContext } from "../plan-context.ts";
import type { Links } from "./links.ts";
import { mentionsIn } from "./mentions.ts";
import { conditionNode } from "./naming.ts";
import type { SegmentNode } from "./nodes.ts";
import { segmentNode } from "./segment-node.ts";

/** What segments are planned with. */
export interface SegmentPlanning {
  readonly links: Links;
  readonly context: PlanContext;
  readonly optimiser: readonly Rule[] | undefined;
  /** what a segment is resolved against: the whole model, but for a rule that a caller sends */
  resolveOf(segment: string): ResolveContext;
}

/**
 * The segments that a part of a plan names, and those that they name themselves.
 * @throws TesseraError `model-invalid` for a segment that is made from itself
 */
export function segmentNodes(part: unknown, planning: SegmentPlanning): readonly SegmentNode[] {
  const { context, links, optimiser, resolveOf } = planning;
  const made = new Map<string, SegmentNode>();

  const visitAll = (of: unknown, ruled: boolean, path: readonly string[]): void => {
    const { segments, cubes } = mentionsIn(of);
    // row rules name segments too, which no row rules restrict
    for (const rule of ruled ? context.rules : [])
      if (path.length > 0 || applies(rule, cubes, context))
        for (const name of mentionsIn(conditionNode(rule)).segments) visit(name, false, []);
    for (const name of segments) visit(name, ruled, path);
  };

  const visit = (name: string, ruled: boolean, path: readonly string[]): void => {
    const identity = `${ruled ? "" : "unruled "}${name}`;
    if (made.has(identity)) return;
    if (path.includes(name))
      throw new TesseraError(
        "model-invalid",
        phrase`segment ${name} is made from itself: ${[...path, name].join(" > ")}`,
        { place: `segment ${name}`, remedy: "break the circle" },
      );
    const own = ruled ? context : { ...context, rules: [] };
    const node = segmentNode(name, ruled, resolveOf(name), own);
    const measured = node.measured.map((plan) => optimise(plan, links, own, optimiser));
    visitAll([node.rule, measured], ruled, [...path, name]);
    made.set(identity, { ...node, measured });
  };

  visitAll(part, true, []);
  return [...made.values()];
}

/** Whether a row rule restricts a fact that is read: one that has what the rule names. */
const applies = (rule: PlanContext["rules"][number], cubes: ReadonlySet<string>, context: PlanContext): boolean =>
  [...cubes].some((name) => {
    const cube = context.catalog.cubes.get(name);
    return cube !== undefined && appliesTo(rule, cube, context);
  });
