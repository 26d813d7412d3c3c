/** A project: everything that `tessera.config.ts` declares. */
import type { AnyDimension } from "./dimension.ts";
import type { Cube } from "./cube.ts";
import type { ChannelAllocation, Dashboard, Experiment, Goal, Segment } from "./declarations.ts";
import type { Filter } from "./filter.ts";
import type { MiningModel } from "./mining-model.ts";

export interface RoleSpec {
  readonly rows?: readonly Filter[];
  readonly hide?: readonly string[];
  readonly mask?: readonly string[];
  readonly show?: readonly string[];
  readonly may?: readonly ("query" | "export" | "segment" | "report" | "load" | "rollback" | "mine" | "erase" | "admin")[];
}

export interface ProjectSpec {
  readonly name: string;
  readonly title?: string;
  /** ISO 4217 */
  readonly currency?: string;
  readonly warehouse: { readonly path: string; readonly memoryLimit?: string; readonly threads?: number };
  /** `latest` (the day of the newest fact), `clock` (default) or an ISO date */
  readonly now?: string;
  readonly timeZone?: string;
  readonly dimensions: readonly AnyDimension[];
  readonly cubes: readonly Cube[];
  /** declared with the functions of `etl`; the engine knows only their names */
  readonly sources?: { readonly [name: string]: unknown };
  readonly jobs?: readonly { readonly kind: "job"; readonly name: string }[];
  readonly tables?: readonly { readonly kind: "table"; readonly name: string }[];
  readonly segments?: readonly Segment[];
  readonly models?: readonly MiningModel[];
  readonly experiments?: readonly Experiment[];
  readonly allocations?: readonly ChannelAllocation[];
  readonly dashboards?: readonly Dashboard[];
  readonly goals?: readonly Goal[];
  readonly roles?: { readonly [name: string]: RoleSpec };
}

export type Project<S extends ProjectSpec = ProjectSpec> = S & { readonly kind: "project" };
export const defineProject = <const S extends ProjectSpec>(spec: S): Project<S> => Object.freeze({ ...spec, kind: "project" as const });
