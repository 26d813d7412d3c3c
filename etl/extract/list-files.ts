/** Files below a source's folder that match a job's glob. */
import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { TesseraError } from "../../engine/errors.ts";

export interface FoundFile {
  /** below the source's folder, with `/` */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** Matching files by name. `*` and `?` stay within a folder, `**` goes below; nothing outside the folder is ever matched. */
export function listFiles(folder: string, glob: string, place: string): FoundFile[] {
  if (!existsSync(folder)) throw new TesseraError("source-unavailable", `there is no folder ${folder}`, { place });
  if (glob.split(/[\\/]/).includes("..")) throw new TesseraError("job-invalid", `the file pattern ${glob} leaves the source's folder`, { place });
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
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function globPattern(glob: string): RegExp {
  const text = glob.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) =>
    part === "**/" ? "(?:.*/)?" : part === "**" ? ".*" : part === "*" ? "[^/]*" : part === "?" ? "[^/]" : `\\${part}`);
  return new RegExp(`^${text}$`);
}

/** A file's bytes with what decides how it is read. */
export interface ReadFile {
  readonly content: Buffer;
  readonly sha256: string;
  /** plain UTF-8 without NUL or lone carriage returns: DuckDB can be trusted with it */
  readonly plain: boolean;
}

/** Reads a file as a whole; undefined when it changed meanwhile, because it is still being written. */
export function readWhole(file: FoundFile): ReadFile | undefined {
  const content = readFileSync(file.path);
  const after = statSync(file.path);
  if (content.length !== file.size || after.size !== file.size || after.mtimeMs !== file.modified) return undefined;
  return {
    content,
    sha256: createHash("sha256").update(content).digest("hex"),
    plain: isUtf8(content) && !content.includes(0) && lineEndsAgree(content),
  };
}

/** All lines end the same way: either every line feed follows a carriage return, or there is no carriage return. */
function lineEndsAgree(content: Buffer): boolean {
  const first = content.indexOf(13);
  if (first < 0) return true;
  const line = content.indexOf(10);
  if (line < 0 || line !== first + 1) return false;
  for (let at = line; at >= 0; at = content.indexOf(10, at + 1)) if (content[at - 1] !== 13) return false;
  for (let at = first; at >= 0; at = content.indexOf(13, at + 1)) if (content[at + 1] !== 10) return false;
  return true;
}
