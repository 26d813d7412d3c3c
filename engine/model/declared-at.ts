import { fileURLToPath } from "node:url";

const files = new WeakMap<object, string>();
/** This package's own `define…` functions, which are above the author's file in the stack. */
const OWN = /[\\/](?:engine[\\/](?:model|mining)|etl)[\\/][\w-]+\.ts|^node:/;

/** Freezes a declaration and notes its file. */
export function declared<T extends object>(declaration: T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 8;
  const stack = new Error().stack ?? "";
  Error.stackTraceLimit = limit;
  for (const [, where = ""] of stack.matchAll(/\(?((?:file:\/\/)?[^\s()]+):\d+:\d+\)?$/gm)) {
    const path = where.replace(/\?.*$/, "");
    if (OWN.test(path)) continue;
    files.set(declaration, path.startsWith("file:") ? fileURLToPath(path) : path);
    break;
  }
  return Object.freeze(declaration);
}

/** The path of the file that declared it; undefined where the stack did not show it. */
export const declaredAt = (declaration: object): string | undefined => files.get(declaration);
