/** Where a project's config is. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

export const CONFIG = "tessera.config.ts";
/** The demo's config is built with the package; a project without TypeScript may have one, too. */
const CONFIGS = [CONFIG, "tessera.config.js"];

/** The config's path; undefined where the folder holds no project. */
export const configPath = (folder: string): string | undefined =>
  CONFIGS.map((name) => join(resolve(folder), name)).find((path) => existsSync(path));
