/** The measures of an answer: those of the model, and calculations that the query names itself. */
import { measuresIn } from "../../model/formula.ts";
import { parseFormula } from "../../model/parse-formula.ts";
import type { NamedCalculation, Query } from "../../model/query.ts";
import { resolveMeasure } from "../binding/member.ts";
import { Leaves } from "./leaf.ts";
import type { Frame, MeasureTree } from "./nodes.ts";
import type { ResolveContext } from "./resolve-context.ts";
import type { OutputMeasure } from "./resolved-query.ts";

type AskedMeasure = Query["measures"][number];

export const nameOf = (measure: AskedMeasure): string => (typeof measure === "string" ? measure : measure.name);

export function modelMeasure(
  member: string,
  place: string,
  { catalog, binding }: ResolveContext,
  leaves: Leaves,
  previous: readonly Frame[] | null,
): OutputMeasure {
  const node = resolveMeasure(catalog, member, place);
  return {
    name: member,
    title: node.title,
    description: node.spec.description,
    format: node.format,
    better: node.spec.better ?? "up",
    type: binding.measureType(member),
    tree: leaves.tree(node),
    previous: previous && leaves.tree(node, previous),
  };
}

/** A calculation that the query names itself. */
export function calculation(
  measure: NamedCalculation,
  place: string,
  context: ResolveContext,
  leaves: Leaves,
  previous: readonly Frame[] | null,
): Omit<OutputMeasure, "type"> {
  return {
    name: measure.name,
    title: measure.title ?? measure.name,
    description: measure.formula,
    format: measure.format ?? "number",
    better: "up",
    tree: treeOf(measure, `${place}.formula`, context, leaves),
    previous: previous && treeOf(measure, `${place}.formula`, context, leaves, previous),
  };
}

export function treeOf(
  measure: AskedMeasure,
  place: string,
  { catalog }: ResolveContext,
  leaves: Leaves,
  frames: readonly Frame[] = [],
): MeasureTree {
  if (typeof measure === "string") return leaves.tree(resolveMeasure(catalog, measure, place), frames);
  const formula = parseFormula(measure.formula);
  for (const ref of measuresIn(formula)) resolveMeasure(catalog, ref, place);
  return { t: "formula", formula, parts: leaves.parts(formula, frames), fill: undefined };
}
