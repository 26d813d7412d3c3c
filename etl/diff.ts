/** Which measures change value when a model changes: the same data, asked through both. */
import type { Catalog } from "../engine/model/catalog.ts";
import type { ProjectSpec } from "../engine/model/project.ts";
import type { Value } from "../engine/query/query.ts";
import { catalogOf, loadConfig, warehouseFolder } from "./config.ts";
import { openProject, type OpenProject } from "./project.ts";

export interface Change {
  readonly member: string;
  /** `added`, `removed`; `changed`: the total or a month differs; `broken`: it cannot be asked any more */
  readonly kind: "added" | "removed" | "changed" | "broken";
  readonly before: Value;
  readonly after: Value;
  /** months whose value differs, newest first, at most twelve */
  readonly months: readonly { readonly month: string; readonly before: Value; readonly after: Value }[];
  readonly problem?: string;
}

export interface ModelDiff { readonly version: number; readonly compared: number; readonly changes: readonly Change[] }

/** Its questions are no use of the data. */
const TOOL = { caller: "tool" } as const;

/** @param before folder of the project whose warehouse is asked @param after folder of the changed project */
export async function diffModels(before: string, after: string): Promise<ModelDiff> {
  const [old, changed] = [await loadConfig(before), await loadConfig(after)];
  const warehouse = warehouseFolder(old, before);
  const [a, b] = [catalogOf(old), catalogOf(changed)];
  const onSame = (spec: ProjectSpec): ProjectSpec => ({ ...spec, warehouse: { ...spec.warehouse, path: warehouse } });
  const one = await openProject(onSame(old), { folder: before }) as OpenProject;
  const two = await openProject(onSame(changed), { folder: after }) as OpenProject;
  try {
    const changes: Change[] = [];
    const both = [...a.measures.keys()].filter((member) => b.measures.has(member));
    for (const member of b.measures.keys()) if (!a.measures.has(member)) changes.push({ member, kind: "added", before: null, after: await total(two, member), months: [] });
    for (const member of a.measures.keys()) if (!b.measures.has(member)) changes.push({ member, kind: "removed", before: await total(one, member), after: null, months: [] });
    for (const member of both) {
      const [was, is] = await Promise.all([series(one, a, member), series(two, b, member)]);
      if (typeof was === "string" || typeof is === "string") { if (typeof is === "string" && typeof was !== "string") changes.push({ member, kind: "broken", before: was.total, after: null, months: [], problem: is }); continue; }
      const months = [...new Set([...was.months.keys(), ...is.months.keys()])].filter((m) => differs(was.months.get(m) ?? null, is.months.get(m) ?? null)).sort().reverse();
      if (differs(was.total, is.total) || months.length > 0) changes.push({ member, kind: "changed", before: was.total, after: is.total, months: months.slice(0, 12).map((month) => ({ month, before: was.months.get(month) ?? null, after: is.months.get(month) ?? null })) });
    }
    return { version: one.manifest().version, compared: both.length, changes };
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

const differs = (a: Value, b: Value): boolean => a !== b && !(typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));

async function total(project: OpenProject, member: string): Promise<Value> {
  try { return (await project.query({ measures: [member] }, TOOL)).rows[0]?.[member] ?? null; } catch { return null; }
}

/** Total and months of a measure; the reason where it cannot be asked. */
async function series(project: OpenProject, catalog: Catalog, member: string): Promise<{ total: Value; months: Map<string, Value> } | string> {
  const role = catalog.cubes.get(catalog.measures.get(member)!.cube)!.dateRole;
  try {
    const value = (await project.query({ measures: [member] }, TOOL)).rows[0]?.[member] ?? null;
    const months = new Map<string, Value>();
    if (role !== null) {
      try {
        const { rows } = await project.query({ measures: [member], dimensions: [`${role}.month`] }, TOOL);
        for (const row of rows) if (row[`${role}.month`] !== null) months.set(String(row[`${role}.month`]).slice(0, 7), row[member] ?? null);
      } catch { /* a measure of several facts that do not share the date has a total alone */ }
    }
    return { total: value, months };
  } catch (error) {
    return (error as Error).message;
  }
}
