/** How many facts a cube has, as a measure that every cube has without declaring it: `sales.#rows`. */
import type { Catalog, MeasureNode } from "./catalog.ts";
import type { Cube } from "./cube.ts";

/** Its name in a cube; no declared measure can have it. */
export const ROWS = "#rows";

/** The number of a cube's facts. */
export const rowCount = ({ name, title }: { readonly name: string; readonly title: string }): MeasureNode => ({
  member: `${name}.${ROWS}`,
  name: ROWS,
  cube: name,
  title: `${title}: rows`,
  format: "integer",
  spec: { kind: "aggregate", aggregate: "count" },
  formula: null,
  base: null,
});

/** Whether a measure of a cube is the number of all its facts. A role that it is hidden from may not see `#rows`. */
export const countsAllRows = (measure: Cube["measures"][string]): boolean =>
  measure.kind === "aggregate" &&
  measure.aggregate === "count" &&
  measure.of === undefined &&
  (measure.where ?? []).length === 0;

/** The measure of a name: a declared one, or the number of a cube's facts. */
export const measureNamed = (
  { measures, rowCounts }: Pick<Catalog, "measures" | "rowCounts">,
  member: string,
): MeasureNode | undefined => measures.get(member) ?? rowCounts.get(member);
