/** The tables whose changes can change a rollup. */
import { isBridge } from "../model/cube.ts";
import type { CubeNode } from "../model/catalog.ts";
import type { Dimension } from "../model/dimension.ts";

/**
 * Every table whose change may change the rollup; for a cube or dimension with `sql`, a name that counts as changed.
 */
export function tablesBehind(cube: CubeNode): string[] {
  const tables = new Set<string>([cube.spec.table ?? UNKNOWN]);
  const add = (spec: Dimension): void => {
    tables.add(spec.table ?? UNKNOWN);
    for (const reference of Object.values(spec.references ?? {})) add(reference.to);
  };
  for (const role of cube.roles.values()) {
    if (isBridge(role)) tables.add(role.through.table);
    if (role.to.kind === "dimension") add(role.to);
  }
  return [...tables];
}

/** Stands for the tables behind an `sql`, which are unknown. */
export const UNKNOWN = "(sql)";
