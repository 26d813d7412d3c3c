/** What the catalog knows of a mining model: its name, the dimension it is over, and the attributes that it gives. */
import type { AttributeType } from "./dimension.ts";

/** An attribute that a model gives its dimension. */
export interface Output {
  readonly type: AttributeType;
  readonly title: string;
  readonly description: string;
}

/** What every model is declared with, whatever its technique. */
export interface ModelCommon {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** the dimension whose members get the labels; of a technique without labels the dimension it looks along */
  readonly over: string;
  /** `latest` (the day of the newest fact) or an ISO date */
  readonly asOf?: string;
  readonly seed?: number;
  /** renames outputs; by default an attribute is named `<model>_<output>` */
  readonly as?: { readonly [output: string]: string };
}

/**
 * A declared model with the description of its technique, as plain data: the catalog knows no technique.
 */
export interface MiningModel extends ModelCommon {
  readonly kind: "model";
  readonly technique: string;
  /** output name -> type and title; empty for a technique that gives a report alone */
  readonly outputs: { readonly [output: string]: Output };
  /** the output that sorts members into groups; null where none does */
  readonly main: string | null;
  /** the technique itself where the project wrote it, with its functions; the catalog does not look into it */
  readonly implementation?: { readonly name: string; readonly title: string };
  /** members that a model reads, where its technique has them */
  readonly value?: string;
  readonly features?: readonly string[];
}

/** Labels live in a table of their own. */
export const labelsTable = (model: string): string => `labels_${model}`;

/** The attribute name of an output: renamed by `as`, else `<model>_<output>`. */
export const labelAttribute = (model: Pick<ModelCommon, "name" | "as">, output: string): string =>
  model.as?.[output] ?? `${model.name}_${output}`;
