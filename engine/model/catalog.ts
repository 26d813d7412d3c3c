/** The resolved model: every name leads to its node. */
import { present, required } from "../lookup.ts";
import type { Cube, Role } from "./cube.ts";
import type { Segment } from "./declarations.ts";
import type { AnyDimension, AttributeType, DateLevel } from "./dimension.ts";
import { measuresIn, type Formula } from "./formula.ts";
import type { Format, Measure } from "./measure.ts";
import type { ProjectSpec } from "./project.ts";
import type { Calendar } from "./time/calendar.ts";

/** Where an attribute's value comes from. */
export type AttributeSource =
  | { readonly t: "column"; readonly column: string }
  | { readonly t: "fragment"; readonly sql: string }
  /** an attribute of a referenced dimension, `path` from reference to reference */
  | { readonly t: "reference"; readonly path: readonly string[]; readonly source: AttributeSource }
  /** every member above in a parent-child hierarchy, the member itself included */
  | { readonly t: "closure"; readonly parent: string; readonly root: string | number | null }
  /** a label that a mining model gives to members */
  | { readonly t: "label"; readonly model: string; readonly table: string; readonly column: string }
  | { readonly t: "level"; readonly level: DateLevel }
  /** a value that the caller's role may not see */
  | { readonly t: "masked" };

/** An attribute of a dimension or a fact. */
export interface AttributeNode {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  /** as declared; undefined: read from the warehouse */
  readonly type: AttributeType | undefined;
  readonly source: AttributeSource;
  /** lower bounds of the bins that the value is cut into */
  readonly bins: readonly number[] | undefined;
  /** members in the order that they mean */
  readonly order?: readonly string[];
}

/** A dimension; `calendar` is null for all but date dimensions. */
export interface DimensionNode {
  readonly name: string;
  readonly title: string;
  readonly spec: AnyDimension;
  readonly calendar: Calendar | null;
  readonly attributes: ReadonlyMap<string, AttributeNode>;
  readonly hierarchies: ReadonlyMap<string, readonly string[]>;
}

/** A role: a dimension as facts know it. */
export interface RoleNode {
  readonly name: string;
  readonly title: string;
  readonly dimension: DimensionNode;
  readonly cubes: readonly string[];
}

/** A measure of a cube. */
export interface MeasureNode {
  /** `cube.measure` */
  readonly member: string;
  readonly name: string;
  readonly cube: string;
  readonly title: string;
  readonly format: Format;
  readonly spec: Measure;
  /** of calculated measures; its measures are full members */
  readonly formula: Formula | null;
  /** of time, share and rank measures: the full member they are computed from */
  readonly base: string | null;
}

/** A cube with its roles, attributes and measures. */
export interface CubeNode {
  readonly name: string;
  readonly title: string;
  readonly spec: Cube;
  readonly roles: ReadonlyMap<string, Role>;
  readonly attributes: ReadonlyMap<string, AttributeNode>;
  readonly measures: ReadonlyMap<string, MeasureNode>;
  /** the role that time measures move along: `date`, else the first date role; null without dates */
  readonly dateRole: string | null;
}

/** The whole resolved model. */
export interface Catalog {
  readonly project: ProjectSpec;
  readonly dimensions: ReadonlyMap<string, DimensionNode>;
  readonly roles: ReadonlyMap<string, RoleNode>;
  readonly cubes: ReadonlyMap<string, CubeNode>;
  /** `cube.measure` */
  readonly measures: ReadonlyMap<string, MeasureNode>;
  /** `cube.#rows`: the number of each cube's facts, which no list of measures shows */
  readonly rowCounts: ReadonlyMap<string, MeasureNode>;
}

/** The measures that a measure is computed from; none for an aggregate. */
export function baseMembers({ formula, base }: Pick<MeasureNode, "formula" | "base">): readonly string[] {
  if (formula) return measuresIn(formula);
  return base === null ? [] : [base];
}

/** The calendar of a date role. @throws Error for a role that is unknown or has no calendar */
export const calendarOf = (catalog: Catalog, role: string): Calendar =>
  present(required(catalog.roles, role, "role").dimension.calendar, `the calendar of role ${role}`);

/** A segment of the project. @throws Error for a name that is unknown */
export const segmentNamed = (catalog: Catalog, name: string): Segment =>
  present(
    catalog.project.segments?.find((segment) => segment.name === name),
    `segment ${name}`,
  );

/** A name in words, for people: `order_date` is "Order date". */
export const titleOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
