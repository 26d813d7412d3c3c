/** In which file something was declared, so that a problem can say where to mend it. */
import { fileURLToPath } from "node:url";

const files = new WeakMap<object, string>();
/** Lines of this package's own `define…` functions, which stand above the author's in the stack. */
const OWN = /[\\/](?:engine[\\/](?:model|mining)|etl)[\\/][\w-]+\.ts|^node:/;

/** Freezes a declaration and notes its file. */
export function declared<T extends object>(declaration: T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 8;
  const stack = new Error().stack ?? "";
  Error.stackTraceLimit = limit;
  for (const [, where] of stack.matchAll(/\(?((?:file:\/\/)?[^\s()]+):\d+:\d+\)?$/gm)) {
    const path = where!.replace(/\?.*$/, "");
    if (OWN.test(path)) continue;
    files.set(declaration, path.startsWith("file:") ? fileURLToPath(path) : path);
    break;
  }
  return Object.freeze(declaration);
}

/** @returns the file's path; undefined where the stack did not tell */
export const declaredAt = (declaration: object): string | undefined => files.get(declaration);
