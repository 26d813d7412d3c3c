/**
 * Numbers that do not fit where they would be exact. The warehouse reports the digits of some value; people need to
 * know the measure.
 */
import { TesseraError, phrase } from "../../errors/index.ts";
import { at, first } from "../../lookup.ts";
import type { Query } from "../../model/query.ts";
import { faultKind } from "../../warehouse/duckdb-error.ts";

/**
 * An overflow as an error that names its measure; any other error as it is.
 * @param alone asks for one measure by itself, to find the one that overflows
 */
export async function overflowed(
  error: unknown,
  measures: readonly string[],
  alone?: (measure: number) => Promise<unknown>,
): Promise<unknown> {
  const kind = faultKind(error);
  if (kind !== "overflow" && kind !== "deviation-overflow") return error;
  const found = measures.length > 1 && alone ? await culprits(measures, alone) : measures;
  const names = found.join(", ");
  const place = found.length === 1 ? { place: first(found) } : {};
  return kind === "deviation-overflow"
    ? new TesseraError("too-large", phrase`${names}: the deviation is of values that are too large, or not numbers`, {
        ...place,
        cause: error,
        remedy: 'leave such values out with `where`, or scale them: { sql: "column / 1e9" }',
      })
    : new TesseraError("too-large", phrase`${names}: the exact number has more than 38 digits`, {
        ...place,
        cause: error,
        remedy:
          'take it with fewer digits: sum({ sql: "round(column, 2)" }); or as a double, whose last digits are not ' +
          'exact: sum({ sql: "column::double" }), and a / 1 * b in a formula',
      });
}

/** The one measure that overflows alone; all of them where none does. */
async function culprits(
  measures: readonly string[],
  alone: (measure: number) => Promise<unknown>,
): Promise<readonly string[]> {
  for (const [i, name] of measures.entries()) {
    try {
      await alone(i);
    } catch (error) {
      if (error instanceof TesseraError && error.code === "too-large") return [name];
    }
  }
  return measures;
}

/** The query for one of its measures. */
export const onlyMeasure = ({ order: _o, top: _t, cursor: _c, pivot: _p, ...query }: Query, i: number): Query => ({
  ...query,
  measures: [at(query.measures, i)],
});
