/** A cube: a fact at its grain, the dimensions it joins, and its measures. */
import { declared } from "./declared-at.ts";
import type { AnyDimension, Attribute } from "./dimension.ts";
import type { Measure } from "./measure.ts";

/** A role that the fact joins by one key: each fact has one member. */
export interface DirectRole {
  readonly to: AnyDimension;
  /** the fact's column with the dimension's key */
  readonly on: string;
  readonly title?: string;
}

/** A many-to-many role: a fact has any number of members, each by a link. */
export interface BridgeRole {
  readonly to: AnyDimension;
  readonly title?: string;
  /** `table` links the fact's `on` to the dimension's key in `key`, by `weight` where it has one */
  readonly through: { readonly table: string; readonly on: string; readonly key: string; readonly weight?: string };
}

/** How a fact joins a dimension. Queries name the dimension by its role's name. */
export type Role = DirectRole | BridgeRole;

/** Whether a role is many-to-many. */
export const isBridge = (role: Role): role is BridgeRole => "through" in role;

/** A role that is known to be joined by one key. @throws Error for a many-to-many role */
export function directRole(role: Role): DirectRole {
  if (isBridge(role)) throw new Error(`the role of ${role.to.name} is many-to-many`);
  return role;
}

/** What `defineCube` takes. */
export interface CubeSpec {
  /** letters, digits and `_`; members are named `cube.measure` */
  readonly name: string;
  /** shown to people; default: the name in words */
  readonly title?: string;
  readonly description?: string;
  /** the fact table; either this or `sql` */
  readonly table?: string;
  /** a SELECT to read the facts from, in place of `table` */
  readonly sql?: string;
  /** the columns that identify one fact */
  readonly grain?: readonly string[];
  /** the dimensions that the fact joins, by role; default: none */
  readonly dimensions: { readonly [role: string]: Role };
  /** the fact's own attributes (degenerate dimensions) */
  readonly attributes?: { readonly [name: string]: Attribute };
  readonly measures: { readonly [name: string]: Measure };
  /** aggregates that each load stores, to answer queries from in place of the facts */
  readonly rollups?: {
    readonly [name: string]: { readonly dimensions: readonly string[]; readonly measures: readonly string[] };
  };
}

export type Cube<S extends CubeSpec = CubeSpec> = S & { readonly kind: "cube" };

/**
 * Declares a cube. Nothing is checked here: opening the model reports all its problems at once.
 * @example defineCube({ name: "sales", table: "sales", dimensions: { customer: { to: customer, on: "customer_id" } },
 *   measures: { revenue: sum("net_amount") } })
 */
export const defineCube = <const S extends CubeSpec>(spec: S): Cube<S> =>
  declared({
    ...spec,
    // JavaScript may leave these out
    dimensions: spec.dimensions ?? {},
    measures: spec.measures ?? {},
    kind: "cube" as const,
  });
