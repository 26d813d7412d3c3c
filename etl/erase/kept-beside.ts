import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Folders of earlier warehouses that a restore replaced and kept: persons erased since are still in them. */
export function keptBeside(warehouse: string): readonly string[] {
  const folder = dirname(warehouse);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith(`${basename(warehouse)}.before-`))
        .sort()
        .map((name) => join(folder, name))
    : [];
}
