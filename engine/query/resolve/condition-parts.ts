/** What a condition is about. */
import type { Condition } from "./nodes.ts";
import type { AttributeRef } from "../binding/member.ts";

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

/** Segments that it names, itself or deeper. */
export function segmentsIn(condition: Condition): string[] {
  if (condition.t === "segment") return [condition.segment];
  if (condition.t === "and" || condition.t === "or") return condition.of.flatMap(segmentsIn);
  return condition.t === "not" ? segmentsIn(condition.of) : [];
}

/** Whether it is about attributes throughout. Segments and keys hold for facts whose member is unknown to every attribute. */
export function attributesOnly(condition: Condition): boolean {
  if (condition.t === "and" || condition.t === "or") return condition.of.every(attributesOnly);
  return condition.t === "not" ? attributesOnly(condition.of) : condition.t === "attribute" || condition.t === "days";
}
