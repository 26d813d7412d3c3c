/** What the warehouse says about the model's columns: their types. Read once a version. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { Catalog, CubeNode, DimensionNode, AttributeNode } from "../../model/catalog.ts";
import type { AttributeType, Dimension } from "../../model/dimension.ts";
import type { FormulaType } from "../../model/formula.ts";
import type { Argument } from "../../model/measure.ts";
import { asAttributeType, asFormulaType, measureTypeOf, notNumber } from "../../model/measure-type.ts";

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
  /** what a measure is, `cube.measure`; one that there is not is a number. @throws TesseraError where it is computed from the wrong types */
  measureType(member: string): AttributeType;
}

interface Owner {
  readonly dimension?: DimensionNode;
  readonly cube?: CubeNode;
}

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
/** A column that is not known is taken for one of numbers, as measures mostly are. */
const extremeType = (physical: string | undefined): AttributeType =>
  physical === undefined ? "number" : attributeTypeOf(physical);

export const ownerOfSql = (kind: "cube" | "dimension", name: string): string => `${kind}:${name}`;

export function makeBinding(catalog: Catalog, columns: Columns, fragments: FragmentTypes = new Map()): Binding {
  const tableOf = (kind: "cube" | "dimension", spec: { name: string; table?: string }): string =>
    spec.table ?? ownerOfSql(kind, spec.name);
  const physical = (table: string, column: string): string | undefined =>
    columns.get(table.toLowerCase())?.get(column.toLowerCase());
  const measureTypes = new Map<string, AttributeType>();
  const known = (member: string): FormulaType => asFormulaType(binding.measureType(member));
  const binding: Binding = {
    columns,
    hasTable: (name) => columns.has(name.toLowerCase()),
    factColumn: (cube, column) => physical(tableOf("cube", cube.spec), column),
    attributeType: (node, owner) =>
      node.type ?? (node.bins ? "string" : attributeTypeOf(binding.physicalType(node, owner))),
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
    argumentType: (cube, argument) =>
      typeof argument === "string"
        ? binding.factColumn(cube, argument)
        : fragments.get(fragmentKey(ownerOfSql("cube", cube.name), argument.sql)),
    measureType(member) {
      const found = measureTypes.get(member);
      const node = catalog.measures.get(member);
      if (found !== undefined || !node) return found ?? "number";
      const type = asAttributeType(
        measureTypeOf(catalog, node, ({ cube, spec }) =>
          "of" in spec && spec.of !== undefined
            ? asFormulaType(extremeType(binding.argumentType(catalog.cubes.get(cube)!, spec.of as Argument)))
            : "any",
        ),
      );
      measureTypes.set(member, type);
      const fault = notNumber(node, known);
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

export interface NamedMembers {
  readonly keys: ReadonlySet<string>;
  readonly byLabel: ReadonlyMap<string, readonly (string | number)[]>;
}
