/** The roles by which facts know a segment's members. */
import { segmentNamed, type Catalog, type CubeNode } from "../../model/catalog.ts";
import { isBridge } from "../../model/cube.ts";

/** The cube's role of a segment's dimension: the one with the dimension's name, else the first; null for none. */
export function segmentRole(catalog: Catalog, cube: CubeNode, segment: string): string | null {
  const { over } = segmentNamed(catalog, segment);
  const roles = [...cube.roles].filter(([, role]) => role.to.name === over && !isBridge(role)).map(([name]) => name);
  return roles.includes(over) ? over : (roles[0] ?? null);
}
