/**
 * How a project's files are read: `"tessera"` is the running package, from whichever folder it is imported, and
 * TypeScript is a module,
 * whatever the folder's package.json says.
 */
import * as nodeModule from "node:module";

let doors = {};

/** In the thread that Node's older hooks run in. */
export function initialize(data) {
  doors = data.doors;
}

export async function resolve(specifier, context, next) {
  return opened(specifier) ?? asModule(await next(specifier, context));
}

const opened = (specifier) => {
  const url = Object.hasOwn(doors, specifier) ? doors[specifier] : undefined;
  return url && { url, shortCircuit: true, format: "module" };
};

const TYPESCRIPT = /^file:(?!.*\/node_modules\/).*\.tsx?(?:$|[?#])/;
const asModule = (found) => (TYPESCRIPT.test(found.url) ? { ...found, format: "module" } : found);

const DONE = Symbol.for("tessera.typescript");

/**
 * Lets this process import TypeScript, and `"tessera"` by its name. The first call counts.
 * @param {{ [specifier: string]: string }} to where the names lead
 */
export async function readTypeScript(to) {
  if (globalThis[DONE]) return;
  globalThis[DONE] = true;
  // modules that are imported after the hooks are set pass through them one by one, which takes 40 ms for the package
  if (to === BUILT_DOORS) await import(to.tessera);
  const { register } = await import("tsx/esm/api");
  register();
  doors = to;
  if (nodeModule.registerHooks)
    nodeModule.registerHooks({
      resolve: (specifier, context, next) => opened(specifier) ?? asModule(next(specifier, context)),
    });
  else nodeModule.register(import.meta.url, { data: { doors } });
}

/** The package's names as they are built. */
export const BUILT_DOORS = Object.fromEntries(
  [
    ["tessera", "index"],
    ["tessera/etl", "etl/index"],
    ["tessera/mining", "mining"],
    ["tessera/client", "api/client/index"],
  ].map(([name, path]) => [name, new URL(`dist/${path}.js`, import.meta.url).href]),
);
