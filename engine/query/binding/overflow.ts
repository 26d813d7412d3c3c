/**
 * Numbers that do not fit where they would be exact: the engine below says which digits, a person needs to know which
 * measure.
 */
import { at, first } from "../../lookup.ts";
import { TesseraError } from "../../errors/index.ts";
import type { Query } from "../../model/query.ts";

const OVERFLOW = /^(Out of Range Error|Conversion Error: (Casting value|Type .+ with value|Failed to cast decimal))/;

/**
 * An overflow as an error that names its measure; any other error as it is.
 * @param alone asks for one measure by itself, to find which it is
 */
export async function overflowed(
  error: unknown,
  measures: readonly string[],
  alone?: (measure: number) => Promise<unknown>,
): Promise<unknown> {
  if (!isOverflow(error)) return error;
  let found = measures;
  if (measures.length > 1 && alone) {
    for (const [i, name] of measures.entries()) {
      try {
        await alone(i);
      } catch (again) {
        if (again instanceof TesseraError && again.code === "too-large") {
          found = [name];
          break;
        }
      }
    }
  }
  const names = found.join(", ");
  const spread = /STDDEV|VARIANCE/i.test((error as Error).message);
  return new TesseraError(
    "too-large",
    spread
      ? `${names}: the deviation is of values that are too large, or no numbers at all`
      : `${names}: the exact number has more digits than the warehouse can hold (38)`,
    {
      ...(found.length === 1 && { place: first(found) }),
      cause: error,
      remedy: spread
        ? 'leave such values out with `where`, or scale them: { sql: "column / 1e9" }'
        : 'take it with fewer digits: sum({ sql: "round(column, 2)" }); or as a double, where the last digits are not exact: sum({ sql: "column::double" }), and a / 1 * b in a formula',
    },
  );
}

/** The question for one of its measures. */
export const onlyMeasure = ({ order: _o, top: _t, cursor: _c, pivot: _p, ...query }: Query, i: number): Query => ({
  ...query,
  measures: [at(query.measures, i)],
});

const isOverflow = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof TesseraError) && OVERFLOW.test(error.message);
