/** From text to a formula. */
import { tooMuch } from "./formula-size.ts";
import { typeOf } from "./formula-type.ts";
import { wrong } from "./formula-error.ts";
import { present } from "../lookup.ts";
import { didYouMean, phrase } from "../errors/index.ts";
import { FORMULA_FUNCTIONS, type FormulaFunction, type Formula } from "./formula.ts";

interface Token {
  readonly kind: "number" | "text" | "name" | "op" | "end";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|'((?:[^']|'')*)'|([A-Za-z_][A-Za-z0-9_]*(?:\.#?[A-Za-z_][A-Za-z0-9_]*)?)|(<>|!=|<=|>=|[-+*/()=<>,]))/y;
const DEEPEST = 200;

function tokens(source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (source.slice(at).trim() !== "") {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match) {
      const rest = source.slice(at);
      const blanks = rest.length - rest.trimStart().length;
      throw wrong(source, at + blanks, phrase`unexpected ${JSON.stringify(rest.trim()[0])}`);
    }
    const [whole, number, text, name, op] = match;
    const start = at + whole.length - whole.trimStart().length;
    at += whole.length;
    if (number !== undefined) found.push({ kind: "number", text: number, at: start });
    else if (text !== undefined) found.push({ kind: "text", text: text.replaceAll("''", "'"), at: start });
    else if (name !== undefined) found.push({ kind: "name", text: name, at: start });
    else found.push({ kind: "op", text: op === "!=" ? "<>" : present(op, "the operator"), at: start });
  }
  found.push({ kind: "end", text: "", at: source.length });
  return found;
}

/** Parses a formula. @throws TesseraError `formula-invalid` with the character where it went wrong */
export function parseFormula(source: string): Formula {
  const all = tokens(source);
  let i = 0;
  let depth = 0;
  const peek = (): Token => present(all[i], "the token");
  const isOp = (...ops: string[]): boolean => peek().kind === "op" && ops.includes(peek().text);
  const isWord = (word: string): boolean => peek().kind === "name" && peek().text.toLowerCase() === word;
  const take = (): Token => present(all[i++], "the token");
  const expectOp = (op: string): void => {
    if (!isOp(op)) throw wrong(source, peek().at, phrase`expected "${op}"`);
    i++;
  };
  const expectWord = (word: string): void => {
    if (!isWord(word)) throw wrong(source, peek().at, phrase`expected "${word}"`);
    i++;
  };
  const deeper = <T>(parse: () => T): T => {
    if (++depth > DEEPEST) throw wrong(source, peek().at, phrase`nested deeper than ${DEEPEST}`);
    const result = parse();
    depth--;
    return result;
  };

  const or = (): Formula =>
    deeper(() => {
      let left = and();
      while (isWord("or")) {
        i++;
        left = { t: "binary", op: "or", left, right: and() };
      }
      return left;
    });
  const and = (): Formula => {
    let left = not();
    while (isWord("and")) {
      i++;
      left = { t: "binary", op: "and", left, right: not() };
    }
    return left;
  };
  const not = (): Formula => {
    if (isWord("not")) {
      i++;
      return { t: "not", of: deeper(not) };
    }
    return comparison();
  };
  const comparison = (): Formula => {
    const left = additive();
    if (!isOp("=", "<>", "<", "<=", ">", ">=")) return left;
    const op = take().text as "=";
    return { t: "binary", op, left, right: additive() };
  };
  const additive = (): Formula => {
    let left = multiplicative();
    while (isOp("+", "-")) {
      const op = take().text as "+";
      left = { t: "binary", op, left, right: multiplicative() };
    }
    return left;
  };
  const multiplicative = (): Formula => {
    let left = unary();
    while (isOp("*", "/")) {
      const op = take().text as "*";
      left = { t: "binary", op, left, right: unary() };
    }
    return left;
  };
  const unary = (): Formula => {
    if (isOp("-")) {
      i++;
      return { t: "negate", of: deeper(unary) };
    }
    if (isOp("+")) {
      i++;
      return deeper(unary);
    }
    return primary();
  };
  const primary = (): Formula => {
    const token = take();
    if (token.kind === "number") return { t: "number", text: token.text };
    if (token.kind === "text") return { t: "text", text: token.text };
    if (token.kind === "op" && token.text === "(") {
      const inner = or();
      expectOp(")");
      return inner;
    }
    if (token.kind === "name") {
      const word = token.text.toLowerCase();
      if (word === "true" || word === "false") return { t: "boolean", value: word === "true" };
      if (word === "null") return { t: "null" };
      if (word === "case") return caseWhen();
      if (!isOp("(")) return { t: "measure", name: token.text };
      i++;
      const args: Formula[] = [];
      if (!isOp(")")) {
        args.push(or());
        while (isOp(",")) {
          i++;
          args.push(or());
        }
      }
      expectOp(")");
      if (!Object.hasOwn(FORMULA_FUNCTIONS, word))
        throw wrong(
          source,
          token.at,
          phrase`function "${token.text}" not found${didYouMean(word, Object.keys(FORMULA_FUNCTIONS))}`,
        );
      const [least, most] = FORMULA_FUNCTIONS[word as FormulaFunction];
      if (args.length < least || args.length > most)
        throw wrong(
          source,
          token.at,
          least === most
            ? phrase`${word} takes ${least} arguments; got ${args.length}`
            : phrase`${word} takes ${least} to ${most} arguments; got ${args.length}`,
        );
      if (word === "round" && args[1] !== undefined && !isDigits(args[1]))
        throw wrong(source, token.at, "the digits of round are a whole number from -30 to 30");
      return { t: "call", name: word as FormulaFunction, args };
    }
    throw wrong(source, token.at, token.kind === "end" ? "it ends too early" : phrase`unexpected "${token.text}"`);
  };
  const caseWhen = (): Formula => {
    const whens: { when: Formula; then: Formula }[] = [];
    while (isWord("when")) {
      i++;
      const when = or();
      expectWord("then");
      whens.push({ when, then: or() });
    }
    if (whens.length === 0) throw wrong(source, peek().at, 'expected "when"');
    let otherwise: Formula | null = null;
    if (isWord("else")) {
      i++;
      otherwise = or();
    }
    expectWord("end");
    return { t: "case", whens, otherwise };
  };

  const formula = or();
  if (peek().kind !== "end") throw wrong(source, peek().at, phrase`unexpected "${peek().text}"`);
  const much = tooMuch(formula);
  if (much)
    throw wrong(
      source,
      source.length - 1,
      much === "deep" ? "too many operations depend on each other" : "functions within functions make it too large",
    );
  typeOf(formula, source);
  return formula;
}

/** The digits to round to must be known when the query is planned. */
function isDigits(formula: Formula): boolean {
  const number = formula.t === "negate" ? formula.of : formula;
  return number.t === "number" && /^\d{1,2}$/.test(number.text) && Number(number.text) <= 30;
}
