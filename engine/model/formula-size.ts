/** How deep and large a formula may be. */
import type { FormulaFunction, Formula } from "./formula.ts";

/**
 * Databases read deep expressions slowly (DuckDB takes a second for 250 operations in a row), and fail at a thousand
 * levels.
 */
const MOST_DEPTH = 250;
/** The SQL of a function that is not defined everywhere has its argument twice: once to test it. */
const MOST_SIZE = 20_000;
const TWICE: ReadonlySet<FormulaFunction> = new Set(["ln", "sqrt", "exp", "power"]);

/** Whether a formula becomes too deep or too large an expression. */
export function tooMuch(formula: Formula): "deep" | "large" | null {
  const left: { readonly of: Formula; readonly depth: number; readonly times: number }[] = [
    { of: formula, depth: 1, times: 1 },
  ];
  let size = 0;
  for (let next = left.pop(); next; next = left.pop()) {
    const { of, depth, times } = next;
    size += times;
    if (depth > MOST_DEPTH) return "deep";
    if (size > MOST_SIZE) return "large";
    const into = (parts: readonly Formula[], levels = 1, again = 1): void => {
      for (const part of parts) left.push({ of: part, depth: depth + levels, times: times * again });
    };
    switch (of.t) {
      case "negate":
      case "not":
        into([of.of]);
        break;
      case "binary":
        into([of.left, of.right]);
        break;
      case "call":
        into(of.args, 1, TWICE.has(of.name) ? 2 : 1);
        break;
      case "case":
        into([...of.whens.flatMap((w) => [w.when, w.then]), ...(of.otherwise ? [of.otherwise] : [])]);
        break;
      default:
    }
  }
  return null;
}
