/** Members of parent-child hierarchies by their label: a filter may name one by it where no other has the same. */
import { TesseraError, didYouMean, phrase } from "../../errors/index.ts";
import type { Catalog, DimensionNode } from "../../model/catalog.ts";
import type { FilterValue } from "../../model/filter.ts";
import { column } from "../../sql/tree.ts";
import { printDuckdb } from "../../sql/print-duckdb.ts";
import type { Serving } from "../../warehouse/serving.ts";
import type { CompileContext } from "../scan/role-join.ts";
import { dimensionSource } from "../scan/role-join.ts";
import { labelOf, resolveAttribute } from "./member.ts";

export interface NamedMembers {
  readonly keys: ReadonlySet<string>;
  readonly byLabel: ReadonlyMap<string, readonly (string | number)[]>;
}

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

/** The key that a value stands for: itself, or that of the one member with this label. @throws TesseraError `filter-invalid` with the keys where several have it */
export function keyNamed(
  members: NamedMembers | undefined,
  dimension: DimensionNode,
  value: FilterValue,
  member: string,
  place: string,
): FilterValue {
  if (typeof value !== "string" || !members || members.keys.has(value)) return value;
  // whoever may not read labels may not find members by them either
  const label = dimension.attributes.get(labelOf(dimension));
  if (!label || label.source.t === "masked") return value;
  const keys = members.byLabel.get(value) ?? [];
  if (keys.length === 1) return keys[0]!;
  if (keys.length === 0)
    throw new TesseraError(
      "filter-invalid",
      phrase`${member} has no member ${JSON.stringify(value)}${didYouMean(value, members.byLabel.keys())}`,
      { place, remedy: phrase`give a key, or a ${labelOf(dimension)} that one member has` },
    );
  throw new TesseraError(
    "filter-invalid",
    phrase`${keys.length} members of ${member} are called ${JSON.stringify(value)}`,
    {
      place,
      remedy: phrase`give one of their keys: ${keys.slice(0, 20).join(", ")}${keys.length > 20 ? ", …" : ""}`,
    },
  );
}
