/** The type of a calculation that a query names itself. */
import { TesseraError } from "../../errors/index.ts";
import type { AttributeType } from "../../model/dimension.ts";
import { parseFormula } from "../../model/parse-formula.ts";
import { typeOf } from "../../model/formula-type.ts";
import { asAttributeType, asFormulaType } from "../../model/measure-type.ts";
import type { Binding } from "./binding.ts";

/** @throws TesseraError `formula-invalid` where it does not parse, or an operator has the wrong types */
export function calculationType(source: string, binding: Binding, place: string): AttributeType {
  try {
    return asAttributeType(
      typeOf(parseFormula(source), source, (member) => asFormulaType(binding.measureType(member))),
    );
  } catch (error) {
    throw error instanceof TesseraError && error.place === source
      ? new TesseraError(error.code, error.message, { place, ...(error.remedy && { remedy: error.remedy }) })
      : error;
  }
}
