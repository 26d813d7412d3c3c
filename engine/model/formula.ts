/** The functions of formulas, with the least and most arguments. */
export const FORMULA_FUNCTIONS = {
  abs: [1, 1],
  round: [1, 2],
  coalesce: [1, 99],
  nullif: [2, 2],
  least: [1, 99],
  greatest: [1, 99],
  ln: [1, 1],
  exp: [1, 1],
  sqrt: [1, 1],
  power: [2, 2],
} as const satisfies Record<string, readonly [number, number]>;
/** The name of a function. */
export type FormulaFunction = keyof typeof FORMULA_FUNCTIONS;

/** A parsed formula. */
export type Formula =
  | { readonly t: "number"; readonly text: string }
  | { readonly t: "text"; readonly text: string }
  | { readonly t: "boolean"; readonly value: boolean }
  | { readonly t: "null" }
  | { readonly t: "measure"; readonly name: string }
  | { readonly t: "negate" | "not"; readonly of: Formula }
  | {
      readonly t: "binary";
      readonly op: "+" | "-" | "*" | "/" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "and" | "or";
      readonly left: Formula;
      readonly right: Formula;
    }
  | { readonly t: "call"; readonly name: FormulaFunction; readonly args: readonly Formula[] }
  | {
      readonly t: "case";
      readonly whens: readonly { readonly when: Formula; readonly then: Formula }[];
      readonly otherwise: Formula | null;
    };

/** `any`: a measure whose type only the warehouse knows, such as the maximum of a column. */
export type FormulaType = "number" | "text" | "boolean" | "date" | "timestamp" | "null" | "any";

/** All measures that a formula names, in order of appearance, each once. */
export function measuresIn(formula: Formula): string[] {
  const found = new Set<string>();
  const walk = (f: Formula): void => {
    switch (f.t) {
      case "measure":
        found.add(f.name);
        break;
      case "negate":
      case "not":
        walk(f.of);
        break;
      case "binary":
        walk(f.left);
        walk(f.right);
        break;
      case "call":
        f.args.forEach(walk);
        break;
      case "case":
        f.whens.forEach((w) => {
          walk(w.when);
          walk(w.then);
        });
        if (f.otherwise) walk(f.otherwise);
        break;
      default:
    }
  };
  walk(formula);
  return [...found];
}
