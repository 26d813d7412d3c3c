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

/** @param name without ending, next to the module `from` (its `import.meta.url`) */
export function ownProgram(name: string, from: string): OwnProgram {
  const url = new URL(`${name}${IS_BUILT ? ".js" : ".ts"}`, from);
  return {
    url,
    path: fileURLToPath(url),
    execArgv: IS_BUILT ? [] : ["--import", new URL("sources.mjs", PACKAGE_ROOT).href],
  };
}
