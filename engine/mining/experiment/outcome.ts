/** The outcomes of an experiment: a sum a unit, or a ratio of two sums. */
import type { CubeNode } from "../../model/catalog.ts";
import type { Engine } from "../../query/answer/engine.ts";
import { plainSum } from "../fact-rows.ts";

/** An outcome as its sums. */
export interface Outcome {
  readonly member: string;
  readonly title: string;
  readonly above: string;
  /** null for a sum a unit */
  readonly below: string | null;
}

/** @throws TesseraError `mining-invalid` for a measure that is neither a plain sum nor a ratio of two */
export function outcomeOf(engine: Engine, cube: CubeNode, member: string): Outcome {
  const node = engine.catalog.measures.get(member);
  const formula = node?.formula;
  const sumOf = (name: string): string => {
    const full = name.includes(".") ? name : `${cube.name}.${name}`;
    return plainSum(engine, cube, full, "$.outcomes").member;
  };
  if (node && formula?.t === "binary" && formula.op === "/") {
    const { left, right } = formula;
    if (left.t === "measure" && right.t === "measure")
      return { member, title: node.title, above: sumOf(left.name), below: sumOf(right.name) };
  }
  return { member, title: plainSum(engine, cube, member, "$.outcomes").title, above: member, below: null };
}
