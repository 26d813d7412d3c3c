/** The nodes of a resolved query: plain data that the planner reads. */
import type { MeasureNode } from "../../model/catalog.ts";
import type { AttributeType } from "../../model/dimension.ts";
import type { FilterValue } from "../../model/filter.ts";
import type { Select } from "../../sql/tree.ts";
import type { DayRange } from "../time/date-range.ts";
import type { EventRows } from "../../model/events.ts";
import type { Formula } from "../../model/formula.ts";
import type { AttributeRef } from "../binding/member.ts";
import type {
  AggregateMeasure,
  ConversionMeasure,
  NestedMeasure,
  SemiAdditiveMeasure,
  ShareMeasure,
  TimeChange,
} from "../../model/measure.ts";

/** A change of the window along a date role; `compare` is the query's comparison, always outermost. */
export type Frame =
  | { readonly role: string; readonly change: TimeChange }
  | { readonly role: string; readonly change: { readonly type: "compare" } };

/** The leaves of some measure trees, each once. */
export interface LeafSet {
  readonly all: readonly Leaf[];
}

export interface Leaf {
  /** the column in the merged facts */
  readonly column: string;
  readonly member: string;
  readonly cube: string;
  readonly measure: LeafMeasure;
  /** the measure's own row filter */
  readonly where: Condition | null;
  /** outermost first */
  readonly frames: readonly Frame[];
  /** reads only what tops leave out */
  readonly rest?: Rest;
  /** the events that convert a base event */
  readonly following?: EventRows & { readonly condition: Condition | null; readonly from: EventRows };
  /** what a measure of a measure is taken of, under the same windows */
  readonly inner?: {
    readonly tree: MeasureTree;
    readonly leaves: LeafSet;
    readonly per: readonly AttributeRef[];
    readonly ranged: AttributeRef | null;
  };
}
export type LeafMeasure = AggregateMeasure | ConversionMeasure | NestedMeasure | SemiAdditiveMeasure;

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
      readonly base: MeasureTree /** what it is a share of, where that is not the base */;
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

/** Facts that a choice of tops leaves out. */
export interface Rest {
  /** one a choice, within a query */
  readonly id: string;
  readonly conditions: readonly Condition[];
  /**
   * Members left out along the dates of a role. A measure that moves in time reads other days than those of its cell, so it is not its facts
   * that are left out, but its cells.
   */
  readonly cells: readonly {
    readonly role: string;
    readonly refs: readonly AttributeRef[];
    readonly members: ReadonlySet<string>;
  }[];
}

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

export type Condition =
  | {
      readonly t: "attribute";
      readonly ref: AttributeRef;
      readonly operator: Comparison;
      readonly values: readonly FilterValue[] /** where moments without an offset are read */;
      readonly zone?: string;
    }
  /** the day of a date lies in one of the ranges; an open end is infinite. `zone`: where an instant of the ref's column has its day, if it is no calendar's */
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
  /** the other side of a measure that the query compares, or what became of it: `sales.revenue.change_rate` */
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
  /** the role's key is one of those selected */
  | { readonly t: "keys"; readonly role: string; readonly select: Select }
  | { readonly t: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly t: "not"; readonly of: Condition };
