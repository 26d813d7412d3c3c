/** The files of a source's folder that match a job's glob. */
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { TesseraError, phrase } from "../../../engine/errors/index.ts";

/** A file of a source. */
export interface FoundFile {
  /** relative to the source's folder, with `/` */
  readonly name: string;
  /** absolute */
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** milliseconds since 1970 */
  readonly modified: number;
}

/**
 * Matching files, sorted by name. `*` and `?` match within a folder, `**` also in folders below it.
 * @throws TesseraError `source-unavailable` for a missing folder, `job-invalid` for a pattern that leaves the folder
 */
export function listFiles(folder: string, glob: string, place: string): FoundFile[] {
  if (!existsSync(folder))
    throw new TesseraError("source-unavailable", phrase`folder ${folder} not found`, {
      place,
      remedy: "check the source's path",
    });
  if (glob.split(/[\\/]/).includes(".."))
    throw new TesseraError("job-invalid", phrase`file pattern "${glob}" leaves the source's folder`, {
      place,
      remedy: "remove `..` from the pattern",
    });
  const root = realpathSync(folder);
  const pattern = globPattern(glob);
  const deep = /[\\/]/.test(glob);
  const found: FoundFile[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: deep })) {
    const path = resolve(entry.parentPath, entry.name);
    const name = relative(root, path).split(sep).join("/");
    if (!pattern.test(name)) continue;
    const real = entry.isSymbolicLink() ? realpathSync(path) : path;
    if (real !== path && !real.startsWith(join(root, sep))) continue;
    const stat = statSync(path);
    if (stat.isFile()) found.push({ name, path, size: stat.size, modified: stat.mtimeMs });
  }
  return found.sort(byName);
}

function byName(a: FoundFile, b: FoundFile): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

const WILDCARDS: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };

function globPattern(glob: string): RegExp {
  const text = glob.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => WILDCARDS[part] ?? `\\${part}`);
  return new RegExp(`^${text}$`);
}
