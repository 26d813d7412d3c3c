/** What a condition is made of. */
import type { AttributeRef } from "../binding/member.ts";
import type { Condition } from "./nodes.ts";

/** Top-level conjuncts. */
export const conjuncts = (condition: Condition): readonly Condition[] =>
  condition.t === "and" ? condition.of.flatMap(conjuncts) : [condition];

/** Every attribute or segment in a condition. */
export function refsIn(condition: Condition): AttributeRef[] {
  switch (condition.t) {
    case "attribute":
    case "days":
      return [condition.ref];
    case "and":
    case "or":
      return condition.of.flatMap(refsIn);
    case "not":
      return refsIn(condition.of);
    default:
      return [];
  }
}

/** The segments that a condition names, at any depth. */
export function segmentsIn(condition: Condition): string[] {
  if (condition.t === "segment") return [condition.segment];
  if (condition.t === "and" || condition.t === "or") return condition.of.flatMap(segmentsIn);
  return condition.t === "not" ? segmentsIn(condition.of) : [];
}

/** Whether every part tests attributes. Segments and keys also hold for facts whose member is unknown. */
export function attributesOnly(condition: Condition): boolean {
  if (condition.t === "and" || condition.t === "or") return condition.of.every(attributesOnly);
  return condition.t === "not" ? attributesOnly(condition.of) : condition.t === "attribute" || condition.t === "days";
}

/** Whether a condition names a measure anywhere, and whether it names an attribute or segment anywhere. */
export function mentions(condition: Condition): { readonly measures: boolean; readonly attributes: boolean } {
  switch (condition.t) {
    case "measure":
    case "calculation":
    case "compared":
      return { measures: true, attributes: false };
    case "not":
      return mentions(condition.of);
    case "and":
    case "or": {
      const found = condition.of.map(mentions);
      return { measures: found.some((f) => f.measures), attributes: found.some((f) => f.attributes) };
    }
    default:
      return { measures: false, attributes: true };
  }
}
