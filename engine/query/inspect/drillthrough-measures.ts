/** The measures of a drill-through, down to what they aggregate of a row. */
import type { Measured } from "./drillthrough-rows.ts";
import { TesseraError, phrase } from "../../errors/index.ts";
import { AGGREGATES } from "../../model/aggregates.ts";
import type { CubeNode } from "../../model/catalog.ts";
import { binary, notNull, type Expr } from "../../sql/tree.ts";
import { attributeTypeOf } from "../binding/binding.ts";
import { isMeasure, resolveMeasure } from "../binding/member.ts";
import type { PlanContext } from "../plan/plan-context.ts";
import { converted } from "../scan/conversion.ts";
import type { Engine } from "../answer/engine.ts";
import { FactSource } from "../scan/fact-source.ts";
import { leavesIn } from "../resolve/leaf.ts";
import type { Leaf } from "../resolve/nodes.ts";
import type { ResolvedQuery } from "../resolve/resolved-query.ts";

/**
 * The aggregates behind the measures.
 * @throws TesseraError unless they are of one fact, in the cell's own period, and visible to the caller
 */
export function leavesBehind(resolved: ResolvedQuery, engine: Engine): Leaf[] {
  const leaves = new Map<string, Leaf>();
  for (const measure of resolved.measures) {
    for (const leaf of leavesIn(measure.tree)) {
      if (!isMeasure(engine.catalog, leaf.member))
        throw new TesseraError(
          "query-invalid",
          phrase`the rows behind ${measure.name} are hidden from your role, which sees only the number`,
          { place: "$.measures", remedy: "drill through another measure" },
        );
      leaves.set(leaf.column, leaf);
    }
  }
  const all = [...leaves.values()];
  const names = resolved.measures.map((m) => m.name).join(", ");
  const cubes = [...new Set(all.map((leaf) => leaf.cube))];
  if (cubes.length === 0)
    throw new TesseraError("query-invalid", phrase`no facts are behind ${names}`, {
      place: "$.measures",
      remedy: "drill through a measure of a cube",
    });
  if (cubes.length > 1)
    throw new TesseraError("query-invalid", phrase`${names} come from ${cubes.join(" and ")}`, {
      place: "$.measures",
      remedy: "drill through the measures of one cube",
    });
  if (all.some((leaf) => leaf.frames.length > 0))
    throw new TesseraError("query-invalid", "a time measure has no rows of its own in the cell", {
      place: "$.measures",
      remedy: "drill through the measure that it is computed from",
    });
  const taken = all.find((leaf) => leaf.inner);
  if (taken)
    throw new TesseraError(
      "query-invalid",
      phrase`${taken.member} has no rows of its own: it aggregates another measure`,
      {
        place: "$.measures",
        remedy: phrase`drill through ${engine.catalog.measures.get(taken.member)?.base}`,
      },
    );
  return all;
}

/** What a measure aggregates of a row, times its weight where that adds up. */
export function measureColumn(
  leaf: Leaf,
  engine: Engine,
  source: FactSource,
  cube: CubeNode,
  weight: Expr | null,
  { now }: ResolvedQuery,
  context: PlanContext,
): Measured {
  const node = resolveMeasure(engine.catalog, leaf.member, leaf.member);
  const { measure } = leaf;
  const argument = "of" in measure ? measure.of : undefined;
  const of = argument === undefined ? null : source.argument(argument);
  const plain = leaf.following ? converted(leaf, source, cube, now, context) : (of ?? ONE);
  const weighted = weight && weightedValue(leaf, of, weight);
  const expr = weighted ?? plain;
  const type =
    !weighted && typeof argument === "string" ? attributeTypeOf(engine.binding.factColumn(cube, argument)) : "number";
  const passes = leaf.where === null || leaf.following ? null : source.condition(leaf.where);
  return {
    column: {
      name: leaf.member,
      kind: type === "number" || type === "integer" ? "measure" : "dimension",
      type,
      title: node.title,
      format: node.format,
      ...(node.format === "currency" &&
        engine.catalog.project.currency && { currency: engine.catalog.project.currency }),
    },
    expr,
    decode: null,
    passes,
  };
}

const ONE: Expr = { t: "numeral", text: "1" };

/** A row's part of a sum or a count; null for measures that do not add up. */
function weightedValue({ measure }: Leaf, of: Expr | null, weight: Expr): Expr | null {
  if (measure.kind !== "aggregate") return null;
  const { weighs } = AGGREGATES[measure.aggregate];
  if (weighs === "value") return of && binary("*", of, weight);
  if (weighs !== "row") return null;
  return of ? { t: "case", whens: [{ when: notNull(of), then: weight }], otherwise: null } : weight;
}
