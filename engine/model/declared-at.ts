import { fileURLToPath } from "node:url";

const files = new WeakMap<object, string>();
const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

/** Whether a line of the stack is one of this package's own `define…` functions, which stand above the author's. */
const isOwn = (path: string): boolean =>
  path.startsWith("node:") ||
  (path.startsWith(PACKAGE) && /^(?:engine|etl[\\/]declare)[\\/]/.test(path.slice(PACKAGE.length)));

/** Freezes a declaration and notes its file. */
export function declared<T extends object>(declaration: T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 8;
  const stack = new Error().stack ?? "";
  Error.stackTraceLimit = limit;
  for (const [, where = ""] of stack.matchAll(/\(?((?:file:\/\/)?[^\s()]+):\d+:\d+\)?$/gm)) {
    const place = where.replace(/\?.*$/, "");
    const path = place.startsWith("file:") ? fileURLToPath(place) : place;
    if (isOwn(path)) continue;
    files.set(declaration, path);
    break;
  }
  return Object.freeze(declaration);
}

/** The path of the file that declared it; undefined where the stack did not show it. */
export const declaredAt = (declaration: object): string | undefined => files.get(declaration);
