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

/** Tests run the sources, in which TypeScript and `"tessera"` are understood already. */
async function readTypeScript(): Promise<void> {
  if (!IS_BUILT) return;
  const hooks = (await import(new URL("resolve-tessera.mjs", PACKAGE_ROOT).href)) as {
    readonly BUILT_DOORS: { readonly [specifier: string]: string };
    readonly readTypeScript: (doors: { readonly [specifier: string]: string }) => Promise<void>;
  };
  await hooks.readTypeScript(hooks.BUILT_DOORS);
}

/**
 * The project declared in a folder.
 * @throws TesseraError `project-not-found`, `project-invalid` where the config does not compile or exports no project
 */
export async function loadConfig(folder: string, environment = process.env["TESSERA_ENV"]): Promise<ProjectSpec> {
  const path = configPath(folder);
  if (path === undefined)
    throw new TesseraError("project-not-found", phrase`there is no ${CONFIG} in ${resolve(folder)}`, {
      place: join(resolve(folder), CONFIG),
      remedy: "give the project's folder with --project, or make one: tessera init",
    });
  let module: { default?: unknown };
  try {
    if (!path.startsWith(OWN)) await readTypeScript();
    module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    if (error instanceof TesseraError) throw error;
    const cause = error as Error & { frame?: string };
    throw new TesseraError(
      "project-invalid",
      phrase`${CONFIG} cannot be read: ${cause.message.split("\n").slice(0, 3).join(" ")}`,
      {
        place: placeOf(cause, path),
        remedy: "mend the file; `npx tsc --noEmit` in its folder shows all type errors",
        cause: error,
      },
    );
  }
  const spec = module.default;
  if (typeof spec !== "object" || spec === null || (spec as { kind?: unknown }).kind !== "project")
    throw new TesseraError("project-invalid", phrase`${CONFIG} exports no project`, {
      place: path,
      remedy: "end it with: export default defineProject({ … })",
    });
  return inEnvironment(spec as ProjectSpec, environment);
}

/** The project as it is in an environment. @throws TesseraError `project-invalid` for one that it does not declare: nobody means to load into another warehouse */
export function inEnvironment<P extends ProjectSpec>(spec: P, environment = process.env["TESSERA_ENV"]): P {
  if (environment === undefined || environment === "") return spec;
  const declared = spec.environments?.[environment];
  if (declared === undefined) {
    if (environment === "development") return spec;
    const names = Object.keys(spec.environments ?? {});
    throw new TesseraError(
      "project-invalid",
      phrase`the project has no environment ${environment}${didYouMean(environment, names)}`,
      {
        place: `${CONFIG} › environments`,
        remedy:
          names.length === 0
            ? "declare it: environments: { production: { warehouse: { path: … } } }"
            : `declared: ${names.join(", ")}`,
      },
    );
  }
  // another path has an owner of its own, so nothing of the development's warehouse is taken over
  return { ...spec, warehouse: declared.warehouse };
}

/** Where in the project's own files an import failed; the loader's own frames say nothing to its author. */
function placeOf(error: Error, path: string): string {
  const frames = [
    ...(error.stack ?? "").matchAll(/(?:file:\/\/)?(\/[^\s():?]+|[A-Za-z]:[^\s():?]+)(?:\?[^\s():]*)?:(\d+):(\d+)/g),
  ];
  const own = frames.find((frame) => frame[1]!.startsWith(dirname(path)) && !frame[1]!.includes("node_modules"));
  return own ? `${own[1]!}:${own[2]}:${own[3]}` : path;
}

export const warehouseFolder = (spec: ProjectSpec, folder: string): string =>
  isAbsolute(spec.warehouse.path) ? spec.warehouse.path : resolve(folder, spec.warehouse.path);

/** The model of a project. @throws TesseraError with every problem of the model at once */
export function catalogOf(spec: ProjectSpec): Catalog {
  const { catalog, problems } = resolveModel(spec);
  if (problems.length > 0)
    throw TesseraError.of(
      problems,
      `the model has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: ${problems[0]!.message}`,
    );
  return catalog;
}
