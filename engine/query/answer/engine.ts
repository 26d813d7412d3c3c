/** The engine of one data version, and what it reads once. */
import { type Day } from "../../model/time/calendar.ts";
import type { Catalog } from "../../model/catalog.ts";
import type { Printed } from "../../sql/printer.ts";
import type { RunOptions, Serving } from "../../warehouse/serving.ts";
import type { BuiltRollup } from "../rollup/fit.ts";
import { type Binding } from "../binding/binding.ts";
import type { PlanContext } from "../plan/plan-context.ts";
import type { Compiled } from "../plan/compiled.ts";
import { type FactSpan } from "../binding/fact-spans.ts";
import type { Result } from "../../model/query.ts";
import type { ResolveContext } from "../resolve/resolve-context.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";

/** A planned and printed query. */
export interface Prepared {
  readonly resolved: ResolvedQuery;
  readonly compiled: Compiled;
  readonly printed: Printed;
}

/** Answers queries to one data version, as one caller sees it. */
export interface Engine {
  readonly catalog: Catalog;
  readonly binding: Binding;
  readonly serving: Serving;
  /** the day that relative dates count from, unless a query names its own */
  now(): Day;
  /** Parses, resolves, plans and prints, without running. @throws TesseraError for anything wrong with the query */
  prepare(query: unknown): Prepared;
  /** The plan of the detail rows alone, with the members that `top` keeps and the cursor's page. */
  plan(query: unknown, options?: RunOptions): Promise<Prepared>;
  /** The plan of the whole answer, totals included, as `query` runs it. */
  planAnswer(query: unknown, options?: RunOptions): Promise<Prepared>;
  /** Answers a query. @throws TesseraError for anything wrong with it, `too-large` for numbers that do not fit */
  query(query: unknown, options?: RunOptions): Promise<Result>;
  /** what queries are resolved and planned with */
  context(
    history: ResolvedQuery["history"],
    timeZone: string | null,
    now: Day,
  ): { readonly resolve: ResolveContext; readonly plan: PlanContext };
  /** first and last day of a cube's facts, in the calendar's zone or another */
  spanOf(cube: string, role: string, zone?: string | null): FactSpan | null;
  /** declared rollups that this version cannot use, with the reason */
  readonly unusable: ReadonlyMap<string, string>;
  /**
   * The same version as a role sees it.
   * @throws TesseraError `forbidden` for a role that the project does not declare
   */
  as(role: string): Engine;
  /** The same version, answered without rollups. */
  fromFacts(): Engine;
  /** the caller's role; null for the owner, who sees everything */
  readonly role: string | null;
}

/** What is read once for each version, for every caller. */
export interface VersionFacts extends Pick<Engine, "catalog" | "binding" | "serving" | "now" | "spanOf" | "unusable"> {
  readonly rollups: readonly BuiltRollup[];
  readonly maxRows?: number;
  /** members by label, as each role with row rules may know them */
  readonly namedBy?: ReadonlyMap<string, NonNullable<Binding["named"]>>;
}
