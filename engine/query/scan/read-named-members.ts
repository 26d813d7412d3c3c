/** The labels of parent-child dimensions, read once for each version. */
import type { Catalog } from "../../model/catalog.ts";
import { column } from "../../sql/tree.ts";
import { ask, type Serving } from "../../warehouse/serving.ts";
import type { CompileContext } from "./compile-context.ts";
import { dimensionSource } from "./dimension-source.ts";
import { labelOf, resolveAttribute } from "../binding/member.ts";
import type { NamedMembers } from "../binding/binding.ts";

/**
 * The labels that each role with row rules may know: the label of a member that its rules hide is as unknown to it as
 * one that does not exist. Read only where there are parent-child hierarchies.
 */
export async function namedByRole(
  catalog: Catalog,
  contextOf: (role: string) => CompileContext,
  whole: ReadonlyMap<string, NamedMembers>,
  serving: Serving,
): Promise<ReadonlyMap<string, ReadonlyMap<string, NamedMembers>>> {
  const found = new Map<string, ReadonlyMap<string, NamedMembers>>();
  if (whole.size === 0) return found;
  for (const [role, spec] of Object.entries(catalog.project.roles ?? {})) {
    if ((spec.rows ?? []).length === 0) continue;
    // a rule that cannot be read is reported by the model check, and shows no members
    try {
      found.set(role, await readNamedMembers(catalog, contextOf(role), serving));
    } catch {
      found.set(role, new Map());
    }
  }
  return found;
}

/** The members of every dimension that has a parent-child hierarchy and a label. */
export async function readNamedMembers(
  catalog: Catalog,
  context: CompileContext,
  serving: Serving,
): Promise<ReadonlyMap<string, NamedMembers>> {
  const found = new Map<string, NamedMembers>();
  for (const dimension of catalog.dimensions.values()) {
    const { spec } = dimension;
    const role = [...catalog.roles.values()].find((r) => r.dimension === dimension);
    if (spec.kind !== "dimension" || spec.parentChild === undefined || spec.label === undefined || !role) continue;
    const source = dimensionSource(context, dimension);
    let read;
    try {
      const label = source.value(
        resolveAttribute(catalog, context.binding, `${role.name}.${labelOf(dimension)}`, `dimension ${spec.name}`),
      );
      read = await ask(serving, {
        t: "select",
        distinct: true,
        columns: [
          { expr: source.key, as: "k" },
          { expr: { t: "cast", of: label, type: "text" }, as: "label" },
        ],
        ...source.parts(),
        orderBy: [{ by: column(null, "k"), direction: "asc" }],
      });
    } catch {
      continue; // reported by the model check, and by the query that needs it
    }
    const byLabel = new Map<string, (string | number)[]>();
    const keys = new Set<string>();
    const labels = read.columns[1] ?? [];
    for (const [r, key] of (read.columns[0] ?? []).entries()) {
      if (typeof key !== "string" && typeof key !== "number") continue;
      keys.add(String(key));
      const name = labels[r];
      if (typeof name === "string") byLabel.set(name, [...(byLabel.get(name) ?? []), key]);
    }
    found.set(spec.name, { keys, byLabel });
  }
  return found;
}
