/** Compares the measures of two models on the same data, or of two warehouses that are loaded in parallel. */
import { required } from "../../engine/lookup.ts";
import type { Catalog } from "../../engine/model/catalog.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Value } from "../../engine/model/query.ts";
import { catalogOf, loadConfig, warehouseFolder } from "../declare/config.ts";
import { openProject } from "./open-project.ts";
import type { OpenProject } from "./opened-project.ts";

/** A measure that differs. */
export interface Change {
  readonly member: string;
  /** `added`, `removed`; `changed`: the total or a period differs; `broken`: it fails in the new model */
  readonly kind: "added" | "removed" | "changed" | "broken";
  /** the total */
  readonly before: Value;
  /** the total */
  readonly after: Value;
  /** months or days that differ, newest first, at most twelve */
  readonly periods: readonly { readonly period: string; readonly before: Value; readonly after: Value }[];
  /** how many periods differ */
  readonly differing: number;
  /** why a measure is broken */
  readonly problem?: string;
}

/** The result of a comparison. */
export interface ModelDiff {
  /** the old project's version */
  readonly version: number;
  /** the new project's version, if it answers from its own warehouse */
  readonly newVersion: number;
  /** measures in both models */
  readonly compared: number;
  readonly changes: readonly Change[];
}

/** How to compare. */
export interface DiffOptions {
  /** the new project answers from its own warehouse, for a pilot or a parallel run; default: both from the old one's */
  readonly ownData?: boolean;
  /** default `month` */
  readonly by?: "month" | "day";
  /** environments of the old and the new project */
  readonly environments?: readonly [string | undefined, string | undefined];
}

/** Questions of this tool do not count as use of the data. */
const TOOL = { caller: "tool" } as const;

/** Periods that are listed. */
const SHOWN = 12;

/**
 * Compares two projects.
 * @param before folder of the project whose warehouse is asked
 * @param after folder of the changed project
 */
export async function diffModels(
  before: string,
  after: string,
  { ownData = false, by = "month", environments }: DiffOptions = {},
): Promise<ModelDiff> {
  const [old, changed] = [await loadConfig(before, environments?.[0]), await loadConfig(after, environments?.[1])];
  const path = warehouseFolder(old, before);
  const [oldCatalog, newCatalog] = [catalogOf(old), catalogOf(changed)];
  const onSame = (spec: ProjectSpec): ProjectSpec => settled({ ...spec, warehouse: { ...spec.warehouse, path } });
  const one: OpenProject = await openProject(onSame(old), { folder: before });
  const two: OpenProject = await openProject(ownData ? settled(changed) : onSame(changed), { folder: after });
  try {
    const changes: Change[] = [];
    for (const member of newCatalog.measures.keys())
      if (!oldCatalog.measures.has(member)) changes.push(change(member, "added", null, await total(two, member)));
    for (const member of oldCatalog.measures.keys())
      if (!newCatalog.measures.has(member)) changes.push(change(member, "removed", await total(one, member), null));
    const both = [...oldCatalog.measures.keys()].filter((member) => newCatalog.measures.has(member));
    for (const member of both) {
      const [was, is] = await Promise.all([series(one, oldCatalog, member, by), series(two, newCatalog, member, by)]);
      const found = compareSeries(member, was, is);
      if (found !== undefined) changes.push(found);
    }
    return { version: one.manifest().version, newVersion: two.manifest().version, compared: both.length, changes };
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

const change = (member: string, kind: Change["kind"], before: Value, after: Value): Change => ({
  member,
  kind,
  before,
  after,
  periods: [],
  differing: 0,
});

/** The total and the periods of a measure, or why it fails. */
type Series = { readonly total: Value; readonly periods: ReadonlyMap<string, Value> } | string;

function compareSeries(member: string, was: Series, is: Series): Change | undefined {
  // a measure that failed before is not compared
  if (typeof was === "string") return undefined;
  if (typeof is === "string") return { ...change(member, "broken", was.total, null), problem: is };
  const differing = [...new Set([...was.periods.keys(), ...is.periods.keys()])]
    .filter((period) => differs(was.periods.get(period) ?? null, is.periods.get(period) ?? null))
    .sort()
    .reverse();
  if (!differs(was.total, is.total) && differing.length === 0) return undefined;
  return {
    ...change(member, "changed", was.total, is.total),
    periods: differing.slice(0, SHOWN).map((period) => ({
      period,
      before: was.periods.get(period) ?? null,
      after: is.periods.get(period) ?? null,
    })),
    differing: differing.length,
  };
}

/** The project in its own environment, whatever that of this process is. */
const settled = (spec: ProjectSpec): ProjectSpec => ({
  ...spec,
  environments: { ...spec.environments, [process.env["TESSERA_ENV"] ?? "development"]: { warehouse: spec.warehouse } },
});

const differs = (a: Value, b: Value): boolean =>
  a !== b &&
  !(typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));

async function total(project: OpenProject, member: string): Promise<Value> {
  try {
    return (await project.query({ measures: [member] }, TOOL)).rows[0]?.[member] ?? null;
  } catch {
    return null;
  }
}

async function series(project: OpenProject, catalog: Catalog, member: string, by: "month" | "day"): Promise<Series> {
  const { cube } = required(catalog.measures, member, "measure");
  const { dateRole } = required(catalog.cubes, cube, "cube");
  try {
    const value = (await project.query({ measures: [member] }, TOOL)).rows[0]?.[member] ?? null;
    return { total: value, periods: dateRole === null ? new Map() : await periodsOf(project, member, dateRole, by) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Empty for a measure of several facts that do not share the date. */
async function periodsOf(
  project: OpenProject,
  member: string,
  role: string,
  by: "month" | "day",
): Promise<ReadonlyMap<string, Value>> {
  const periods = new Map<string, Value>();
  const dimension = `${role}.${by}`;
  try {
    const { rows } = await project.query({ measures: [member], dimensions: [dimension] }, TOOL);
    for (const row of rows)
      if (row[dimension] !== null)
        periods.set(String(row[dimension]).slice(0, by === "month" ? 7 : 10), row[member] ?? null);
  } catch {
    periods.clear();
  }
  return periods;
}
