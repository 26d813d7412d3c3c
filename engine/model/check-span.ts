/** Checks of spans of time, by which measures move or look back. */
import { didYouMean, phrase, type Sentence } from "../errors/index.ts";
import type { Span } from "./measure.ts";

const UNITS: readonly (keyof Span)[] = ["hours", "days", "weeks", "months", "quarters", "years"];

/** A message and a remedy. */
export type Fault = readonly [message: Sentence, remedy: Sentence];

/** What is wrong with a span. @param back the span is looked back over, so none of its parts is negative */
export function spanFaults(span: Span, back: boolean): readonly Fault[] {
  const parts = Object.entries(span);
  const faults = parts.flatMap(([unit, n]) => partFault(unit, n, back));
  if (faults.length > 0 || parts.some(([, n]) => n !== 0)) return faults;
  const text = parts.length === 0 ? "nothing" : parts.map(([unit, n]) => `${n} ${unit}`).join(" and ");
  return back
    ? [[phrase`a span of ${text} holds no day`, "write for example { days: 28 }"]]
    : [[phrase`a span of ${text} moves nothing`, "write for example { months: -1 }"]];
}

function partFault(unit: string, n: number, back: boolean): readonly Fault[] {
  if (!UNITS.some((known) => known === unit))
    return [[phrase`unit "${unit}" not found${didYouMean(unit, UNITS)}`, phrase`a span has ${UNITS.join(", ")}`]];
  if (!Number.isInteger(n))
    return [[phrase`${unit} is a whole number; got ${n}`, "write whole numbers; a part of a day in hours"]];
  if (!back || n >= 0) return [];
  return [
    [
      phrase`a window of ${n} ${unit} would end before it begins`,
      phrase`write { ${unit}: ${-n} }; to move the window, use shift(…, { ${unit}: ${n} })`,
    ],
  ];
}
