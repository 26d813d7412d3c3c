/** The types of formulas. */
import { wrong } from "./formula-error.ts";
import { phrase } from "../errors/index.ts";
import type { Formula, FormulaType } from "./formula.ts";

/**
 * The type of a formula.
 * @param measure gives the type of a measure; default: unknown
 * @throws TesseraError `formula-invalid` where an operator has the wrong types
 */
export function typeOf(
  formula: Formula,
  source = "",
  measure: (name: string) => FormulaType = () => "any",
): FormulaType {
  const type = (part: Formula): FormulaType => typeOf(part, source, measure);
  const want = (part: Formula, wanted: FormulaType, what: string): void => {
    const found = type(part);
    if (found !== wanted && found !== "null" && found !== "any")
      throw wrong(source, 0, phrase`${what} needs a ${wanted}, not a ${found}`);
  };
  switch (formula.t) {
    case "number":
      return "number";
    case "measure":
      return measure(formula.name);
    case "text":
      return "text";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "negate":
      want(formula.of, "number", "-");
      return "number";
    case "not":
      want(formula.of, "boolean", "not");
      return "boolean";
    case "binary": {
      if (formula.op === "and" || formula.op === "or") {
        want(formula.left, "boolean", formula.op);
        want(formula.right, "boolean", formula.op);
        return "boolean";
      }
      if ("+-*/".includes(formula.op)) {
        want(formula.left, "number", formula.op);
        want(formula.right, "number", formula.op);
        return "number";
      }
      same(type(formula.left), type(formula.right), source, formula.op);
      return "boolean";
    }
    case "call":
      if (formula.name === "coalesce" || formula.name === "nullif")
        return formula.args.map(type).reduce((a, b) => same(a, b, source, formula.name));
      for (const arg of formula.args) want(arg, "number", formula.name);
      return "number";
    case "case": {
      for (const { when } of formula.whens) want(when, "boolean", "when");
      const results = [...formula.whens.map((w) => w.then), ...(formula.otherwise ? [formula.otherwise] : [])];
      return results.map(type).reduce((a, b) => same(a, b, source, "case"));
    }
  }
}

function same(a: FormulaType, b: FormulaType, source: string, what: string): FormulaType {
  if (a === "null" || a === "any") return b;
  if (b === "null" || b === "any" || a === b) return a;
  throw wrong(source, 0, phrase`${what} mixes a ${a} and a ${b}`);
}
