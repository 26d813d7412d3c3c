/** Files below a source's folder that match a job's glob. */
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { TesseraError, phrase } from "../../engine/errors/index.ts";

export interface FoundFile {
  /** below the source's folder, with `/` */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** Matching files by name. `*` and `?` stay within a folder, `**` goes below; nothing outside the folder is ever matched. */
export function listFiles(folder: string, glob: string, place: string): FoundFile[] {
  if (!existsSync(folder))
    throw new TesseraError("source-unavailable", phrase`there is no folder ${folder}`, { place });
  if (glob.split(/[\\/]/).includes(".."))
    throw new TesseraError("job-invalid", phrase`the file pattern ${glob} leaves the source's folder`, { place });
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
    part === "**/" ? "(?:.*/)?" : part === "**" ? ".*" : part === "*" ? "[^/]*" : part === "?" ? "[^/]" : `\\${part}`,
  );
  return new RegExp(`^${text}$`);
}
