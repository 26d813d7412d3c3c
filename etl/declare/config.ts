/** Reads a project's `tessera.config.ts`. */
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { didYouMean, TesseraError, phrase } from "../../engine/errors/index.ts";
import { IS_BUILT, PACKAGE_ROOT } from "../../engine/package.ts";
import type { Catalog } from "../../engine/model/catalog.ts";
import { resolveModel } from "../../engine/model/resolve-model.ts";
import type { ProjectSpec } from "../../engine/model/project.ts";
import { CONFIG, configPath } from "./config-path.ts";

export { CONFIG } from "./config-path.ts";

const OWN = fileURLToPath(new URL("../../", import.meta.url));

/** Prepares Node to read TypeScript. Tests run the sources, where it is prepared already. */
async function readTypeScript(): Promise<void> {
  if (!IS_BUILT) return;
  const hooks = (await import(new URL("resolve-tessera.mjs", PACKAGE_ROOT).href)) as {
    readonly BUILT_DOORS: { readonly [specifier: string]: string };
    readonly readTypeScript: (doors: { readonly [specifier: string]: string }) => Promise<void>;
  };
  await hooks.readTypeScript(hooks.BUILT_DOORS);
}

/** Lines of a compiler's message that are shown; the rest is a code frame. */
const LINES_SHOWN = 3;

/**
 * The project declared in a folder.
 * @param environment name of the environment; default `TESSERA_ENV`
 * @throws TesseraError `project-not-found`; `project-invalid` for a config that does not compile or exports no project
 */
export async function loadConfig(folder: string, environment = process.env["TESSERA_ENV"]): Promise<ProjectSpec> {
  const path = configPath(folder);
  if (path === undefined)
    throw new TesseraError("project-not-found", phrase`${CONFIG} not found in ${resolve(folder)}`, {
      place: join(resolve(folder), CONFIG),
      remedy: { action: "make-project" },
    });
  const project = await importDefault(path);
  if (!isProject(project))
    throw new TesseraError("project-invalid", phrase`${CONFIG} exports no project`, {
      place: path,
      remedy: "end it with `export default defineProject({ … })`",
    });
  return inEnvironment(project, environment);
}

async function importDefault(path: string): Promise<unknown> {
  try {
    if (!path.startsWith(OWN)) await readTypeScript();
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    if (error instanceof TesseraError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TesseraError(
      "project-invalid",
      phrase`${CONFIG} cannot be read: ${reason.split("\n").slice(0, LINES_SHOWN).join(" ")}`,
      {
        place: error instanceof Error ? placeOf(error, path) : path,
        remedy: "fix the file; `npx tsc --noEmit` in its folder shows all type errors",
        cause: error,
      },
    );
  }
}

const isProject = (value: unknown): value is ProjectSpec =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "project";

/**
 * The project in an environment: with that environment's warehouse.
 * @throws TesseraError `project-invalid` for an unknown environment, so that no load writes into another warehouse
 */
export function inEnvironment<P extends ProjectSpec>(spec: P, environment = process.env["TESSERA_ENV"]): P {
  if (environment === undefined || environment === "") return spec;
  const declared = spec.environments?.[environment];
  if (declared === undefined) {
    if (environment === "development") return spec;
    const names = Object.keys(spec.environments ?? {});
    throw new TesseraError(
      "project-invalid",
      phrase`environment "${environment}" not found${didYouMean(environment, names)}`,
      {
        place: `${CONFIG} › environments`,
        remedy:
          names.length === 0
            ? "declare it: environments: { production: { warehouse: { path: … } } }"
            : phrase`use one of ${names.join(", ")}`,
      },
    );
  }
  // replaced as a whole: no setting of the development warehouse applies to another one
  return { ...spec, warehouse: declared.warehouse };
}

/** Where in the project's own files an import failed; the loader's frames do not help its author. */
function placeOf(error: Error, path: string): string {
  const frames = (error.stack ?? "").matchAll(
    /(?:file:\/\/)?(\/[^\s():?]+|[A-Za-z]:[^\s():?]+)(?:\?[^\s():]*)?:(\d+):(\d+)/g,
  );
  for (const [, file = "", line, column] of frames)
    if (file.startsWith(dirname(path)) && !file.includes("node_modules")) return `${file}:${line}:${column}`;
  return path;
}

/** Absolute path of the warehouse's folder. @param folder the project's folder */
export const warehouseFolder = (spec: ProjectSpec, folder: string): string =>
  isAbsolute(spec.warehouse.path) ? spec.warehouse.path : resolve(folder, spec.warehouse.path);

/** The model of a project. @throws TesseraError with all problems of the model */
export function catalogOf(spec: ProjectSpec): Catalog {
  const { catalog, problems } = resolveModel(spec);
  const [first, ...others] = problems;
  if (first === undefined) return catalog;
  throw TesseraError.of(
    problems,
    others.length === 0
      ? phrase`the model has a problem: ${first.message}`
      : phrase`the model has ${problems.length} problems: ${first.message}`,
  );
}
