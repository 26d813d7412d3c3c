/** Where the model's tables and expressions are found in the warehouse. */
import { present } from "../../lookup.ts";
import type { AttributeNode, AttributeSource, CubeNode, DimensionNode } from "../../model/catalog.ts";
import { tableDimension } from "../../model/dimension.ts";
import type { Relation } from "../../sql/tree.ts";

/** The dimension or cube that an attribute belongs to. */
export type Owner =
  | { readonly dimension: DimensionNode; readonly cube?: undefined }
  | { readonly cube: CubeNode; readonly dimension?: undefined };

/** What a cube or dimension reads. */
export interface TableSpec {
  readonly name: string;
  readonly table?: string;
  readonly sql?: string;
}

/** The name under which the columns of a cube's or dimension's `sql` are kept. */
export const ownerOfSql = (kind: "cube" | "dimension", name: string): string => `${kind}:${name}`;

/** The table of a cube or dimension, or the name of its `sql`. */
export const tableOf = (kind: "cube" | "dimension", spec: TableSpec): string =>
  spec.table ?? ownerOfSql(kind, spec.name);

/** The kind of an owner, as `tableOf` takes it. */
export const kindOf = (owner: Owner): "cube" | "dimension" => (owner.dimension ? "dimension" : "cube");

/** The key of an expression's type in `FragmentTypes`. */
export const fragmentKey = (owner: string, sql: string): string => `${owner}\n${sql}`;

/**
 * The `sql` of a cube or dimension without a table.
 * @throws Error where it has neither: the model check refuses that
 */
export const sqlOf = (spec: Omit<TableSpec, "name">): string => present(spec.sql, "the sql");

/** A cube's or dimension's rows as a relation. */
export const relationOf = (spec: Omit<TableSpec, "name">, as: string): Relation =>
  spec.table === undefined ? { t: "fragment", sql: sqlOf(spec), as } : { t: "table", name: spec.table, as };

/** Where an attribute's value is read: its own table, or the one that its references lead to. */
export function attributeAt(node: AttributeNode, owner: Owner): { spec: TableSpec; source: AttributeSource } {
  const own = owner.dimension ? owner.dimension.spec : owner.cube.spec;
  if (node.source.t !== "reference" || own.kind === "cube") return { spec: own, source: node.source };
  let spec = tableDimension(own);
  for (const step of node.source.path) spec = present(spec.references?.[step], `reference ${step}`).to;
  return { spec, source: node.source.source };
}
