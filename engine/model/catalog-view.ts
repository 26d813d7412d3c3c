/** The catalog as a caller sees it: what may be asked for, with titles, as plain JSON. */
import type { AttributeType } from "./dimension.ts";
import type { Format } from "./measure.ts";

export interface AttributeView {
  /** `role.attribute` or `cube.attribute` */
  readonly member: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly type: AttributeType;
  /** a date dimension's period level (year … day, hour), in which values are ISO dates of the first day */
  readonly level?: string;
  /** filled by this mining model */
  readonly model?: string;
  /** the attribute that a person reads for the key */
  readonly isLabel?: boolean;
  readonly isKey?: boolean;
  /** members have an order of their own: stages, tiers, bins */
  readonly isOrdered?: boolean;
  /** the declared order of the members */
  readonly order?: readonly string[];
}

export interface RoleView {
  /** the role's name, first part of its members */
  readonly name: string;
  readonly dimension: string;
  readonly title: string;
  readonly description?: string;
  readonly kind: "dimension" | "date";
  readonly attributes: readonly AttributeView[];
  /** name -> members, outermost level first */
  readonly hierarchies: { readonly [name: string]: readonly string[] };
  /** cubes that have this role */
  readonly cubes: readonly string[];
}

export interface MeasureView {
  /** `cube.measure` */
  readonly member: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly format: Format;
  readonly better: "up" | "down";
  readonly kind: string;
  /** days after which a period is finished, where it is not when it is over */
  readonly ripensDays?: number;
  /** the formula or aggregate in words, for example `sum(net_amount)` or `margin / revenue` */
  readonly formula: string;
}

export interface CubeView {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly grain: readonly string[];
  readonly roles: readonly string[];
  readonly attributes: readonly AttributeView[];
  readonly measures: readonly MeasureView[];
}

export interface CatalogView {
  readonly name: string;
  readonly title: string;
  readonly currency?: string;
  readonly cubes: readonly CubeView[];
  readonly roles: readonly RoleView[];
  readonly segments: readonly {
    readonly name: string;
    readonly title: string;
    readonly description?: string;
    readonly over: string;
  }[];
  readonly dashboards: readonly { readonly name: string; readonly title: string; readonly description?: string }[];
  readonly models: readonly {
    readonly name: string;
    readonly title: string;
    readonly technique: string;
    readonly over: string;
  }[];
}
