/** The engine of one data version: what is read of it once. `answering.ts` asks it. */
import { type Day } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import { type Printed } from "../../sql/print-duckdb.ts";
import type { RunOptions, Serving } from "../../warehouse/serving.ts";
import type { BuiltRollup } from "../rollup/fit.ts";
import { type Binding } from "../binding/binding.ts";
import type { PlanContext } from "../plan/plan-context.ts";
import type { Compiled } from "../plan/compiled.ts";
import { type FactSpan } from "../binding/fact-spans.ts";
import type { Result } from "../../model/query.ts";
import type { ResolveContext } from "../resolve/resolve-context.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";

export interface Prepared {
  readonly resolved: ResolvedQuery;
  readonly compiled: Compiled;
  readonly printed: Printed;
}

export interface Engine {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly serving: Serving;
  /** the day that relative dates count from, unless a query names its own */
  now(): Day;
  /** Parses, resolves, compiles and prints, without running. @throws TesseraError for anything wrong with the query */
  prepare(query: unknown): Prepared;
  /** The plan of the detail rows alone, with what `top` keeps and the cursor's page; for answers that are no JSON. */
  plan(query: unknown, options?: RunOptions): Promise<Prepared>;
  query(query: unknown, options?: RunOptions): Promise<Result>;
  context(
    history: ResolvedQuery["history"],
    timeZone: string | null,
    now: Day,
  ): { readonly resolve: ResolveContext; readonly plan: PlanContext };
  /** first and last day of a cube's facts, in the calendar's zone or another */
  spanOf(cube: string, role: string, zone?: string | null): FactSpan | null;
  /** declared rollups that cannot be used in this version, with the reason */
  readonly unusable: ReadonlyMap<string, string>;
  /** The same version as a role of the project sees it. @throws TesseraError `forbidden` for a role that the project does not declare */
  as(role: string): Engine;
  /** The same, but no rollup answers. */
  fromFacts(): Engine;
  /** the role that asks; null for the owner, who sees everything */
  readonly role: string | null;
}

/** What is read once a version, whoever asks. */
export interface VersionFacts extends Pick<Engine, "catalog" | "binding" | "serving" | "now" | "spanOf" | "unusable"> {
  readonly rollups: readonly BuiltRollup[];
  readonly maxRows?: number;
  /** members by label as each role with row rules may know them */
  readonly namedBy?: ReadonlyMap<string, NonNullable<Binding["named"]>>;
}
