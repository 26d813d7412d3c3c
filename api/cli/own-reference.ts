/** How a new project names the package that wrote it, so that `npm install` finds the same. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE_ROOT, packageVersion } from "../../engine/package.ts";

interface Manifest {
  readonly dependencies?: { readonly [name: string]: string };
  readonly devDependencies?: { readonly [name: string]: string };
}

const readManifest = (path: string): Manifest =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : {};

/**
 * A version for what a registry gave; a path for a clone, a tarball, or a package that is installed for the whole
 * machine.
 */
export function ownReference(folder: string): string {
  const root = realpathSync(fileURLToPath(PACKAGE_ROOT));
  const pathFrom = (path: string): string =>
    `file:${relative(realpathSync(folder), path).replaceAll("\\", "/") || "."}`;
  if (basename(dirname(root)) !== "node_modules") return pathFrom(root);
  const owner = dirname(dirname(root));
  const { dependencies, devDependencies } = readManifest(join(owner, "package.json"));
  const written = { ...devDependencies, ...dependencies }["tessera"];
  if (written?.startsWith("file:")) return pathFrom(resolve(owner, written.slice("file:".length)));
  return written === undefined || /[:/]/.test(written) ? (written ?? pathFrom(root)) : `^${packageVersion()}`;
}

/** The compiler that this package is checked with. */
export const compilerVersion = (): string =>
  readManifest(fileURLToPath(new URL("package.json", PACKAGE_ROOT))).devDependencies?.["typescript"] ?? "latest";
