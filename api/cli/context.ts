/** What every command knows: which project it is about. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { configPath } from "../../etl/declare/config-path.ts";

export interface CommandContext {
  /** the project's folder; looked at when a command runs */
  readonly folder: string;
  readonly isDemo: boolean;
}

export const DEMO_FOLDER = fileURLToPath(new URL("../../etl/demo", import.meta.url));

/** `--project`, else the current folder if it has a config, else the bundled demo company. npm moves to the package's root, so its INIT_CWD counts. */
export function projectFolder(option: string | undefined): string {
  const here = process.env["INIT_CWD"] ?? process.cwd();
  if (option !== undefined) return resolve(here, option);
  return configPath(here) !== undefined ? here : DEMO_FOLDER;
}

/** A path that the caller wrote, from where he wrote it. */
export const fromHere = (path: string): string => resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
