/**
 * The types of measures. Most are numbers; a minimum or maximum has the type of its column, a formula that of its
 * result.
 */
import { present } from "../lookup.ts";
import { TesseraError, type Message, phrase } from "../errors/index.ts";
import { AGGREGATES } from "./aggregates.ts";
import type { Catalog, MeasureNode } from "./catalog.ts";
import type { AttributeType } from "./dimension.ts";
import type { FormulaType } from "./formula.ts";
import { typeOf } from "./formula-type.ts";
import { measureNamed } from "./row-count.ts";

/**
 * The type of a measure.
 * @param column the type of what a minimum or maximum is taken of; `any` where only the warehouse knows it
 * @throws TesseraError `formula-invalid` for a formula over the wrong types
 */
export function measureTypeOf(
  catalog: Catalog,
  node: MeasureNode,
  column: (node: MeasureNode) => FormulaType,
  path: readonly string[] = [],
): FormulaType {
  const { spec } = node;
  const extreme =
    (spec.kind === "aggregate" || spec.kind === "nested") && AGGREGATES[spec.aggregate].gives === "argument";
  const other = (member: string): FormulaType => {
    const next = measureNamed(catalog, member);
    // circles and unknown names are reported elsewhere
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
  if (spec.kind === "time" || extreme) return other(present(node.base, "base"));
  return "number";
}

/** A formula's type as results name it. */
export function asAttributeType(type: FormulaType): AttributeType {
  if (type === "text") return "string";
  return type === "null" || type === "any" ? "number" : type;
}

/** An attribute's type as formulas name it. */
export function asFormulaType(type: AttributeType): FormulaType {
  if (type === "string") return "text";
  return type === "integer" ? "number" : type;
}

/** Why a measure cannot be computed from what is not a number; null where it can. */
export function notNumber(node: MeasureNode, type: (member: string) => FormulaType): Message | null {
  const { spec } = node;
  const numeric = (found: FormulaType): boolean => found === "number" || found === "null" || found === "any";
  const { base } = node;
  if (base !== null && !numeric(type(base))) {
    if (spec.kind === "share") return phrase`a share is a part of a number; ${base} is a ${type(base)}`;
    if (spec.kind === "nested" && AGGREGATES[spec.aggregate].takes !== "anything")
      return phrase`${spec.aggregate} takes numbers; ${base} is a ${type(base)}`;
  }
  if (spec.fill !== undefined && !numeric(type(node.member)))
    return phrase`\`fill\` is a number; the measure is a ${type(node.member)}`;
  return null;
}
