/** A cube: a fact at its grain, the dimensions it joins, and its measures. */
import { declared } from "./declared-at.ts";
import type { AnyDimension, Attribute } from "./dimension.ts";
import type { Measure } from "./measure.ts";

/** A role: how a fact joins a dimension. The role's name is what queries say. */
export type Role =
  | { readonly to: AnyDimension; readonly on: string; readonly title?: string }
  | {
      readonly to: AnyDimension;
      readonly title?: string;
      /** many-to-many: `table` links the fact's `on` to the dimension's key in `key`, by `weight` where it has one */
      readonly through: { readonly table: string; readonly on: string; readonly key: string; readonly weight?: string };
    };

export interface CubeSpec {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly table?: string;
  readonly sql?: string;
  readonly grain?: readonly string[];
  readonly dimensions: { readonly [role: string]: Role };
  readonly attributes?: { readonly [name: string]: Attribute };
  readonly measures: { readonly [name: string]: Measure };
  readonly rollups?: {
    readonly [name: string]: { readonly dimensions: readonly string[]; readonly measures: readonly string[] };
  };
}

export type Cube<S extends CubeSpec = CubeSpec> = S & { readonly kind: "cube" };

/** Declares a cube. Nothing is checked here: all problems of a model are reported at once when it is opened. */
export const defineCube = <const S extends CubeSpec>(spec: S): Cube<S> => declared({ ...spec, kind: "cube" as const });
