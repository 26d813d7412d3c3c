/** Attributes, days and filters of a plan, by name. */
import type { AttributeType } from "../../../model/dimension.ts";
import type { FilterValue } from "../../../model/filter.ts";
import type { Comparison } from "../../resolve/nodes.ts";

/** An ISO date. */
export type IsoDay = string;

/** First and last day, both included. */
export type IsoRange = readonly [from: IsoDay | null, until: IsoDay | null];

/** An attribute that rows are grouped by; key n is the column `kn`. */
export interface KeyNode {
  /** `role.attribute`, `cube.attribute` or `segments.name` */
  readonly member: string;
  /** its values are hidden from the caller */
  readonly masked?: true;
}

/** A filter. */
export type ConditionNode =
  | (KeyNode & {
      readonly t: "attribute";
      readonly operator: Comparison;
      readonly values: readonly FilterValue[];
      readonly zone?: string;
    })
  | (KeyNode & {
      readonly t: "days";
      readonly ranges: readonly IsoRange[];
      readonly negated: boolean;
      readonly zone?: string;
    })
  /** a measure of the model, a calculation of the query, or one side of a comparison */
  | {
      readonly t: "measure" | "calculation" | "compared";
      readonly name: string;
      readonly type: AttributeType;
      readonly operator: Comparison;
      readonly values: readonly FilterValue[];
    }
  | { readonly t: "segment"; readonly segment: string }
  | {
      readonly t: "entity";
      readonly cube: string;
      readonly entity: string | null;
      readonly of: ConditionNode;
      readonly place: string;
    }
  | { readonly t: "members"; readonly role: string; readonly of: MemberSetNode }
  | { readonly t: "and" | "or"; readonly of: readonly ConditionNode[] }
  | { readonly t: "not"; readonly of: ConditionNode };

/** Members of a dimension; see `MemberSet`. */
export type MemberSetNode =
  | { readonly t: "attributes"; readonly where: ConditionNode }
  | { readonly t: "segment"; readonly segment: string }
  | { readonly t: "facts"; readonly cube: string; readonly where: readonly ConditionNode[] };
