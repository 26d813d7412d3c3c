/** Small semantic changes to a source file: what a slip of a careful programmer looks like. */
import { parseSync } from "oxc-parser";

/** One change: a part of the text is replaced. */
export interface Mutation {
  /** `boundary`, `condition`, `argument`, … */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** the nearest named function around it; empty at the top of the module */
  readonly within: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const SWAPPED: Readonly<Record<string, readonly [kind: string, to: string]>> = {
  "<": ["boundary", "<="],
  "<=": ["boundary", "<"],
  ">": ["boundary", ">="],
  ">=": ["boundary", ">"],
  "===": ["equality", "!=="],
  "!==": ["equality", "==="],
  "+": ["arithmetic", "-"],
  "-": ["arithmetic", "+"],
  "*": ["arithmetic", "/"],
  "/": ["arithmetic", "*"],
};

/** Words of SQL in texts, each with what a slip would write. */
const SQL: readonly (readonly [RegExp, string])[] = [
  [/\bNULLS LAST\b/, "NULLS FIRST"],
  [/\bNULLS FIRST\b/, "NULLS LAST"],
  [/\bIS NOT NULL\b/, "IS NULL"],
  [/\bIS NULL\b/, "IS NOT NULL"],
  [/\bLEFT JOIN\b/, "JOIN"],
  [/\bDESC\b/, "ASC"],
  [/\bsum\(/, "max("],
  [/\bmin\(/, "max("],
  [/\bmax\(/, "min("],
  [/\bcount\(DISTINCT /, "count("],
  [/ AND /, " OR "],
  [/ <= /, " < "],
  [/ >= /, " > "],
];
const IS_SQL = /\b(SELECT|WHERE|FROM|ORDER BY|GROUP BY|JOIN|OVER)\b/;

/** Words of statements that are built as trees, and of their dates. */
const WORDS: Readonly<Record<string, string>> = {
  sum: "max",
  min: "max",
  max: "min",
  count: "count_distinct",
  count_distinct: "count",
  first: "last",
  last: "first",
  and: "or",
  or: "and",
  asc: "desc",
  desc: "asc",
  left: "inner",
  inner: "left",
  from: "until",
  until: "from",
};

/** Subtrees without behaviour of their own: types, messages, imports. */
const SKIPPED = /^(TS|Import|Export(All)|JSXText)/;
const KEPT_TS = new Set([
  "TSNonNullExpression",
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSInstantiationExpression",
]);
const MESSAGES = new Set(["TesseraError", "Error", "problem", "phrase"]);

const isText = (node: unknown): boolean =>
  isNode(node) && (node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string"));

/** Every change that the operators can make to a file. */
export function mutationsOf(path: string, source: string): Mutation[] {
  const found: Mutation[] = [];
  const text = (node: Node): string => source.slice(node.start, node.end);

  const visit = (node: Node, within: string): void => {
    if (SKIPPED.test(node.type) && !KEPT_TS.has(node.type)) {
      if (node.type !== "ExportNamedDeclaration" && node.type !== "ExportDefaultDeclaration") return;
    }
    const callee = node["callee"] ?? node["tag"];
    if (isNode(callee) && MESSAGES.has(text(callee))) return;
    // how many rows, milliseconds or attempts at most is a choice: no test should pin it
    if (isChoice(node)) return;
    const add = (kind: string, at: { start: number; end: number }, replacement: string): void =>
      void found.push({ kind, start: at.start, end: at.end, replacement, within });
    change(node, add, text, source);
    const inner = nameOf(node) ?? within;
    for (const [key, child] of Object.entries(node)) {
      if (key === "typeAnnotation" || key === "typeArguments" || key === "returnType" || key === "typeParameters")
        continue;
      for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) visit(each, inner);
    }
  };
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  visit(program as unknown as Node, "");
  return found;
}

/** The name that V8 gives the function that a node makes; undefined for anything else. */
function nameOf(node: Node): string | undefined {
  const { type } = node;
  const name = (of: unknown): string | undefined => (isNode(of) ? (of["name"] as string | undefined) : undefined);
  if (type === "FunctionDeclaration") return name(node["id"]);
  if (type === "MethodDefinition" || type === "PropertyDefinition") {
    const key = node["key"] as Node;
    return key.type === "PrivateIdentifier" ? `#${name(key)}` : name(key);
  }
  const value = node["init"] ?? node["value"];
  const isFunction = isNode(value) && /^(ArrowFunction|Function)Expression$/.test(value.type);
  if (type === "VariableDeclarator" && isFunction) return name(node["id"]);
  return type === "Property" && isFunction ? name(node["key"]) : undefined;
}

/** A named whole number at the top of a module: `const MOST_ROWS = 5_000`. */
function isChoice(node: Node): boolean {
  const [id, init] = [node["id"], node["init"]];
  if (node.type !== "VariableDeclarator" || !isNode(id) || !isNode(init)) return false;
  const value = init["value"];
  return /^[A-Z][A-Z0-9_]+$/.test(String(id["name"])) && Number.isInteger(value) && Number(value) > 1;
}

type Add = (kind: string, at: { start: number; end: number }, replacement: string) => void;

function change(node: Node, add: Add, text: (node: Node) => string, source: string): void {
  const [left, right] = [node["left"], node["right"]];
  switch (node.type) {
    case "BinaryExpression": {
      const swap = SWAPPED[String(node["operator"])];
      if (!swap || !isNode(left) || !isNode(right)) return;
      if (swap[0] === "arithmetic" && (isText(left) || isText(right))) return;
      add(swap[0], node, `${text(left)} ${swap[1]} ${text(right)}`);
      return;
    }
    case "LogicalExpression":
      if (!isNode(left) || !isNode(right)) return;
      if (node["operator"] === "??") add("null handling", node, text(left));
      else {
        add("condition", node, text(left));
        add("condition", node, text(right));
      }
      return;
    case "UnaryExpression":
      if (node["operator"] === "!") add("negation", node, text(node["argument"] as Node));
      if (node["operator"] === "-") add("sign", node, text(node["argument"] as Node));
      return;
    case "ConditionalExpression": {
      const [test, then, otherwise] = [node["test"], node["consequent"], node["alternate"]] as [Node, Node, Node];
      add("branches", node, `${text(test)} ? ${text(otherwise)} : ${text(then)}`);
      return;
    }
    case "IfStatement": {
      const then = node["consequent"] as Node;
      const only = then.type === "BlockStatement" ? (then["body"] as Node[]).at(-1) : then;
      if (node["alternate"] === null && only && /^(Return|Continue|Break)Statement$/.test(only.type))
        add("early return", node, ";");
      return;
    }
    case "CallExpression":
      changeCall(node, add, text);
      return;
    case "Literal":
      if (typeof node["value"] === "number") add("constant", node, changedNumber(node["value"]));
      if (typeof node["value"] === "boolean") add("constant", node, String(!node["value"]));
      if (WORDS[String(node["value"])] !== undefined) add("word", node, JSON.stringify(WORDS[String(node["value"])]));
      return;
    case "TemplateElement":
      changeSql(node, add, source);
  }
}

function changeCall(node: Node, add: Add, text: (node: Node) => string): void {
  const callee = node["callee"] as Node;
  const args = node["arguments"] as Node[];
  const method = callee.type === "MemberExpression" ? text(callee["property"] as Node) : "";
  const object = callee.type === "MemberExpression" ? (callee["object"] as Node) : null;
  if (object && text(object) === "Math" && (method === "min" || method === "max"))
    add("extreme", callee, `Math.${method === "min" ? "max" : "min"}`);
  else if (object && method === "filter") add("filter", node, text(object));
  else if (object && (method === "some" || method === "every"))
    add("quantifier", callee["property"] as Node, method === "some" ? "every" : "some");
  else if (args.length >= 2 && args[0] && args[1] && args.every((each) => each.type !== "SpreadElement")) {
    const simple = /^(Identifier|MemberExpression|TSNonNullExpression)$/;
    if (simple.test(args[0].type) && simple.test(args[1].type))
      add("arguments", { start: args[0].start, end: args[1].end }, `${text(args[1])}, ${text(args[0])}`);
  }
}

/** One more where one more matters; a size or a duration changes by half. */
const changedNumber = (value: number): string => {
  if (value === 0) return "1";
  if (value === 1) return "0";
  if (!Number.isInteger(value)) return String(value * 0.8);
  return String(value <= 400 ? value + 1 : Math.round(value / 2));
};

function changeSql(node: Node, add: Add, source: string): void {
  const raw = source.slice(node.start, node.end);
  if (!IS_SQL.test(raw)) return;
  for (const [pattern, replacement] of SQL) {
    const match = pattern.exec(raw);
    if (!match) continue;
    const start = node.start + match.index;
    add("sql", { start, end: start + match[0].length }, replacement);
  }
}
