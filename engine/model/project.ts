/** A project: everything that `tessera.config.ts` declares. */
import type { AnyDimension } from "./dimension.ts";
import type { Cube } from "./cube.ts";
import type { ChannelAllocation, Dashboard, Experiment, Goal, Segment } from "./declarations.ts";
import type { Filter } from "./filter.ts";
import type { MiningModel } from "./mining-model.ts";

/**
 * What callers of a role see, and may do. A cube that no row rule decides about is hidden, unless `show` names it or
 * the project has `access: "allow"`.
 */
export interface RoleSpec {
  /**
   * rules that every fact and member must pass, ANDed; they see members as they are now, whatever a query's `history`
   */
  readonly rows?: readonly Filter[];
  /** measures, attributes, cubes or dimension roles to hide, with all that is computed from them */
  readonly hide?: readonly string[];
  /** attributes whose values are never shown, compared or distinguished */
  readonly mask?: readonly string[];
  /** cubes and measures to show although the rest would hide them */
  readonly show?: readonly string[];
  /** default: query */
  readonly may?: readonly (
    | "query"
    | "export"
    | "segment"
    | "report"
    | "load"
    | "rollback"
    | "mine"
    | "erase"
    | "admin"
  )[];
}

/** What `defineProject` takes. */
export interface ProjectSpec {
  readonly name: string;
  readonly title?: string;
  /** ISO 4217 */
  readonly currency?: string;
  readonly warehouse: { readonly path: string; readonly memoryLimit?: string; readonly threads?: number };
  /** by the name in TESSERA_ENV: what differs there; without it, and as `development`, the project as declared */
  readonly environments?: {
    readonly [name: string]: {
      readonly warehouse: { readonly path: string; readonly memoryLimit?: string; readonly threads?: number };
    };
  };
  /** `latest` (the day of the newest fact), `clock` (default) or an ISO date */
  readonly now?: string;
  readonly timeZone?: string;
  readonly dimensions: readonly AnyDimension[];
  readonly cubes: readonly Cube[];
  /** declared with the functions of `etl`; the engine knows only their names */
  readonly sources?: { readonly [name: string]: unknown };
  readonly jobs?: readonly { readonly kind: "job"; readonly name: string }[];
  readonly tables?: readonly { readonly kind: "table"; readonly name: string }[];
  /** the dimension whose members are persons, for erasure; declared with `definePersons` */
  readonly persons?: { readonly kind: "persons"; readonly dimension: string };
  readonly destinations?: readonly { readonly kind: "destination"; readonly name: string }[];
  readonly notices?: readonly { readonly kind: "notice"; readonly name: string }[];
  readonly segments?: readonly Segment[];
  readonly models?: readonly MiningModel[];
  readonly experiments?: readonly Experiment[];
  readonly allocations?: readonly ChannelAllocation[];
  readonly dashboards?: readonly Dashboard[];
  readonly goals?: readonly Goal[];
  readonly roles?: { readonly [name: string]: RoleSpec };
  /** what a role sees of a cube that none of its rules decides about: nothing (`deny`, the default) or all (`allow`) */
  readonly access?: "deny" | "allow";
}

/** A declared project. */
export type Project<S extends ProjectSpec = ProjectSpec> = S & { readonly kind: "project" };

/** Declares a project. Nothing is checked here: opening it reports all problems at once. */
export const defineProject = <const S extends ProjectSpec>(spec: S): Project<S> =>
  Object.freeze({
    ...spec,
    // JavaScript may leave these out
    dimensions: spec.dimensions ?? [],
    cubes: spec.cubes ?? [],
    kind: "project" as const,
  });
