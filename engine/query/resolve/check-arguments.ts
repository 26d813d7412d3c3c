/** What measures aggregate, checked against the columns of the warehouse. */
import { TesseraError, phrase } from "../../errors/index.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { Argument } from "../../model/measure.ts";
import { type Binding, ownerOfSql } from "../binding/binding.ts";
import type { Leaf } from "./nodes.ts";
import { checkColumn } from "../binding/check-column.ts";

/** What sums, averages, middles and deviations cannot be taken of. */
const NO_NUMBERS = /^(VARCHAR|DATE|TIME|TIMESTAMP|UUID|BLOB|ENUM|JSON|BIT|STRUCT|MAP)|\[\d*\]$/;

/** @throws TesseraError `model-invalid` where there is no such column, or it holds no numbers */
export function checkArguments(leaf: Leaf, cube: CubeNode, binding: Binding): void {
  const { measure } = leaf;
  if (measure.kind === "nested" || measure.kind === "conversion") return;
  for (const argument of measure.kind === "semi_additive"
    ? [measure.of, ...(measure.per ?? [])]
    : measure.of !== undefined
      ? [measure.of]
      : [])
    checkArgument(argument, leaf.member, cube, binding);
  const numbers =
    measure.kind === "semi_additive" || ["sum", "avg", "median", "quantile", "stddev"].includes(measure.aggregate);
  const physical = numbers ? binding.argumentType(cube, measure.of!) : undefined;
  if (
    physical === undefined ||
    !(
      NO_NUMBERS.test(physical) ||
      (physical === "BOOLEAN" && measure.kind === "aggregate" && measure.aggregate === "avg")
    )
  )
    return;
  const what =
    measure.kind === "semi_additive"
      ? `a sum at a date`
      : measure.aggregate === "sum"
        ? "a sum"
        : measure.aggregate === "avg"
          ? "an average"
          : measure.aggregate === "stddev"
            ? "a deviation"
            : `a ${measure.aggregate}`;
  throw new TesseraError(
    "model-invalid",
    phrase`${leaf.member} is ${what} of ${named(measure.of!)}, which is ${physical}`,
    {
      place: leaf.member,
      remedy: 'take it of a column of numbers, count it, or convert it: { sql: "…::decimal(14,2)" }',
    },
  );
}

function checkArgument(argument: Argument, member: string, cube: CubeNode, binding: Binding): void {
  const table = cube.spec.table ?? ownerOfSql("cube", cube.name);
  if (!binding.hasTable(table) || binding.argumentType(cube, argument) !== undefined || argument === "rowid") return;
  if (typeof argument === "string") checkColumn(binding, table, argument, member, member);
  else
    throw new TesseraError(
      "model-invalid",
      phrase`${member} takes ${named(argument)}, which cannot be read from ${table}`,
      {
        place: member,
        remedy: "write it as the warehouse would read it, over the columns of the cube's own table",
      },
    );
}

const named = (argument: Argument): string => (typeof argument === "string" ? argument : JSON.stringify(argument.sql));
