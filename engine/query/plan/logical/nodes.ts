/**
 * The logical plan of a query: what is read, and what is made of it, as plain data. Everything is said by name, days
 * are ISO dates, and an open end is null, so that a plan is JSON; the model that it was made for gives the names their
 * meaning (`links.ts`).
 */
import type { AttributeType } from "../../../model/dimension.ts";
import type { Formula } from "../../../model/formula.ts";
import type { ShareMeasure, TimeChange } from "../../../model/measure.ts";
import type { Value } from "../../../model/query.ts";
import type { GroupingSet } from "../../language/grouping.ts";
import type { LeafMeasure } from "../../resolve/nodes.ts";
import type { ConditionNode, IsoDay, IsoRange, KeyNode } from "./condition-nodes.ts";

export type { ConditionNode, IsoDay, IsoRange, KeyNode, MemberSetNode } from "./condition-nodes.ts";

/** One aggregate of one fact. */
export interface LeafNode {
  /** its column in the merged facts */
  readonly column: string;
  /** `cube.measure` */
  readonly member: string;
  readonly cube: string;
  /** what is aggregated, and how */
  readonly take: LeafMeasure;
  /** the measure's own filter */
  readonly where?: ConditionNode;
  /** how the days that it reads differ from its cell's, outermost first */
  readonly moves?: readonly MoveNode[];
  /** it reads only what tops leave out */
  readonly rest?: RestNode;
  /** of a conversion: its base events, and those that may follow them */
  readonly events?: {
    readonly from: EventsNode;
    readonly to: EventsNode & { readonly where: ConditionNode | null };
  };
  /** the keys that its fact has, where it lacks some: there its value is repeated */
  readonly repeated?: GroupingSet;
}

/** A change of a window of days along a date role. */
export type MoveNode = { readonly role: string } & (
  | { readonly change: TimeChange }
  | { readonly change: { readonly type: "compare" } }
);

/** Facts as events. */
export interface EventsNode {
  readonly cube: string;
  readonly date: string;
}

/** What tops leave out. */
export interface RestNode {
  readonly id: string;
  readonly where: readonly ConditionNode[];
  /** members of the dates of a role that are kept, by their cells */
  readonly cells: readonly {
    readonly role: string;
    readonly keys: readonly KeyNode[];
    readonly kept: readonly string[];
  }[];
}

/** The dates that windows are taken along; see `Along`. */
export interface AlongNode {
  readonly role: string;
  readonly days: readonly IsoRange[];
  readonly reached: readonly IsoRange[];
  readonly bounded: boolean;
  readonly compare?: { readonly current: IsoRange; readonly previous: IsoRange; readonly years: number | null };
}

/** Leaves of one fact that are read together. */
export interface ScanNode {
  readonly t: "scan";
  readonly cube: string;
  /** columns of leaves */
  readonly leaves: readonly string[];
  /** the grouping sets to compute: positions of keys that the fact has */
  readonly sets: readonly GroupingSet[];
  /** filters that every row obeys; dates along which leaves move are in `along` */
  readonly where: readonly ConditionNode[];
  /** where leaves move along dates: the days that their cells are cut from */
  readonly along?: AlongNode;
  /** a rollup that answers in place of the facts */
  readonly rollup?: RollupNode;
  /** how it may be read faster, without another answer */
  readonly hints?: readonly ScanHint[];
}

/** A rollup in place of facts; of a split range, its whole months only. */
export interface RollupNode {
  readonly name: string;
  readonly split?: { readonly middle: readonly ConditionNode[]; readonly edges: readonly ConditionNode[] };
}

/** What an optimiser rule allows the fold to do; see `rules/`. */
export type ScanHint = "subtotals_from_groups" | "period_numbers" | "periods_first" | "cells_by_moving";

/** A measure of a measure: a plan at a finer grain, aggregated to the query's. */
export interface NestedNode {
  readonly t: "nested";
  /** the column of its leaf */
  readonly leaf: string;
  readonly sets: readonly GroupingSet[];
  /** the keys of `of` that it is taken for each of; the first keys of `of` are the query's */
  readonly per: readonly number[];
  readonly along?: AlongNode;
  readonly of: LogicalPlan;
}

export type FactNode = ScanNode | NestedNode;

/** How a measure is computed from leaves; `fill` is the value of a cell without rows. */
export type TreeNode =
  | { readonly t: "leaf"; readonly column: string; readonly fill?: number }
  | {
      readonly t: "formula";
      readonly formula: Formula;
      readonly parts: Readonly<Record<string, TreeNode>>;
      readonly fill?: number;
    }
  | {
      readonly t: "share";
      readonly base: TreeNode;
      readonly whole?: TreeNode;
      readonly of: ShareMeasure["of"];
      readonly fill?: number;
    }
  | {
      readonly t: "rank";
      readonly base: TreeNode;
      readonly direction: "asc" | "desc";
      readonly within: readonly string[] | null;
      readonly fill?: number;
    };

/** A measure of the answer. */
export interface MeasureNode {
  readonly name: string;
  readonly type: AttributeType;
  readonly value: TreeNode;
  /** the compared side */
  readonly previous?: TreeNode;
}

/** The periods that an answer shows even without facts. */
export interface FillNode {
  readonly role: string;
  readonly days: readonly IsoRange[];
}

/** The plan of one query. */
export interface LogicalPlan {
  readonly keys: readonly KeyNode[];
  /** the grouping sets of the answer: its rows first, then its totals */
  readonly shown: readonly GroupingSet[];
  /** those computed: the shown ones, and those that shares are taken of */
  readonly sets: readonly GroupingSet[];
  readonly leaves: readonly LeafNode[];
  readonly facts: readonly FactNode[];
  readonly fill?: FillNode;
  readonly measures: readonly MeasureNode[];
  /** measures that only filters or the order need */
  readonly hidden: Readonly<Record<string, TreeNode>>;
  /** filters of measures */
  readonly having: readonly ConditionNode[];
  /** members that `top` keeps */
  readonly keep: readonly { readonly keys: readonly number[]; readonly members: readonly (readonly Value[])[] }[];
  /** the answer is the n rows with the most of a measure */
  readonly best?: { readonly measure: number; readonly n: number };
  readonly order: readonly {
    readonly by: { readonly key: number } | { readonly measure: string };
    readonly direction: "asc" | "desc";
  }[];
  /** null: every row */
  readonly limit: number | null;
  readonly offset?: number;
  readonly now: IsoDay;
  /** how many rows the facts have at most, where that is known to be few */
  readonly fewRows?: number;
  /** only rollups are read, and few rows of them: one thread answers soonest */
  readonly quick?: true;
}

/** A rule over the members of a dimension. */
export type RuleNode =
  | { readonly t: "all" | "any"; readonly of: readonly RuleNode[] }
  | { readonly t: "not"; readonly of: RuleNode }
  | { readonly t: "own"; readonly where: ConditionNode }
  | { readonly t: "segment"; readonly segment: string }
  /** a measure of the member's facts, from the n-th of `measured`; `empty`: its value without facts */
  | {
      readonly t: "measure";
      readonly where: ConditionNode;
      readonly measured: number;
      readonly empty: number | null;
    }
  | { readonly t: "facts"; readonly cube: string; readonly where: readonly ConditionNode[] };

/** The members of a segment. */
export interface SegmentNode {
  readonly segment: string;
  /** whether the caller's row rules restrict it */
  readonly ruled: boolean;
  readonly dimension: string;
  /** the role by which facts know the dimension */
  readonly role: string;
  /** members named one by one */
  readonly listed?: ConditionNode;
  readonly rule?: RuleNode;
  /** measures taken for each member */
  readonly measured: readonly LogicalPlan[];
}

/** The plan of a statement. */
export interface QueryPlan extends LogicalPlan {
  /** which version of a member is seen */
  readonly history: "as_is" | "as_was" | { readonly asOf: IsoDay };
  /** in which moments become days; null: each calendar's own */
  readonly timeZone: string | null;
  /** row rules of the caller's role, in every scan that has what they name */
  readonly rules: readonly ConditionNode[];
  /** the segments that are named anywhere; each names only those before it */
  readonly segments: readonly SegmentNode[];
}
