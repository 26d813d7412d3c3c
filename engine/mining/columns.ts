/** Columns of report sections, and an interval that several techniques report. */
import type { AttributeType } from "../model/dimension.ts";
import type { Format } from "../model/measure.ts";
import type { Column } from "../model/query.ts";
import { num } from "./numeric/vector.ts";
import type { MiningContext } from "./technique.ts";

/** A column that names rows. */
export const dimension = (name: string, title: string, type: AttributeType = "string"): Column => ({
  name,
  kind: "dimension",
  type,
  title,
});

/** A column of figures. @param more overrides, such as the currency */
export const measure = (
  name: string,
  title: string,
  format: Format = "decimal",
  more: Partial<Column> = {},
): Column => ({ name, kind: "measure", type: format === "integer" ? "integer" : "number", title, format, ...more });

/** Format and currency of a catalog measure, for amounts in its unit. */
export function unitOf(
  { engine }: Pick<MiningContext, "engine">,
  member: string,
): { readonly format: Format; readonly currency?: string } {
  const format = engine.catalog.measures.get(member)?.format ?? "number";
  const { currency } = engine.catalog.project;
  return { format, ...(format === "currency" && currency && { currency }) };
}

/** The title of a feature: a measure's own, else that of the dimension's attribute, else the name as written. */
export const featureTitle = ({ engine, model }: MiningContext, feature: string): string =>
  engine.catalog.measures.get(feature)?.title ??
  engine.catalog.dimensions.get(model.over)?.attributes.get(feature.split(".")[1] ?? "")?.title ??
  feature;

/** The 95 % interval of the mean of paired differences; infinite below two pairs. */
export function pairedInterval(differences: ArrayLike<number>): readonly [number, number] {
  const n = differences.length;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    const difference = num(differences, i);
    sum += difference;
    squares += difference ** 2;
  }
  const mean = sum / n;
  const reach = n < 2 ? Number.POSITIVE_INFINITY : 1.96 * Math.sqrt(Math.max(0, squares / n - mean ** 2) / (n - 1));
  return [mean - reach, mean + reach];
}
