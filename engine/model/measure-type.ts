/** What a measure is: most are numbers; the least or greatest of a column is what the column is, a formula what it comes to. */
import { TesseraError } from "../errors/index.ts";
import type { Catalog, MeasureNode } from "./catalog.ts";
import type { AttributeType } from "./dimension.ts";
import { typeOf, type FormulaType } from "./formula.ts";

/** @param column the type of what an extreme is taken of; `any` where only the warehouse knows @throws TesseraError `formula-invalid` for a formula of the wrong types */
export function measureTypeOf(
  catalog: Catalog,
  node: MeasureNode,
  column: (node: MeasureNode) => FormulaType,
  path: readonly string[] = [],
): FormulaType {
  const { spec } = node;
  const extreme =
    (spec.kind === "aggregate" || spec.kind === "nested") && (spec.aggregate === "min" || spec.aggregate === "max");
  const other = (member: string): FormulaType => {
    const next = catalog.measures.get(member);
    // a circle, and a name that leads nowhere, are reported by themselves
    return !next || path.includes(member) ? "any" : measureTypeOf(catalog, next, column, [...path, node.member]);
  };
  if (spec.kind === "calculated") {
    if (!node.formula) return "any";
    try {
      return typeOf(node.formula, spec.formula, other);
    } catch (error) {
      throw error instanceof TesseraError && error.place === spec.formula
        ? new TesseraError(error.code, error.message, {
            place: node.member,
            ...(error.remedy && { remedy: error.remedy }),
          })
        : error;
    }
  }
  if (spec.kind === "aggregate" && extreme) return column(node);
  if (spec.kind === "time" || extreme) return other(node.base!);
  return "number";
}

/** A member's type as results say it. */
export const asAttributeType = (type: FormulaType): AttributeType =>
  type === "text" ? "string" : type === "null" || type === "any" ? "number" : type;
export const asFormulaType = (type: AttributeType): FormulaType =>
  type === "string" ? "text" : type === "integer" ? "number" : type;

/** What must be a number and is none, in words; null where all is well. */
export function notNumber(node: MeasureNode, type: (member: string) => FormulaType): string | null {
  const { spec } = node;
  const numeric = (found: FormulaType): boolean => found === "number" || found === "null" || found === "any";
  if (spec.kind === "share" && !numeric(type(node.base!)))
    return `a share is a part of a number, and ${node.base!} is a ${type(node.base!)}`;
  if (spec.kind === "nested" && !["count", "min", "max"].includes(spec.aggregate) && !numeric(type(node.base!)))
    return `${spec.aggregate} takes numbers, and ${node.base!} is a ${type(node.base!)}`;
  if (spec.fill !== undefined && !numeric(type(node.member)))
    return `it is a ${type(node.member)}, and \`fill\` is a number`;
  return null;
}
