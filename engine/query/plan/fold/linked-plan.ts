/** A plan whose names are looked up: what the fold makes SQL of. */
import { required } from "../../../lookup.ts";
import type { AttributeType } from "../../../model/dimension.ts";
import type { Leaf, MeasureTree, Condition } from "../../resolve/nodes.ts";
import { linkTree, type LeavesByColumn, type Links } from "../logical/links.ts";
import { dayOf } from "../logical/naming.ts";
import type { LogicalPlan } from "../logical/nodes.ts";
import type { Shape } from "./fact-parts.ts";

/** A measure of the answer. */
export interface LinkedMeasure {
  readonly name: string;
  readonly type: AttributeType;
  readonly tree: MeasureTree;
  /** the compared side; null without a comparison */
  readonly previous: MeasureTree | null;
}

/** What is done with the merged facts. */
export interface LinkedPlan
  extends Shape,
    Pick<LogicalPlan, "shown" | "sets" | "keep" | "best" | "order" | "limit" | "offset" | "fewRows" | "quick"> {
  /** in the order of their columns in the merged facts */
  readonly leaves: readonly Leaf[];
  readonly byColumn: LeavesByColumn;
  readonly measures: readonly LinkedMeasure[];
  readonly hidden: ReadonlyMap<string, MeasureTree>;
  readonly having: readonly Condition[];
}

export function linkPlan(plan: LogicalPlan, links: Links): LinkedPlan {
  const byColumn = new Map(plan.leaves.map((node) => [node.column, links.leaf(node)]));
  return {
    ...plan,
    keys: plan.keys.map((key) => links.ref(key)),
    now: dayOf(plan.now),
    leaves: plan.leaves.map(({ column }) => required(byColumn, column, "leaf")),
    byColumn,
    measures: plan.measures.map(({ name, type, value, previous }) => ({
      name,
      type,
      tree: linkTree(value, byColumn),
      previous: previous ? linkTree(previous, byColumn) : null,
    })),
    hidden: new Map(Object.entries(plan.hidden).map(([name, tree]) => [name, linkTree(tree, byColumn)])),
    having: links.conditions(plan.having),
  };
}
