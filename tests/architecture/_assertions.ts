/** What each test asserts, read from its source: which matchers, and which helpers that assert in turn. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseSync } from "oxc-parser";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";
const childrenOf = (node: Node): Node[] =>
  Object.values(node).flatMap((child) => (Array.isArray(child) ? child : [child]).filter(isNode));

/** One test of a file. */
export interface Tested {
  readonly name: string;
  /** matchers by name, with what is before them: `not.toThrow`, `resolves.toBeDefined` */
  readonly matchers: readonly string[];
  /** it calls something else that asserts: a helper, `fc.assert`, a thrown error */
  readonly asserts: boolean;
  /** it holds a passage of time against an upper bound */
  readonly timed: boolean;
}

const trees = new Map<string, { readonly root: Node; readonly text: string }>();
function treeOf(path: string): { readonly root: Node; readonly text: string } {
  const known = trees.get(path);
  if (known) return known;
  const text = readFileSync(path, "utf8");
  const made = { root: parseSync(path, text).program as unknown as Node, text };
  trees.set(path, made);
  return made;
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

/** The names of calls in a tree, and whether it throws or expects something itself. */
function uses(node: Node, text: string): { readonly calls: ReadonlySet<string>; readonly own: boolean } {
  const calls = new Set<string>();
  let own = false;
  walk(node, (each) => {
    if (each.type === "ThrowStatement") own = true;
    if (each.type !== "CallExpression" || !isNode(each["callee"])) return;
    const callee = each["callee"];
    const called = text.slice(callee.start, callee.end);
    if (/^(expect|expectTypeOf|assert|fc\.assert)\b/.test(called)) own = true;
    calls.add(called);
    // a method is known by its name, whatever it is called on
    if (called.includes(".")) calls.add(called.slice(called.lastIndexOf(".")));
    // a helper that is handed on is called by whoever gets it
    for (const argument of (each["arguments"] as Node[]) ?? [])
      if (argument.type === "Identifier") calls.add(text.slice(argument.start, argument.end));
  });
  return { calls, own };
}

const asserting = new Map<string, ReadonlySet<string>>();
/** The functions of a file, and those that it imports from other files of the tests, that assert. */
function assertingIn(path: string): ReadonlySet<string> {
  const known = asserting.get(path);
  if (known) return known;
  asserting.set(path, new Set());
  const { root, text } = treeOf(path);
  const found = new Set<string>();
  const functions = new Map<string, ReturnType<typeof uses>>();
  walk(root, (node) => {
    const [id, init] = [node["id"], node["init"]];
    if (node.type === "FunctionDeclaration" && isNode(id)) functions.set(String(id["name"]), uses(node, text));
    if (node.type === "VariableDeclarator" && isNode(id) && isNode(init) && /Function/.test(init.type))
      functions.set(String(id["name"]), uses(init, text));
    const [key, value] = [node["key"], node["value"]];
    if (/^(Property|MethodDefinition)$/.test(node.type) && isNode(key) && isNode(value) && /Function/.test(value.type))
      functions.set(`.${String(key["name"])}`, uses(value, text));
    if (node.type === "ImportDeclaration") {
      const from = String((node["source"] as Node)["value"]);
      const file = resolve(dirname(path), from);
      if (!from.startsWith(".") || !file.includes("/tests/")) return;
      const theirs = assertingIn(file);
      for (const name of theirs) if (name.startsWith(".")) found.add(name);
      for (const each of node["specifiers"] as Node[]) {
        const local = String((each["local"] as Node)["name"]);
        const imported = isNode(each["imported"]) ? String(each["imported"]["name"]) : local;
        if (theirs.has(imported)) found.add(local);
      }
    }
  });
  for (let grown = -1; grown !== found.size; ) {
    grown = found.size;
    for (const [name, { calls, own }] of functions)
      if (own || [...calls].some((call) => found.has(call))) found.add(name);
  }
  asserting.set(path, found);
  return found;
}

/** `expect(…).resolves.toBeDefined()` as `resolves.toBeDefined`; undefined for any other call. */
function matcherOf(node: Node, text: string): string | undefined {
  if (node.type !== "CallExpression" || !isNode(node["callee"]) || node["callee"].type !== "MemberExpression")
    return undefined;
  const parts: string[] = [];
  let at: unknown = node["callee"];
  while (isNode(at) && at.type === "MemberExpression" && isNode(at["property"])) {
    parts.unshift(text.slice(at["property"].start, at["property"].end));
    at = at["object"];
  }
  if (!isNode(at) || at.type !== "CallExpression" || !isNode(at["callee"])) return undefined;
  return text.slice(at["callee"].start, at["callee"].end) === "expect" ? parts.join(".") : undefined;
}

const TESTS = /^(test|it)(\.(each|skipIf|runIf|only|concurrent|sequential)\b.*)?$/s;
const CLOCK = /(performance|Date)\.now\(\)/;

/** The tests of a file. */
export function testsIn(path: string): Tested[] {
  const { root, text } = treeOf(path);
  const helpers = assertingIn(path);
  const found: Tested[] = [];
  walk(root, (node) => {
    if (node.type !== "CallExpression" || !isNode(node["callee"])) return;
    const callee = text.slice(node["callee"].start, node["callee"].end);
    const [name, ...rest] = node["arguments"] as Node[];
    const body = rest.find((argument) => /Function|Identifier/.test(argument.type));
    if (!TESTS.test(callee) || !name || !body || !/Literal/.test(name.type)) return;
    const matchers: string[] = [];
    let timed = false;
    walk(body, (each) => {
      const matcher = matcherOf(each, text);
      if (matcher === undefined) return;
      matchers.push(matcher);
      const whole = text.slice(each.start, each.end);
      if (matcher.startsWith("toBeLessThan") && CLOCK.test(whole) && !CLOCK.test(whole.split("toBeLessThan")[1] ?? ""))
        timed = true;
    });
    const { calls, own } = uses(body, text);
    const others = [...calls].some((call) => helpers.has(call) || call === "fc.assert");
    // the compiler checks these: the line above has to be wrong
    const compiled = text.slice(body.start, body.end).includes("@ts-expect-error");
    const asserts = others || compiled || (own && matchers.length === 0);
    found.push({ name: text.slice(name.start, name.end), matchers, asserts, timed });
  });
  return found;
}
