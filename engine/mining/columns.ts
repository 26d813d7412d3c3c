/** Columns of report sections, and intervals that several techniques give. */
import type { AttributeType } from "../model/dimension.ts";
import type { Format } from "../model/measure.ts";
import type { Column } from "../model/query.ts";
import type { MiningContext } from "./technique.ts";

export const dimension = (name: string, title: string, type: AttributeType = "string"): Column => ({
  name,
  kind: "dimension",
  type,
  title,
});
export const measure = (
  name: string,
  title: string,
  format: Format = "decimal",
  more: Partial<Column> = {},
): Column => ({ name, kind: "measure", type: format === "integer" ? "integer" : "number", title, format, ...more });

/** Format and currency of a measure of the catalog, for amounts that are told in its unit. */
export function unitOf(
  { engine }: Pick<MiningContext, "engine">,
  member: string,
): { readonly format: Format; readonly currency?: string } {
  const format = engine.catalog.measures.get(member)?.format ?? "number";
  const { currency } = engine.catalog.project;
  return { format, ...(format === "currency" && currency && { currency }) };
}

/** 95 % interval of the mean of paired differences. */
export function pairedInterval(differences: ArrayLike<number>): readonly [number, number] {
  const n = differences.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    sum += differences[i]!;
    squares += differences[i]! ** 2;
  }
  const mean = sum / n;
  const reach = n < 2 ? Number.POSITIVE_INFINITY : 1.96 * Math.sqrt(Math.max(0, squares / n - mean ** 2) / (n - 1));
  return [mean - reach, mean + reach];
}
