/** The package's own source files and what they import, for the rules about them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { PACKAGE } from "../api/cli/_cli.ts";

export const TOP = ["engine", "cubes", "etl", "api", "notebooks", "tests"] as const;

export interface Source {
  /** from the package's root, with forward slashes */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** as written: relative paths and names of packages, those of types alone too */
  readonly imports: readonly string[];
}

// a statement begins its line, so that code in texts (the config that `init` writes) does not count
const STATEMENT = /^(?:import|export)\b[^;"'`]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

/** Every TypeScript file of a folder. */
export function sourcesOf(folder: string): Source[] {
  return readdirSync(join(PACKAGE, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name) && !entry.parentPath.includes("node_modules"))
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      const text = readFileSync(full, "utf8");
      return {
        path: full.slice(PACKAGE.length).replaceAll("\\", "/").replace(/^\//, ""),
        text,
        lines: text.split("\n").length - 1,
        imports: [...text.matchAll(STATEMENT)].map((match) => (match[1] ?? match[2] ?? match[3])!),
      };
    });
}

/** What each file imports of the others, types included. */
export function importGraph(files: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(files.map((file) => file.path));
  return new Map(
    files.map((file) => [
      file.path,
      file.imports
        .filter((each) => each.startsWith("."))
        .map((each) => posix.normalize(posix.join(posix.dirname(file.path), each)))
        .filter((path) => known.has(path)),
    ]),
  );
}

/** A way from a file back to itself, or nothing. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (at: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at];
    if (done.has(at)) return undefined;
    for (const next of graph.get(at) ?? []) {
      const found = visit(next, [...path, at]);
      if (found) return found;
    }
    done.add(at);
    return undefined;
  };
  for (const start of graph.keys()) {
    const found = visit(start, []);
    if (found) return found;
  }
  return undefined;
}
