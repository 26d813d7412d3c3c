/** Formulas as SQL. */
import type { Formula } from "../../../model/formula.ts";
import { binary, call, literal, type Expr } from "../../../sql/tree.ts";

export const isArithmetic = (f: Formula): boolean =>
  f.t === "number" ||
  f.t === "measure" ||
  (f.t === "negate" && isArithmetic(f.of)) ||
  (f.t === "binary" && "+-*/".includes(f.op) && isArithmetic(f.left) && isArithmetic(f.right));

/** Whether a formula multiplies. */
export function hasProduct(formula: Formula): boolean {
  switch (formula.t) {
    case "binary":
      return formula.op === "*" || hasProduct(formula.left) || hasProduct(formula.right);
    case "negate":
    case "not":
      return hasProduct(formula.of);
    case "call":
      return formula.args.some(hasProduct);
    case "case":
      return (
        formula.whens.some((w) => hasProduct(w.when) || hasProduct(w.then)) ||
        (formula.otherwise !== null && hasProduct(formula.otherwise))
      );
    default:
      return false;
  }
}

/** A formula as SQL. @param measure gives the expression of a measure */
export function formulaExpr(formula: Formula, measure: (name: string) => Expr): Expr {
  const at = (f: Formula): Expr => formulaExpr(f, measure);
  switch (formula.t) {
    case "number":
      return { t: "numeral", text: formula.text };
    case "text":
      return literal(formula.text, "text");
    case "boolean":
      return literal(formula.value, "boolean");
    case "null":
      return { t: "null" };
    case "measure":
      return measure(formula.name);
    case "negate":
      return { t: "negate", of: at(formula.of) };
    case "not":
      return { t: "not", of: at(formula.of) };
    case "binary":
      return formula.op === "/"
        ? call("divide", at(formula.left), at(formula.right))
        : binary(formula.op, at(formula.left), at(formula.right));
    case "call":
      return call(formula.name, ...formula.args.map(at));
    case "case":
      return {
        t: "case",
        whens: formula.whens.map((w) => ({ when: at(w.when), then: at(w.then) })),
        otherwise: formula.otherwise && at(formula.otherwise),
      };
  }
}
