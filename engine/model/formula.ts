/**
 * The formula grammar of calculated measures. A formula is parsed into a typed tree and never pasted into SQL.
 *
 *     or > and > not > comparison > + - > * / > unary - > ( ), number, 'text', member, function(…), case … end
 */
import { present } from "../lookup.ts";
import { TesseraError, didYouMean, phrase } from "../errors/index.ts";

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
export type FormulaFunction = keyof typeof FORMULA_FUNCTIONS;

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

/** `any`: a measure whose type only the warehouse knows, like the greatest of a column */
export type FormulaType = "number" | "text" | "boolean" | "date" | "timestamp" | "null" | "any";

interface Token {
  readonly kind: "number" | "text" | "name" | "op" | "end";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|'((?:[^']|'')*)'|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)|(<>|!=|<=|>=|[-+*/()=<>,]))/y;
const DEEPEST = 200;

function tokens(source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (source.slice(at).trim() !== "") {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match)
      throw wrong(
        source,
        at + present(/^\s*/.exec(source.slice(at)), "value")[0].length,
        `unexpected ${JSON.stringify(source.slice(at).trim()[0])}`,
      );
    const [whole, number, text, name, op] = match;
    const start = at + whole.length - whole.trimStart().length;
    at += whole.length;
    if (number !== undefined) found.push({ kind: "number", text: number, at: start });
    else if (text !== undefined) found.push({ kind: "text", text: text.replaceAll("''", "'"), at: start });
    else if (name !== undefined) found.push({ kind: "name", text: name, at: start });
    else found.push({ kind: "op", text: op === "!=" ? "<>" : present(op, "op"), at: start });
  }
  found.push({ kind: "end", text: "", at: source.length });
  return found;
}

const wrong = (source: string, at: number, message: string): TesseraError =>
  new TesseraError(
    "formula-invalid",
    phrase`formula ${JSON.stringify(source.length > 300 ? `${source.slice(0, 300)}…` : source)}: ${message} at character ${at + 1}`,
    {
      place: source,
      remedy:
        "a formula knows + - * / ( ), comparisons, and or not, case when … then … else … end, numbers, 'texts', measures, and abs round coalesce nullif least greatest ln exp sqrt power",
    },
  );

/** Parses a formula. @throws TesseraError `formula-invalid` with the character where it went wrong */
export function parseFormula(source: string): Formula {
  const all = tokens(source);
  let i = 0;
  let depth = 0;
  const peek = (): Token => present(all[i], "all");
  const isOp = (...ops: string[]): boolean => peek().kind === "op" && ops.includes(peek().text);
  const isWord = (word: string): boolean => peek().kind === "name" && peek().text.toLowerCase() === word;
  const take = (): Token => present(all[i++], "all");
  const expectOp = (op: string): void => {
    if (!isOp(op)) throw wrong(source, peek().at, `expected "${op}"`);
    i++;
  };
  const expectWord = (word: string): void => {
    if (!isWord(word)) throw wrong(source, peek().at, `expected "${word}"`);
    i++;
  };
  const deeper = <T>(parse: () => T): T => {
    if (++depth > DEEPEST) throw wrong(source, peek().at, `nested deeper than ${DEEPEST}`);
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
          `unknown function ${token.text}${didYouMean(word, Object.keys(FORMULA_FUNCTIONS))}`,
        );
      const [least, most] = FORMULA_FUNCTIONS[word as FormulaFunction];
      if (args.length < least || args.length > most)
        throw wrong(
          source,
          token.at,
          `${word} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${args.length}`,
        );
      if (word === "round" && args[1] !== undefined && !isDigits(args[1]))
        throw wrong(source, token.at, "round takes its digits as a whole number from -30 to 30, written out");
      return { t: "call", name: word as FormulaFunction, args };
    }
    throw wrong(source, token.at, token.kind === "end" ? "it ends too early" : `unexpected "${token.text}"`);
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
  if (peek().kind !== "end") throw wrong(source, peek().at, `unexpected "${peek().text}"`);
  const much = tooMuch(formula);
  if (much)
    throw wrong(
      source,
      source.length - 1,
      much === "deep"
        ? "too many operations follow from each other to be computed at once"
        : "functions within functions make it too large to be computed",
    );
  typeOf(formula, source);
  return formula;
}

/** Database engines read deep expressions slowly (DuckDB takes a second for some 250 operations in a row), and none of a thousand levels. */
const MOST_DEPTH = 250;
/** Functions that have no value everywhere say their argument twice, once to look at it. */
const MOST_SIZE = 20_000;
const TWICE: ReadonlySet<FormulaFunction> = new Set(["ln", "sqrt", "exp", "power"]);

/** Whether a formula becomes too deep or too large an expression. */
function tooMuch(formula: Formula): "deep" | "large" | null {
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

/** How many digits to round to must be known when the question is planned. */
function isDigits(formula: Formula): boolean {
  const number = formula.t === "negate" ? formula.of : formula;
  return number.t === "number" && /^\d{1,2}$/.test(number.text) && Number(number.text) <= 30;
}

/** The type of a formula. @param measure the types of the measures it names @throws TesseraError `formula-invalid` where an operator meets the wrong type */
export function typeOf(
  formula: Formula,
  source = "",
  measure: (name: string) => FormulaType = () => "any",
): FormulaType {
  const type = (part: Formula): FormulaType => typeOf(part, source, measure);
  const want = (part: Formula, wanted: FormulaType, what: string): void => {
    const found = type(part);
    if (found !== wanted && found !== "null" && found !== "any")
      throw wrong(source, 0, `${what} needs a ${wanted}, not a ${found}`);
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
  throw wrong(source, 0, `${what} mixes a ${a} and a ${b}`);
}

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
