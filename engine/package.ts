/** The package's own files, whether it runs as built (`dist/`) or from its sources, as tests run it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const IS_BUILT = import.meta.url.endsWith(".js");
const TREE = new URL("../", import.meta.url);

/** The folder of `package.json`. */
export const PACKAGE_ROOT = IS_BUILT ? new URL("../", TREE) : TREE;

let version: string | undefined;

export function packageVersion(): string {
  version ??= (JSON.parse(readFileSync(new URL("package.json", PACKAGE_ROOT), "utf8")) as { readonly version: string })
    .version;
  return version;
}

/** A program for a process or a thread of its own. */
export interface OwnProgram {
  readonly url: URL;
  readonly path: string;
  /** what Node needs before it can run the program: nothing where it is built */
  readonly execArgv: readonly string[];
}

/**
 * The program that stands next to a module. Tests run the sources but start built programs, which start two seconds
 * sooner.
 * @param name without ending
 * @param from the module's `import.meta.url`
 */
export function ownProgram(name: string, from: string): OwnProgram {
  const source = new URL(`${name}.ts`, from);
  const built = IS_BUILT || process.env["TESSERA_BUILT_PROGRAMS"] === "1";
  if (!built)
    return {
      url: source,
      path: fileURLToPath(source),
      execArgv: ["--import", new URL("sources.mjs", PACKAGE_ROOT).href],
    };
  const dist = new URL("dist/", PACKAGE_ROOT).href;
  const path = source.href.replace(/\.ts$/, ".js").replace(TREE.href, IS_BUILT ? TREE.href : dist);
  const url = new URL(path);
  return { url, path: fileURLToPath(url), execArgv: [] };
}
