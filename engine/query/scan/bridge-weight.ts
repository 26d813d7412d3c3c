/**
 * The weights of bridges as one factor: exact while a product has room for their digits and the value's, else doubles.
 */
import type { ColumnType } from "../../model/column-type.ts";
import { binary, cast, type Expr } from "../../sql/tree.ts";
import type { Binding } from "../binding/binding.ts";
import type { BridgeJoin } from "./bridge-join.ts";
import { scaleOf } from "../language/exact-number.ts";

/** Digits after the point of an exact product; ten remain for those before it. */
const FINEST = 28;

const digits = (bridges: readonly BridgeJoin[], binding: Binding): number =>
  bridges.reduce(
    (sum, { role: { through } }) =>
      sum +
      (through.weight === undefined
        ? 0
        : scaleOf(binding.columns.get(through.table.toLowerCase())?.get(through.weight.toLowerCase()))),
    0,
  );

/** The factor of some bridges of a fact; null where none has weights. @param all the fact's bridges */
export function weightOf(bridges: readonly BridgeJoin[], all: readonly BridgeJoin[], binding: Binding): Expr | null {
  const weights = bridges.flatMap((bridge) => bridge.weight ?? []);
  const fine = digits(all, binding) > FINEST;
  return weights.length === 0
    ? null
    : weights.map((weight) => (fine ? cast(weight, "double") : weight)).reduce((a, b) => binary("*", a, b));
}

/**
 * Whether a value times its weights has more digits after the point than an exact product: then doubles are multiplied.
 */
export const weighsTooFinely = (
  bridges: readonly BridgeJoin[],
  physical: ColumnType | undefined,
  binding: Binding,
): boolean => bridges.some((bridge) => bridge.weight !== null) && digits(bridges, binding) + scaleOf(physical) > FINEST;
