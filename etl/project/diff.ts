/** Which measures change value when a model changes, asked on the same data; or between two warehouses that are loaded side by side. */
import type { Catalog } from "../../engine/model/catalog.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import type { Value } from "../../engine/model/query.ts";
import { catalogOf, loadConfig, warehouseFolder } from "../declare/config.ts";
import { openProject, type OpenProject } from "./open-project.ts";

export interface Change {
  readonly member: string;
  /** `added`, `removed`; `changed`: the total or a month differs; `broken`: it cannot be asked any more */
  readonly kind: "added" | "removed" | "changed" | "broken";
  readonly before: Value;
  readonly after: Value;
  /** months, or days, whose value differs, newest first, at most twelve */
  readonly periods: readonly { readonly period: string; readonly before: Value; readonly after: Value }[];
  /** how many differ */
  readonly differing: number;
  readonly problem?: string;
}

export interface ModelDiff {
  /** the old project's version */
  readonly version: number;
  /** the new one's, where it answers from its own warehouse */
  readonly newVersion: number;
  readonly compared: number;
  readonly changes: readonly Change[];
}

export interface DiffOptions {
  /** the new project answers from its own warehouse: a pilot or a parallel run, whose loads are compared too. Default: both from the old one's */
  readonly ownData?: boolean;
  /** default month */
  readonly by?: "month" | "day";
  /** each project in an environment of its own */
  readonly environments?: readonly [string | undefined, string | undefined];
}

/** Its questions are no use of the data. */
const TOOL = { caller: "tool" } as const;

/** @param before folder of the project whose warehouse is asked @param after folder of the changed project */
export async function diffModels(
  before: string,
  after: string,
  { ownData = false, by = "month", environments }: DiffOptions = {},
): Promise<ModelDiff> {
  const [old, changed] = [await loadConfig(before, environments?.[0]), await loadConfig(after, environments?.[1])];
  const warehouse = warehouseFolder(old, before);
  const [a, b] = [catalogOf(old), catalogOf(changed)];
  const onSame = (spec: ProjectSpec): ProjectSpec =>
    settled({ ...spec, warehouse: { ...spec.warehouse, path: warehouse } });
  const one = (await openProject(onSame(old), { folder: before })) as OpenProject;
  const two = (await openProject(ownData ? settled(changed) : onSame(changed), { folder: after })) as OpenProject;
  try {
    const changes: Change[] = [];
    const both = [...a.measures.keys()].filter((member) => b.measures.has(member));
    for (const member of b.measures.keys())
      if (!a.measures.has(member))
        changes.push({
          member,
          kind: "added",
          before: null,
          after: await total(two, member),
          periods: [],
          differing: 0,
        });
    for (const member of a.measures.keys())
      if (!b.measures.has(member))
        changes.push({
          member,
          kind: "removed",
          before: await total(one, member),
          after: null,
          periods: [],
          differing: 0,
        });
    for (const member of both) {
      const [was, is] = await Promise.all([series(one, a, member, by), series(two, b, member, by)]);
      if (typeof was === "string" || typeof is === "string") {
        if (typeof is === "string" && typeof was !== "string")
          changes.push({
            member,
            kind: "broken",
            before: was.total,
            after: null,
            periods: [],
            differing: 0,
            problem: is,
          });
        continue;
      }
      const months = [...new Set([...was.months.keys(), ...is.months.keys()])]
        .filter((m) => differs(was.months.get(m) ?? null, is.months.get(m) ?? null))
        .sort()
        .reverse();
      if (differs(was.total, is.total) || months.length > 0)
        changes.push({
          member,
          kind: "changed",
          before: was.total,
          after: is.total,
          periods: months.slice(0, 12).map((period) => ({
            period,
            before: was.months.get(period) ?? null,
            after: is.months.get(period) ?? null,
          })),
          differing: months.length,
        });
    }
    return { version: one.manifest().version, newVersion: two.manifest().version, compared: both.length, changes };
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

/** In the environment that was asked for, whatever this process is in. */
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

/** Total and months of a measure; the reason where it cannot be asked. */
async function series(
  project: OpenProject,
  catalog: Catalog,
  member: string,
  by: "month" | "day",
): Promise<{ total: Value; months: Map<string, Value> } | string> {
  const role = catalog.cubes.get(catalog.measures.get(member)!.cube)!.dateRole;
  try {
    const value = (await project.query({ measures: [member] }, TOOL)).rows[0]?.[member] ?? null;
    const months = new Map<string, Value>();
    if (role !== null) {
      try {
        const { rows } = await project.query({ measures: [member], dimensions: [`${role}.${by}`] }, TOOL);
        for (const row of rows)
          if (row[`${role}.${by}`] !== null)
            months.set(String(row[`${role}.${by}`]).slice(0, by === "month" ? 7 : 10), row[member] ?? null);
      } catch {
        /* a measure of several facts that do not share the date has a total alone */
      }
    }
    return { total: value, months };
  } catch (error) {
    return (error as Error).message;
  }
}
