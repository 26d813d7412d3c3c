import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Folders that restores have kept beside a warehouse: they hold everyone who was erased since. */
export function keptBeside(warehouse: string): readonly string[] {
  const folder = dirname(warehouse);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith(`${basename(warehouse)}.before-`))
        .sort()
        .map((name) => join(folder, name))
    : [];
}
