/** The project that a command works on. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { configPath } from "../../etl/declare/config-path.ts";

export interface CommandContext {
  /** the project's folder; resolved when a command runs */
  readonly folder: string;
  readonly isDemo: boolean;
}

export const DEMO_FOLDER = fileURLToPath(new URL("../../etl/demo", import.meta.url));

/**
 * `--project`, else the current folder if it has a config, else the bundled demo company.
 * npm changes to the package's root, so INIT_CWD is the current folder where it is set.
 */
export function projectFolder(option: string | undefined): string {
  const here = process.env["INIT_CWD"] ?? process.cwd();
  if (option !== undefined) return resolve(here, option);
  return configPath(here) !== undefined ? here : DEMO_FOLDER;
}

/** A path of the command line, relative to the folder that the command was called in. */
export const fromHere = (path: string): string => resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
