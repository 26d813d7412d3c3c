/** What measures aggregate, checked against the columns of the warehouse. */
import { TesseraError, phrase } from "../../errors/index.ts";
import { AGGREGATES } from "../../model/aggregates.ts";
import { typeInWords, type ColumnType } from "../../model/column-type.ts";
import type { CubeNode } from "../../model/catalog.ts";
import type { Argument } from "../../model/measure.ts";
import type { Binding } from "../binding/binding.ts";
import { checkColumn } from "../binding/check-column.ts";
import { tableOf } from "../binding/owner.ts";
import type { Leaf } from "./nodes.ts";

/** @throws TesseraError `model-invalid` where a measure's column is missing or holds no numbers */
export function checkArguments(leaf: Leaf, cube: CubeNode, binding: Binding): void {
  const { measure, member } = leaf;
  if (measure.kind === "nested" || measure.kind === "conversion") return;
  const { of } = measure;
  if (of === undefined) return;
  for (const argument of [of, ...(measure.kind === "semi_additive" ? (measure.per ?? []) : [])])
    checkArgument(argument, member, cube, binding);
  const { named: what, takes } =
    measure.kind === "semi_additive" ? { ...AGGREGATES.sum, named: "a sum at a date" } : AGGREGATES[measure.aggregate];
  const physical = binding.argumentType(cube, of);
  if (takes === "anything" || physical === undefined || isNumeric(physical, takes)) return;
  throw new TesseraError(
    "model-invalid",
    phrase`${member} is ${what} of ${named(of)}, which is ${typeInWords(physical)}`,
    {
      place: member,
      remedy: 'take it of a column of numbers, count it, or convert it: { sql: "…::decimal(14,2)" }',
    },
  );
}

/** A truth value sums to a count, and has no average. Spans of time add up too. */
function isNumeric(type: ColumnType, takes: "numbers" | "numbers_and_truth"): boolean {
  if (type.t === "boolean") return takes !== "numbers";
  if (type.t === "other") return type.name === "interval";
  return type.t === "integer" || type.t === "decimal" || type.t === "double";
}

function checkArgument(argument: Argument, member: string, cube: CubeNode, binding: Binding): void {
  const table = tableOf("cube", cube.spec);
  if (!binding.hasTable(table) || binding.argumentType(cube, argument) !== undefined || argument === "rowid") return;
  if (typeof argument === "string") return checkColumn(binding, table, argument, member, member);
  throw new TesseraError(
    "model-invalid",
    phrase`${member} takes ${named(argument)}, which cannot be read from ${table}`,
    {
      place: member,
      remedy: "write it in the warehouse's SQL, over the columns of the cube's own table",
    },
  );
}

const named = (argument: Argument): string => (typeof argument === "string" ? argument : JSON.stringify(argument.sql));
