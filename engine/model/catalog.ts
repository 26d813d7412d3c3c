import { type Calendar } from "./time/calendar.ts";
import type { Cube, Role } from "./cube.ts";
import { type AnyDimension, type AttributeType, type DateLevel } from "./dimension.ts";
import { type Formula } from "./formula.ts";
import type { Format, Measure } from "./measure.ts";
import type { ProjectSpec } from "./project.ts";

/** Where an attribute's value comes from. */
export type AttributeSource =
  | { readonly t: "column"; readonly column: string }
  | { readonly t: "fragment"; readonly sql: string }
  /** an attribute of a referenced dimension, `path` from reference to reference */
  | { readonly t: "reference"; readonly path: readonly string[]; readonly source: AttributeSource }
  /** every member above in a parent-child hierarchy, itself included */
  | { readonly t: "closure"; readonly parent: string; readonly root: string | number | null }
  | { readonly t: "label"; readonly model: string; readonly table: string; readonly column: string }
  | { readonly t: "level"; readonly level: DateLevel }
  /** a value that the caller's role may not see */
  | { readonly t: "masked" };

export interface AttributeNode {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  /** as declared; undefined: read from the warehouse */
  readonly type: AttributeType | undefined;
  readonly source: AttributeSource;
  readonly bins: readonly number[] | undefined;
}

export interface DimensionNode {
  readonly name: string;
  readonly title: string;
  readonly spec: AnyDimension;
  readonly calendar: Calendar | null;
  readonly attributes: ReadonlyMap<string, AttributeNode>;
  readonly hierarchies: ReadonlyMap<string, readonly string[]>;
}

export interface RoleNode {
  readonly name: string;
  readonly title: string;
  readonly dimension: DimensionNode;
  readonly cubes: readonly string[];
}

export interface MeasureNode {
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

export interface CubeNode {
  readonly name: string;
  readonly title: string;
  readonly spec: Cube;
  readonly roles: ReadonlyMap<string, Role>;
  readonly attributes: ReadonlyMap<string, AttributeNode>;
  readonly measures: ReadonlyMap<string, MeasureNode>;
  /** the role that time measures move along: `date`, else the first date role */
  readonly dateRole: string | null;
}

export interface Catalog {
  readonly project: ProjectSpec;
  readonly dimensions: ReadonlyMap<string, DimensionNode>;
  readonly roles: ReadonlyMap<string, RoleNode>;
  readonly cubes: ReadonlyMap<string, CubeNode>;
  /** `cube.measure` */
  readonly measures: ReadonlyMap<string, MeasureNode>;
}

export const titleOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words[0]!.toUpperCase() + words.slice(1);
};
