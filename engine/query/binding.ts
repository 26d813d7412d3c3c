/** What the warehouse says about the model's columns: their types. Read once a version. */
import type { CubeNode, DimensionNode, AttributeNode } from "../model/catalog.ts";
import type { NamedMembers } from "./named-members.ts";
import type { AttributeType, Dimension } from "../model/dimension.ts";
import type { Argument } from "../model/measure.ts";

/** `DECIMAL(14,2)` and the like, upper case, by lower-case column name; for every table, and for every `sql` of a cube or dimension under `cube:name` / `dimension:name`. */
export type Columns = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface Binding {
  readonly columns: Columns;
  hasTable(name: string): boolean;
  /** physical type of a fact's column; undefined where there is none */
  factColumn(cube: CubeNode, column: string): string | undefined;
  /** members of parent-child dimensions by label, where they were read */
  readonly named?: ReadonlyMap<string, NamedMembers>;
  attributeType(node: AttributeNode, owner: Owner): AttributeType;
  /** the type of the column or expression that an attribute reads; undefined where it is not known */
  physicalType(node: AttributeNode, owner: Owner): string | undefined;
  /** the same of what a measure aggregates */
  argumentType(cube: CubeNode, argument: Argument): string | undefined;
}

interface Owner { readonly dimension?: DimensionNode; readonly cube?: CubeNode }

/** Physical types of expressions, as described by the warehouse, by `fragmentKey`. */
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

export const fragmentKey = (owner: string, sql: string): string => `${owner}\n${sql}`;
export const ownerOfSql = (kind: "cube" | "dimension", name: string): string => `${kind}:${name}`;

export function makeBinding(columns: Columns, fragments: FragmentTypes = new Map()): Binding {
  const tableOf = (kind: "cube" | "dimension", spec: { name: string; table?: string }): string => spec.table ?? ownerOfSql(kind, spec.name);
  const physical = (table: string, column: string): string | undefined => columns.get(table.toLowerCase())?.get(column.toLowerCase());
  const binding: Binding = {
    columns,
    hasTable: (name) => columns.has(name.toLowerCase()),
    factColumn: (cube, column) => physical(tableOf("cube", cube.spec), column),
    attributeType: (node, owner) => node.type ?? (node.bins ? "string" : attributeTypeOf(binding.physicalType(node, owner))),
    physicalType(node, { dimension, cube }) {
      const kind = dimension ? "dimension" : "cube";
      let spec: { readonly name: string; readonly table?: string } = dimension ? dimension.spec : cube!.spec;
      let { source } = node;
      if (source.t === "closure") return physical(tableOf(kind, spec), (spec as Dimension).key);
      if (source.t === "label") return physical(source.table, source.column);
      if (source.t === "reference") {
        for (const step of source.path) spec = (spec as Dimension).references![step]!.to;
        source = source.source;
      }
      if (source.t === "column") return physical(tableOf(kind, spec), source.column);
      return source.t === "fragment" ? fragments.get(fragmentKey(ownerOfSql(kind, spec.name), source.sql)) : undefined;
    },
    argumentType: (cube, argument) => (typeof argument === "string" ? binding.factColumn(cube, argument) : fragments.get(fragmentKey(ownerOfSql("cube", cube.name), argument.sql))),
  };
  return Object.freeze(binding);
}
