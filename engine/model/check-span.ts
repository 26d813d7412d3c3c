/** What is wrong with a span of time, as a measure moves or looks back by it. */
import { didYouMean } from "../errors/index.ts";
import type { Span } from "./measure.ts";

const UNITS: readonly (keyof Span)[] = ["hours", "days", "weeks", "months", "quarters", "years"];

/** @param back a span that is looked back over: its parts are above nothing. One that is moved by may be negative @returns a message and a remedy for each fault */
export function spanFaults(span: Span, back: boolean): readonly (readonly [message: string, remedy: string])[] {
  const parts = Object.entries(span) as [string, number][];
  const faults = parts.flatMap(([unit, n]): [string, string][] => {
    if (!(UNITS as readonly string[]).includes(unit))
      return [[`unknown unit ${unit}${didYouMean(unit, UNITS)}`, `a span has ${UNITS.join(", ")}`]];
    if (!Number.isInteger(n))
      return [[`${n} ${unit} is no whole number of them`, "write whole numbers; a part of a day in hours"]];
    return back && n < 0
      ? [
          [
            `a window of ${n} ${unit} would end before it begins`,
            `write { ${unit}: ${-n} }; to move it, shift(…, { ${unit}: ${n} })`,
          ],
        ]
      : [];
  });
  if (faults.length === 0 && !parts.some(([, n]) => n !== 0))
    return [
      [
        `a span of ${parts.length === 0 ? "nothing" : parts.map(([unit, n]) => `${n} ${unit}`).join(" and ")} ${back ? "holds no day" : "moves nothing"}`,
        back ? "write for example { days: 28 }" : "write for example { months: -1 }",
      ],
    ];
  return faults;
}
