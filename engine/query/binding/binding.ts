/** The types of the model's columns in the warehouse, read once for each version. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { required } from "../../lookup.ts";
import type { ColumnType } from "../../model/column-type.ts";
import type { Catalog, CubeNode, AttributeNode } from "../../model/catalog.ts";
import { tableDimension, type AttributeType } from "../../model/dimension.ts";
import type { FormulaType } from "../../model/formula.ts";
import { measureNamed } from "../../model/row-count.ts";
import type { Argument } from "../../model/measure.ts";
import { asAttributeType, asFormulaType, measureTypeOf, notNumber } from "../../model/measure-type.ts";
import { attributeAt, fragmentKey, kindOf, ownerOfSql, tableOf, type Owner } from "./owner.ts";

/**
 * Types by lower-case column name: for every table, and for the `sql` of every cube or dimension under `cube:name` /
 * `dimension:name`.
 */
export type Columns = ReadonlyMap<string, ReadonlyMap<string, ColumnType>>;

/** What planning knows of the warehouse's types. */
export interface Binding {
  readonly columns: Columns;
  hasTable(name: string): boolean;
  /** type of a fact's column; undefined for an unknown column */
  factColumn(cube: CubeNode, column: string): ColumnType | undefined;
  /** members of parent-child dimensions by label, where they were read */
  readonly named?: ReadonlyMap<string, NamedMembers>;
  attributeType(node: AttributeNode, owner: Owner): AttributeType;
  /** the type of the column or expression that an attribute reads; undefined where it is unknown */
  physicalType(node: AttributeNode, owner: Owner): ColumnType | undefined;
  /** the type of what a measure aggregates; undefined where it is unknown */
  argumentType(cube: CubeNode, argument: Argument): ColumnType | undefined;
  /**
   * the type of `cube.measure`; number for an unknown one.
   * @throws TesseraError where its parts have the wrong types
   */
  measureType(member: string): AttributeType;
}

/** Types of expressions, as described by the warehouse, by `fragmentKey`. */
export type FragmentTypes = ReadonlyMap<string, ColumnType>;

/** The type of an attribute, from that of its column. */
export function attributeTypeOf(physical: ColumnType | undefined): AttributeType {
  switch (physical?.t) {
    case "boolean":
    case "date":
    case "integer":
      return physical.t;
    case "decimal":
    case "double":
      return "number";
    case "local":
    case "instant":
      return "timestamp";
    default:
      return "string";
  }
}

/** An unknown column counts as a number, as measures mostly are. */
const extremeType = (physical: ColumnType | undefined): AttributeType =>
  physical === undefined ? "number" : attributeTypeOf(physical);

/** @param columns of the tables and the model's `sql` @param fragments types of the model's expressions */
export function makeBinding(catalog: Catalog, columns: Columns, fragments: FragmentTypes = new Map()): Binding {
  const physical = (table: string, column: string): ColumnType | undefined =>
    columns.get(table.toLowerCase())?.get(column.toLowerCase());
  const measureTypes = new Map<string, AttributeType>();
  const formulaType = (member: string): FormulaType => asFormulaType(binding.measureType(member));
  const binding: Binding = {
    columns,
    hasTable: (name) => columns.has(name.toLowerCase()),
    factColumn: (cube, column) => physical(tableOf("cube", cube.spec), column),
    attributeType: (node, owner) =>
      node.type ?? (node.bins ? "string" : attributeTypeOf(binding.physicalType(node, owner))),
    physicalType(node, owner) {
      const { spec, source } = attributeAt(node, owner);
      const kind = kindOf(owner);
      switch (source.t) {
        case "closure":
          return owner.dimension && physical(tableOf(kind, spec), tableDimension(owner.dimension.spec).key);
        case "label":
          return physical(source.table, source.column);
        case "column":
          return physical(tableOf(kind, spec), source.column);
        case "fragment":
          return fragments.get(fragmentKey(ownerOfSql(kind, spec.name), source.sql));
        default:
          return undefined;
      }
    },
    argumentType: (cube, argument) =>
      typeof argument === "string"
        ? binding.factColumn(cube, argument)
        : fragments.get(fragmentKey(ownerOfSql("cube", cube.name), argument.sql)),
    measureType(member) {
      const found = measureTypes.get(member);
      const node = measureNamed(catalog, member);
      if (found !== undefined || !node) return found ?? "number";
      const type = asAttributeType(
        measureTypeOf(catalog, node, ({ cube, spec }) =>
          (spec.kind === "aggregate" || spec.kind === "semi_additive") && spec.of !== undefined
            ? asFormulaType(extremeType(binding.argumentType(required(catalog.cubes, cube, "cube"), spec.of)))
            : "any",
        ),
      );
      measureTypes.set(member, type);
      const fault = notNumber(node, formulaType);
      if (fault) {
        measureTypes.delete(member);
        throw new TesseraError("model-invalid", phrase`${member}: ${fault}`, {
          place: member,
          remedy: "take it of a number, for example case when … then 1 else 0 end",
        });
      }
      return type;
    },
  };
  return Object.freeze(binding);
}

/** The members of a parent-child dimension, by key and by label. */
export interface NamedMembers {
  readonly keys: ReadonlySet<string>;
  readonly byLabel: ReadonlyMap<string, readonly (string | number)[]>;
}
