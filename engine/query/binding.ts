/** What the warehouse says about the model's columns: their types. Read once a version. */
import type { Catalog, CubeNode, DimensionNode, AttributeNode } from "../model/catalog.ts";
import type { NamedMembers } from "./named-members.ts";
import type { AttributeType } from "../model/dimension.ts";

/** `DECIMAL(14,2)` and the like, upper case, by lower-case column name; for every table, and for every `sql` of a cube or dimension under `cube:name` / `dimension:name`. */
export type Columns = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface Binding {
  readonly columns: Columns;
  hasTable(name: string): boolean;
  /** physical type of a fact's column; undefined where there is none */
  factColumn(cube: CubeNode, column: string): string | undefined;
  /** members of parent-child dimensions by label, where they were read */
  readonly named?: ReadonlyMap<string, NamedMembers>;
  attributeType(node: AttributeNode, owner: { readonly dimension?: DimensionNode; readonly cube?: CubeNode }): AttributeType;
}

/** Physical types of fragments, as described by the warehouse: `owner.attribute` -> type. */
export type FragmentTypes = ReadonlyMap<string, string>;

export function attributeTypeOf(physical: string | undefined): AttributeType {
  if (physical === undefined) return "string";
  if (physical === "BOOLEAN") return "boolean";
  if (physical === "DATE") return "date";
  if (physical.startsWith("TIMESTAMP")) return "timestamp";
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UHUGEINT)$/.test(physical)) return "integer";
  if (/^(DECIMAL|DOUBLE|FLOAT|REAL)/.test(physical)) return "number";
  return "string";
}

export const ownerOfSql = (kind: "cube" | "dimension", name: string): string => `${kind}:${name}`;

export function makeBinding(catalog: Catalog, columns: Columns, fragments: FragmentTypes = new Map()): Binding {
  const tableOf = (kind: "cube" | "dimension", spec: { name: string; table?: string }): string => spec.table ?? ownerOfSql(kind, spec.name);
  const physical = (table: string, column: string): string | undefined => columns.get(table.toLowerCase())?.get(column.toLowerCase());
  const binding: Binding = {
    columns,
    hasTable: (name) => columns.has(name.toLowerCase()),
    factColumn: (cube, column) => physical(tableOf("cube", cube.spec), column),
    attributeType(node, owner) {
      if (node.type !== undefined) return node.type;
      if (node.bins) return "string";
      const at = owner.dimension ? ["dimension", owner.dimension.spec] as const : ["cube", owner.cube!.spec] as const;
      const { source } = node;
      if (source.t === "closure") return attributeTypeOf(physical(tableOf(at[0], at[1] as { name: string; table?: string }), (owner.dimension!.spec as { key: string }).key));
      if (source.t === "column") return attributeTypeOf(physical(tableOf(at[0], at[1] as { name: string; table?: string }), source.column));
      if (source.t === "fragment") return attributeTypeOf(fragments.get(`${ownerOfSql(at[0], at[1].name)}.${node.name}`));
      if (source.t === "reference" && owner.dimension && owner.dimension.spec.kind === "dimension") {
        let spec = owner.dimension.spec;
        for (const step of source.path) spec = spec.references![step]!.to;
        const inner = source.source;
        if (inner.t === "column") return attributeTypeOf(physical(tableOf("dimension", spec), inner.column));
        const target = catalog.dimensions.get(spec.name);
        return target ? attributeTypeOf(fragments.get(`${ownerOfSql("dimension", spec.name)}.${node.name}`)) : "string";
      }
      return "string";
    },
  };
  return Object.freeze(binding);
}
