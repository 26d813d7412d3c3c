/** The nodes of a resolved query: plain data that the planner reads. */
import type { CubeNode, MeasureNode } from "../../model/catalog.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { EventRows } from "../../model/events.ts";
import type { FilterValue } from "../../model/filter.ts";
import type { Formula } from "../../model/formula.ts";
import type {
  AggregateMeasure,
  ConversionMeasure,
  NestedMeasure,
  SemiAdditiveMeasure,
  ShareMeasure,
  TimeChange,
} from "../../model/measure.ts";
import type { AttributeRef } from "../binding/member.ts";
import type { DayRange } from "../time/date-range.ts";

/** A change of a leaf's window along a date role; `compare` is the query's comparison, always the outermost. */
export type Frame =
  | { readonly role: string; readonly change: TimeChange }
  | { readonly role: string; readonly change: { readonly type: "compare" } };

/** The leaves of some measure trees, each once. */
export interface LeafSet {
  readonly all: readonly Leaf[];
}

/** One aggregate of one fact, under the changes of its window: what measure trees are made of. */
export interface Leaf {
  /** the column in the merged facts */
  readonly column: string;
  /** the measure, `cube.measure` */
  readonly member: string;
  /** the name of the fact's cube */
  readonly cube: string;
  /** the fact */
  readonly fact: CubeNode;
  readonly measure: LeafMeasure;
  /** the measure's own row filter */
  readonly where: Condition | null;
  /** outermost first */
  readonly frames: readonly Frame[];
  /** reads only what tops leave out */
  readonly rest?: Rest;
  /** the events that convert a base event */
  readonly following?: EventRows & { readonly condition: Condition | null; readonly from: EventRows };
  /** of a measure of a measure: the inner measure, taken for each of `per` under the same windows */
  readonly inner?: {
    readonly tree: MeasureTree;
    readonly leaves: LeafSet;
    readonly per: readonly AttributeRef[];
    /** the attribute of `per` that the windows move along, if any: its days are then the inner query's range */
    readonly ranged: AttributeRef | null;
  };
}

/** The measures that are aggregated from rows. */
export type LeafMeasure = AggregateMeasure | ConversionMeasure | NestedMeasure | SemiAdditiveMeasure;

/** How a measure is computed from leaves; `fill` is the value of a cell without rows. */
export type MeasureTree =
  | { readonly t: "leaf"; readonly leaf: Leaf; readonly fill: number | undefined }
  | {
      readonly t: "formula";
      readonly formula: Formula;
      readonly parts: ReadonlyMap<string, MeasureTree>;
      readonly fill: number | undefined;
    }
  | {
      readonly t: "share";
      readonly base: MeasureTree;
      /** what it is a share of; default: the base */
      readonly whole?: MeasureTree;
      readonly of: ShareMeasure["of"];
      readonly fill: number | undefined;
    }
  | {
      readonly t: "rank";
      readonly base: MeasureTree;
      readonly direction: "asc" | "desc";
      readonly within: readonly string[] | null;
      readonly fill: number | undefined;
    };

/** The facts that a choice of tops leaves out. */
export interface Rest {
  /** unique within a query */
  readonly id: string;
  readonly conditions: readonly Condition[];
  /**
   * Members left out along the dates of a role. A measure that moves in time reads days outside its cell, so its cells
   * are left out, not its facts.
   */
  readonly cells: readonly {
    readonly role: string;
    readonly refs: readonly AttributeRef[];
    readonly members: ReadonlySet<string>;
  }[];
}

/** How a condition compares. */
export type Comparison =
  | "equals"
  | "not_equals"
  | "contains"
  | "not_contains"
  | "starts_with"
  | "ends_with"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "is_null"
  | "not_null"
  | "descends_from";

/** A filter with every name and value resolved. */
export type Condition =
  | {
      readonly t: "attribute";
      readonly ref: AttributeRef;
      readonly operator: Comparison;
      readonly values: readonly FilterValue[];
      /** where moments without an offset are read */
      readonly zone?: string;
    }
  /**
   * the day of a date lies in one of the ranges; an open end is infinite. `zone`: where an instant has its day, for
   * columns that belong to no calendar
   */
  | {
      readonly t: "days";
      readonly ref: AttributeRef;
      readonly ranges: readonly DayRange[];
      readonly negated: boolean;
      readonly zone?: string;
    }
  | {
      readonly t: "measure";
      readonly measure: MeasureNode;
      readonly type: AttributeType;
      readonly operator: Comparison;
      readonly values: readonly FilterValue[];
    }
  /** a calculation that the query names itself */
  | {
      readonly t: "calculation";
      readonly name: string;
      readonly type: AttributeType;
      readonly operator: Comparison;
      readonly values: readonly FilterValue[];
    }
  /** the other side of a compared measure, or its change: `sales.revenue.change_rate` */
  | {
      readonly t: "compared";
      readonly name: string;
      readonly type: AttributeType;
      readonly operator: Comparison;
      readonly values: readonly FilterValue[];
    }
  | { readonly t: "segment"; readonly segment: string }
  /** a rule about one fact that restricts the members of a dimension, and so every fact */
  | {
      readonly t: "entity";
      readonly cube: string;
      readonly entity: string | null;
      readonly of: Condition;
      readonly place: string;
    }
  /** the role's member is one of a set */
  | { readonly t: "members"; readonly role: string; readonly of: MemberSet }
  | { readonly t: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly t: "not"; readonly of: Condition };

/** Members of a dimension, by what is known of them. */
export type MemberSet =
  /** those that pass as they are now, whatever the caller's row rules */
  | { readonly t: "attributes"; readonly where: Condition }
  /** those of a segment, whatever the caller's row rules */
  | { readonly t: "segment"; readonly segment: string }
  /** those that have a fact which passes, and which the caller may see */
  | { readonly t: "facts"; readonly cube: string; readonly where: readonly Condition[] };
