/** How conditions treat facts without a member. */
import type { Condition } from "./nodes.ts";

/**
 * Whether a condition holds for a row in which all its attributes are null. Such a filter must not turn a left join
 * into an inner one.
 */
export function acceptsNull(condition: Condition): boolean {
  switch (condition.t) {
    case "attribute":
      return (
        condition.operator === "is_null" ||
        (condition.operator === "equals" && condition.values.includes(null)) ||
        ((condition.operator === "not_equals" || condition.operator === "not_contains") &&
          !condition.values.includes(null))
      );
    case "days":
      return condition.negated;
    case "and":
      return condition.of.every(acceptsNull);
    case "or":
      return condition.of.some(acceptsNull);
    case "not":
      return !acceptsNull(condition.of);
    default:
      return false;
  }
}
