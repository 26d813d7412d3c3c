/** Reads the labels of parent-child dimensions, once a version. */
import type { Catalog } from "../../model/catalog.ts";
import { column } from "../../sql/tree.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import type { Serving } from "../../warehouse/serving.ts";
import type { CompileContext } from "./compile-context.ts";
import { dimensionSource } from "./dimension-source.ts";
import { labelOf, resolveAttribute } from "../binding/member.ts";
import type { NamedMembers } from "../binding/binding.ts";

/** By role, the members that its row rules leave: the label of another is as unknown to it as one that nobody has. Read once a version, and only where there are such hierarchies. */
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
    // a rule that cannot be read is reported by `check`, and knows nobody
    try {
      found.set(role, await readNamedMembers(catalog, contextOf(role), serving));
    } catch {
      found.set(role, new Map());
    }
  }
  return found;
}

/** Read once a version; only of dimensions that have such a hierarchy and a label. */
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
      const printed = printDuckdb({
        t: "select",
        distinct: true,
        columns: [
          { expr: source.key, as: "k" },
          { expr: { t: "cast", of: label, type: "text" }, as: "label" },
        ],
        ...source.parts(),
        orderBy: [{ by: column(null, "k"), direction: "asc" }],
      });
      read = await serving.run(printed.sql, printed.parameters);
    } catch {
      continue;
    } // reported by `check`, and by the query that needs it
    const byLabel = new Map<string, (string | number)[]>();
    const keys = new Set<string>();
    for (let r = 0; r < read.rowCount; r++) {
      const [key, name] = [read.columns[0]![r], read.columns[1]![r]] as [string | number | null, string | null];
      if (key === null) continue;
      keys.add(String(key));
      if (name !== null) byLabel.set(name, [...(byLabel.get(name) ?? []), key]);
    }
    found.set(spec.name, { keys, byLabel });
  }
  return found;
}
